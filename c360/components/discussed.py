"""The products discussed in an activity: a talk a customer, each product with what was said of it, in its order."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon, link_button
from c360.components.related_table import chip, value_of
from c360.components.wraps.i18n import tr
from c360.services.discussed import KEY
from c360.services.talks import Discussed, Talk


def discussed_card(state: Any, *, line: Any, on_add: Any, on_edit: Any) -> rx.Component:
    """Return the card; ``state`` holds the talks, ``line`` is the activity they belong to."""
    many = state.talks.length() > 1
    can = line.may_edit & ~state.unlisted & ~line.still
    everybody = rx.cond(many, tr("product.add.all"), tr("product.add"))
    add = button(everybody, ic="plus", kind="gh", on_click=on_add(line.id, ""))
    keep = link_button(tr("product.keep"), href="/admin/lists/product", ic="list", kind="gh")
    closed = E.div(
        E.p(icon("lock", 12), tr("activity.closed"), class_name="hintline grow"),
        button(tr("activity.reopen"), ic="rotate-ccw", kind="gh", on_click=state.reopen(line.id)),
        class_name="row",
    )
    none_kept = E.div(E.p(tr("product.none_kept"), class_name="mut grow"), rx.cond(state.lists, keep), class_name="row")

    def talk(one: Talk) -> rx.Component:
        alone = button(
            ic="plus", kind="gh", aria=tr("product.add.one", name=one.name), on_click=on_add(line.id, one.customer_id)
        )
        head = E.div(E.h3(one.name, class_name="h3 grow"), rx.cond(can, alone), class_name="row")
        listed = E.ol(
            rx.foreach(one.lines, lambda said, n: _line(said, n, state, on_edit)),
            class_name="talk",
            aria_label=one.name,
        )
        nothing = E.p(tr("product.nothing"), class_name="mut")
        return E.div(
            rx.cond(many, head),
            rx.cond(one.lines.length() > 0, listed, nothing),  # pyright: ignore[reportAttributeAccessIssue]
            key=one.customer_id,
            class_name="talk-with",
        )

    return E.section(
        E.div(E.h2(tr("product.discussed"), class_name="h2"), rx.cond(can, add), class_name="cardh"),
        rx.cond(state.unlisted, none_kept),
        rx.cond(line.still & line.may_edit, closed),
        rx.foreach(state.talks, talk),
        class_name="card act-card",
        aria_label=tr("product.discussed"),
    )


def _line(said: Discussed, n: Any, state: Any, on_edit: Any) -> rx.Component:
    about = rx.foreach(
        said.facts,
        lambda fact: E.div(E.dt(fact.label), E.dd(value_of(fact, "")), key=fact.name, class_name=f"kv k-{fact.kind}"),
    )
    acts = E.div(
        button(ic="arrow-up", kind="gh", aria=tr("product.up", name=said.product), disabled=said.first,
               on_click=state.move_product(said.id, -1)),
        button(ic="arrow-down", kind="gh", aria=tr("product.down", name=said.product), disabled=said.last,
               on_click=state.move_product(said.id, 1)),
        button(ic="pencil", kind="gh", aria=tr("profile.edit.line", name=said.product),
               on_click=on_edit(KEY, said.id, "")),
        button(ic="archive", kind="gh", aria=tr("profile.remove.line", name=said.product),
               on_click=state.drop_product(said.id)),
        class_name="row lacts",
    )  # fmt: skip
    head = E.div(
        E.span(said.product, class_name="lt"),
        E.span(rx.foreach(said.chips, chip), class_name="chips"),
        class_name="row lhead",
    )
    return E.li(
        E.span(n + 1, class_name="lico num", aria_hidden=True),
        E.div(head, E.dl(about, class_name="said"), class_name="col grow"),
        rx.cond(said.may_edit, acts),
        key=said.id,
        class_name="line",
    )
