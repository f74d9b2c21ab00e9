"""Merge census and privacy classes: complete, and a gap stops the start."""

import subprocess
import sys

import pytest

from c360.models import census
from c360.models.census import assert_complete, gaps
from tests.architecture.source import ROOT


@pytest.mark.feature("BEY-1")
def test_every_column_has_its_class_and_every_reference_its_policy():
    assert gaps() == []
    assert_complete()
    assert len(list(census.tables())) > 20


BROKEN = """
from typing import Annotated
from uuid import UUID
from sqlmodel import Field, SQLModel
import c360.models
from c360.models.census import assert_complete
from c360.registry.marks import OnMerge, Privacy
class Stray(SQLModel, table=True):
    id: Annotated[int, Privacy.PLAIN] = Field(primary_key=True)
    {column}
try:
    assert_complete()
except RuntimeError as error:
    print(error)
"""


@pytest.mark.feature("BEY-1", "R40")
@pytest.mark.parametrize(
    ("column", "gap"),
    [
        ("note: str = ''", "stray.note: privacy class"),
        (
            "customer_id: Annotated[UUID, Privacy.PLAIN] = Field(foreign_key='customer.id')",
            "stray.customer_id: merge policy",
        ),
        ("payer_id: Annotated[UUID, Privacy.PLAIN] = Field(foreign_key='customer.id')", "stray.payer_id: merge policy"),
        ("customer_id: Annotated[UUID, Privacy.PLAIN] = Field()", "stray.customer_id: merge policy"),
    ],
)
def test_a_gap_stops_the_start(column, gap):
    code = BROKEN.format(column=column)
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert gap in told.stdout
