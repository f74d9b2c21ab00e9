"""The page of one activity: what it is, with whom, and what can be done to it."""

import reflex as rx

from c360.components.activity_list import activity_facts, buttons_of, kind_icon
from c360.components.attachments_tab import attachments_tab
from c360.components.discussed import discussed_card
from c360.components.edit_form import edit_form
from c360.components.kit import E, breadcrumb, button, empty_state, link_button, skeleton
from c360.components.wraps.i18n import tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.services.activity_lines import ActivityLine
from c360.state.activity_page import ActivityPage
from c360.state.attachments import AttachmentsTab
from c360.state.form import FormState


def activity() -> rx.Component:
    """Return the page."""
    waiting = E.div(skeleton("40%", "60%", "30%", height=16), class_name="page pad")
    back = link_button(tr("activity.to_day"), href="/day", ic="arrow-left", kind="pri")
    missing = E.div(empty_state("search-x", tr("activity.missing"), ActivityPage.problem, back), role="alert")
    shown = rx.foreach(ActivityPage.lines, _card)
    whole = E.div(
        shown,
        rx.foreach(ActivityPage.lines, _products),
        attachments_tab(AttachmentsTab),
        class_name="fpage col gap12",
    )
    body = rx.cond(FormState.open, E.div(edit_form(FormState), class_name="fpage"), whole)
    found = rx.cond(ActivityPage.lines.length() > 0, E.div(body, class_name="pbody"), waiting)
    return frame(
        E.div(rx.cond(ActivityPage.problem != "", missing, found), class_name="page"),
        active="day",
        title=breadcrumb((tr("shell.day"), "/day"), (tr("entity.activity"), None)),
    )


def _card(line: ActivityLine) -> rx.Component:
    head = E.div(
        E.span(kind_icon(line.kind, 18), class_name="lico"),
        E.h1(line.subject, class_name="h1 grow"),
        rx.cond(
            line.may_edit,
            button(tr("profile.edit"), ic="pencil", on_click=FormState.edit("activity", line.id, "")),
        ),
        buttons_of(line, ActivityPage),
        class_name="row act-title",
    )
    return E.article(head, activity_facts(line, ActivityPage), key=line.id, class_name="card act-card")


def _products(line: ActivityLine) -> rx.Component:
    card = discussed_card(ActivityPage, line=line, on_add=FormState.discuss, on_edit=FormState.edit)
    return rx.cond(ActivityPage.talks.length() > 0, card)  # pyright: ignore[reportAttributeAccessIssue]


ON_LOAD = [*LOADS, FormState.cancel, ActivityPage.load, AttachmentsTab.load]
ROUTES = [Route("/activity/[record_id]", activity, "entity.activity", ON_LOAD)]
