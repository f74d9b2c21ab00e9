"""The dialog in which a rule for duplicates is made: its conditions, for whom it holds, where it is asked."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog, error_of, text_input
from c360.components.kit import E, field
from c360.components.wraps.i18n import num, tr
from c360.components.wraps.records import criteria_field
from c360.matching.rule import MOST_CONDITIONS
from c360.pages.admin.duplicate_doors import asked_at
from c360.services.duplicates.rule_book import Level
from c360.services.duplicates.scoping import OWN
from c360.state.admin_duplicates import DuplicateRules

STATE: Any = DuplicateRules


def holds_for(told: Any) -> rx.Component:
    """Return for whom a rule holds and how many that are; nothing where it holds for everybody."""
    count = tr("admin.dups.scope.inside", inside=num(told.inside), of=num(told.of))
    said = E.div(tr("admin.dups.scope.only", said=told.said), " ", E.span(count, class_name="num"), class_name="mut")
    broken = E.div(told.said, class_name="warn-text")
    return rx.cond(told.said != "", rx.cond(told.broken, broken, said))


def rule_dialog() -> rx.Component:
    """Return the dialog."""
    error = error_of(STATE, "duplicates")
    return dialog(
        tr("admin.dups.rule"),
        tr("admin.dups.rule.lead"),
        field(
            tr("admin.dups.name"),
            text_input("rule-name", STATE.rule_name, error, name="name", max_length=100, auto_focus=True),
            id="rule-name",
            error=error,
            needed=True,
        ),
        E.fieldset(
            E.legend(tr("admin.dups.conditions"), class_name="lbl"),
            E.div(*[_condition(n) for n in range(MOST_CONDITIONS)], class_name="col gap8"),
            class_name="group",
        ),
        _scope(),
        asked_at(),
        open=STATE.dialog == "rule",
        on_submit=STATE.keep_rule,
        on_close=STATE.close,
        wide=True,
    )


def _condition(n: int) -> rx.Component:
    groups = rx.foreach(
        STATE.fields,
        lambda one: E.optgroup(rx.foreach(one.levels, lambda level: _option(level)), label=one.label, key=one.name),
    )
    return E.select(
        E.option(tr("admin.dups.condition.none"), value=""),
        rx.fragment(groups),
        name=f"if-{n}",
        default_value=STATE.conditions[n],
        class_name="inp",
        aria_label=tr("admin.dups.condition", n=n + 1),
    )


def _option(level: Level) -> rx.Component:
    return E.option(level.label, value=level.value, key=level.value)


def _scope() -> rx.Component:
    error, told = error_of(STATE, "scope"), STATE.holds
    return E.fieldset(
        E.legend(tr("admin.dups.scope"), class_name="lbl"),
        E.p(tr("admin.dups.scope.hint"), class_name="mut"),
        criteria_field(
            name="scope", entity=STATE.which, value=STATE.scope, without=[OWN], on_pause=STATE.look_at_scope
        ),
        E.div(
            rx.cond(told.said != "", holds_for(told), E.span(tr("admin.dups.scope.all"), class_name="mut")),
            role="status",
        ),
        rx.cond(error != "", E.div(error, class_name="err", role="alert")),
        class_name="group",
    )
