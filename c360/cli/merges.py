"""Merging on the command line: `merge` and `unmerge`."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer

from c360.cli.files import As, actor_named
from c360.cli.output import AsJson, answer, err, fail, table
from c360.services.merging import aliases, planning, unmerging
from c360.services.merging.shapes import PUT_BACK, Answers, Choices, Plan, Unmerging
from c360.services.uow import ask, perform

Losers = Annotated[list[UUID], typer.Argument(help="The records that fold into it.")]
Pick = Annotated[list[str] | None, typer.Option(
    "--pick", help="FIELD=of:ID, FIELD=by:newest|oldest|longest|append|union|min|max|sum, FIELD=typed:TEXT."
)]  # fmt: skip
Replace = Annotated[
    list[str] | None, typer.Option("--replace", help="KIND=ID: that record's rows replace the others'.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Confirm what would be asked.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Show what would happen and keep nothing.")]
Former = Annotated[bool, typer.Option("--put-back", help="Put values back that somebody changed since.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(merge)
    app.command()(unmerge)


def merge(
    survivor: Annotated[UUID, typer.Argument(help="The record that stays.")], losers: Losers, pick: Pick = None,
    replace: Replace = None, yes: Yes = False, dry_run: Dry = False, as_user: As = "", as_json: AsJson = False,
) -> None:  # fmt: skip
    """Merge records into one; `unmerge` undoes it."""
    actor = actor_named(as_user)
    led = ask(actor, aliases.follow, [survivor, *losers])
    for old, alias in led.items():
        err.print(f"{old} was merged into {alias.survivor} ({alias.survivor_id}), which stands for it.")
    ids = [led[one].survivor_id if one in led else one for one in (survivor, *losers)]
    choices = Choices(ids[0], _pairs(pick), _pairs(replace))
    plan = perform(actor, planning.plan, ids, choices)
    if dry_run:
        answer(asdict(plan), as_json, f"{plan.rows} rows would change (nothing was kept)")
        if not as_json:
            _show(plan)
        return
    if plan.questions and not yes:
        raise fail("\n".join([*(f"· {one.text}" for one in plan.questions), "Confirm with --yes."]))
    asked = frozenset(one.key for one in plan.questions)
    choices = Choices(ids[0], choices.fields, choices.collections, asked)
    done = perform(actor, planning.commit, ids, choices, plan.fingerprint)
    answer(asdict(done), as_json, f"Merged into {done.survivor_id}: {done.rows} rows, change set {done.set_id}")


def unmerge(
    change_set: Annotated[UUID, typer.Argument(help="The change set of the merge.")], put_back: Former = False,
    dry_run: Dry = False, as_user: As = "", as_json: AsJson = False,
) -> None:  # fmt: skip
    """Undo a merge. What somebody changed since stays as it is, unless it is to be put back."""
    actor = actor_named(as_user)
    found = ask(actor, unmerging.look, change_set)
    if dry_run:
        answer(asdict(found), as_json, found.blocked or f"{len(found.losers)} records would come back")
        if not as_json:
            _changed(found)
        return
    answers = Answers(dict.fromkeys([one.key for one in found.clashes], PUT_BACK)) if put_back else Answers()
    done = perform(actor, unmerging.unmerge, change_set, answers)
    line = f"{done.restored} rows as they were, {done.kept} left as they are now, change set {done.set_id}"
    answer(asdict(done), as_json, line)
    if not as_json:
        _changed(found)


def _pairs(given: list[str] | None) -> dict[str, str]:
    found = {}
    for one in given or []:
        name, _, value = one.partition("=")
        if not value:
            raise fail(f"{one}: write NAME=VALUE.", 2)
        found[name] = value
    return found


def _show(plan: Plan) -> None:
    rows: list[tuple[Any, ...]] = [
        (one.label, one.moved, one.collapsed, one.replaced, one.dropped) for one in plan.moved
    ]
    table(("what", "moved", "twins", "replaced", "dropped"), rows)
    table(("field", "now", "then"), [(one.label, one.before, one.after) for one in plan.results])
    for one in plan.questions:
        answer(None, False, f"To confirm: {one.text}")


def _changed(found: Unmerging) -> None:
    if found.clashes:
        rows = [(one.label, one.field, one.before, one.merged, one.now) for one in found.clashes]
        table(("record", "field", "before", "merged", "now"), rows)
