"""Duplicates among the customers: `duplicates scan`, `dismiss`, `dismissed`, `revoke`."""

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from c360.cli.duplicates_match import Least, Of
from c360.cli.files import As, actor_named
from c360.cli.output import AsJson, answer, err, table
from c360.services.duplicates import scan as scanning
from c360.services.duplicates import verdicts
from c360.services.duplicates.matching_files import HEADINGS
from c360.services.uow import ask, perform

Kind = Annotated[Of, typer.Option(help="Which customers.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (scan, dismiss, dismissed, revoke):
        app.command()(command)


def scan(
    entity: Kind = Of.CONTACT,
    out: Annotated[Path | None, typer.Option(help="Where to write the pairs, as CSV.")] = None,
    threshold: Least = 0.5,
    as_user: As = "",
    as_json: AsJson = False,
) -> None:
    """Compare all customers of a kind with each other; what was told apart stays apart."""
    with err.status("Comparing …") as status:
        found = scanning.scan(
            actor_named(as_user), entity.value, threshold, step=lambda name: status.update(f"Comparing: {name} …")
        )
    rows = [(p.left_id, p.right_id, f"{p.score:.4f}", p.why) for p in found.pairs]
    if out:
        with out.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows])
    told = {"customers": found.customers, "groups": found.groups, "pairs": [asdict(pair) for pair in found.pairs]}
    answer(
        told, as_json, f"{found.customers} customers, {len(found.groups)} groups, {len(found.pairs)} pairs",
    )  # fmt: skip
    if not as_json and not out:
        table(HEADINGS, rows[:50])


def dismiss(
    one: UUID, other: UUID,
    reason: Annotated[str, typer.Option(help="Why they are two.")],
    entity: Kind = Of.CONTACT, as_user: As = "", as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell two customers apart; they come back when a compared field makes them more alike."""
    verdict = perform(actor_named(as_user), verdicts.dismiss, entity.value, one, other, reason)
    answer({"id": verdict}, as_json, f"They are two: {verdict}")


def dismissed(as_user: As = "", as_json: AsJson = False) -> None:
    """Show who was told apart, by whom and why."""
    found = ask(actor_named(as_user), verdicts.standing)
    if as_json:
        answer([asdict(verdict) for verdict in found], as_json)
    else:
        table(("id", "one", "other", "why", "when"), [(v.id, v.left, v.right, v.reason, v.at.date()) for v in found])


def revoke(verdict: UUID, as_user: As = "", as_json: AsJson = False) -> None:
    """Take a verdict back."""
    perform(actor_named(as_user), verdicts.revoke, verdict)
    answer({"id": verdict}, as_json, "They may be found again.")
