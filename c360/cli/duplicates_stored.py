"""Duplicates among the customers: `duplicates scan`, `list`, `dismiss`, `dismissed`, `revoke`."""

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from c360.cli.duplicates_match import Of
from c360.cli.files import As, actor_named
from c360.cli.output import AsJson, answer, err, table
from c360.core.actor import Actor
from c360.services.duplicates import reviewing, running, verdicts
from c360.services.duplicates.matching_files import HEADINGS
from c360.services.uow import ask, perform

Kind = Annotated[Of, typer.Option(help="Which customers.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("list")(list_)
    for command in (scan, dismiss, dismissed, revoke):
        app.command()(command)


def scan(
    entity: Kind = Of.CONTACT,
    incremental: Annotated[bool, typer.Option(help="Only what changed since the last search.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where to write the pairs, as CSV.")] = None,
    as_user: As = "",
    as_json: AsJson = False,
) -> None:
    """Compare all customers of a kind with each other and keep what is found; what was told apart stays apart."""
    actor = actor_named(as_user)
    with err.status("Comparing …") as status:
        done = running.at_once(actor, entity.value, changed=incremental, tell=lambda text: status.update(text))
    _show(actor, entity.value, out, as_json, done)


def list_(
    entity: Kind = Of.CONTACT,
    out: Annotated[Path | None, typer.Option(help="Where to write the pairs, as CSV.")] = None,
    as_user: As = "",
    as_json: AsJson = False,
) -> None:
    """Show the groups that wait for a decision, the surest and most valuable first."""
    _show(actor_named(as_user), entity.value, out, as_json, {})


def _show(actor: Actor, entity: str, out: Path | None, as_json: bool, done: dict[str, Any]) -> None:
    groups = list(reviewing.every(actor, entity))
    rows = [(p.left_id, p.right_id, f"{p.score:.4f}", p.why) for group in groups for p in group.pairs]
    if out:
        with out.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows])
    told = {**done, "groups": [asdict(group) for group in groups]}
    said = f"{len(groups)} groups, {len(rows)} pairs"
    if done:
        said = f"{done.get('customers', 0)} customers compared: {said} wait"
    answer(told, as_json, said)
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
