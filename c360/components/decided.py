"""What a merge decided, under its entry in the history."""

from typing import Any

import reflex as rx

from c360.components.kit import E
from c360.components.wraps.i18n import tr
from c360.services.merging.decisions import Decision


def decided(merge: Any) -> rx.Component:
    """Return who folded into whom and why, and of each field what was kept, by which rule, and what was rejected."""

    def line(one: Decision) -> rx.Component:
        kept = rx.cond(one.kept != "", E.ins(one.kept, class_name="new"), E.span("–", class_name="dim"))
        others: Any = rx.foreach(one.rejected, lambda said: E.li(E.del_(said, class_name="old")))
        return E.tr(E.th(one.label, scope="row"), E.td(kept), E.td(one.how), E.td(E.ul(others, class_name="plain")),
                    key=one.name)  # fmt: skip

    heads = ("field", "kept", "rule", "rejected")
    head = E.tr(*[E.th(tr(f"decided.{one}"), scope="col") for one in heads])
    table = E.table(E.thead(head), E.tbody(rx.foreach(merge.decisions, line)), class_name="plain-table")
    wide = E.div(table, class_name="wide", tab_index=0, role="region", aria_label=tr("decided.title"))
    return E.div(
        E.p(tr("decided.who", losers=merge.losers, survivor=merge.survivor)),
        rx.foreach(merge.suggested, lambda said: E.p(said, class_name="mut")),
        rx.cond(merge.decisions.length() > 0, wide, E.p(tr("decided.nothing"), class_name="mut")),
        class_name="col gap8",
    )
