"""Every table, imported once so that metadata and registry are complete."""

from c360.models import (
    address,
    attachment,
    bank_account,
    choice,
    communication,
    consent,
    contact_person,
    custom_field,
    customer,
    employment,
    external_reference,
    job,
    journal,
    request,
    search,
    tag,
    user,
    view,
)
from c360.models.census import assert_complete

assert_complete()

__all__ = [
    "address",
    "attachment",
    "bank_account",
    "choice",
    "communication",
    "consent",
    "contact_person",
    "custom_field",
    "customer",
    "employment",
    "external_reference",
    "job",
    "journal",
    "request",
    "search",
    "tag",
    "user",
    "view",
]
