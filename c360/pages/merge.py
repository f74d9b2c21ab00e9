"""The merge wizard, and the page that takes a merge apart."""

from typing import Any

import reflex as rx

from c360.components import merge_plan, merge_view
from c360.components.changes_tab import left_alone
from c360.components.kit import E, button, card, empty_state, keys, link_button, notice, skeleton
from c360.components.merge_plan import foot, wait_button
from c360.components.wraps.hotkeys import Hotkey
from c360.components.wraps.i18n import tr
from c360.components.wraps.merge_grid import merge_grid
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.merge import STEPS
from c360.state.merge import MergeWizard as Wizard
from c360.state.unmerge import UnmergePage

DIGITS = "123456789"
SHORTCUTS: tuple[Hotkey, ...] = (
    {"id": "on", "keys": "mod+enter", "label": tr("wizard.key.on")},
    {"id": "1", "keys": "1", "label": tr("wizard.key.digit")},
    *({"id": digit, "keys": digit} for digit in DIGITS[1:]),
)


def wizard() -> rx.Component:
    """Return the wizard: its steps, the one at hand, and the ways on and back."""
    step = Wizard.step
    shown = rx.match(
        step,
        ("fields", _fields()),
        ("related", _related()),
        ("plan", _plan()),
        ("done", _done()),
        _survivor(),
    )
    work = E.div(shown, class_name="mwork", id="merge-work", tab_index=-1, role="region", aria_label=tr("wizard.title"))
    body = rx.fragment(merge_view.stepper(STEPS, step), work, rx.cond(step != "done", _foot()))
    refused = E.div(
        empty_state(
            "git-merge",
            tr("wizard.refused"),
            Wizard.problem,
            link_button(tr("wizard.contacts"), href="/contacts"),
            link_button(tr("wizard.accounts"), href="/accounts"),
        ),
        class_name="page pad",
        role="alert",
    )
    waiting = E.div(card(skeleton("40%", "90%", "80%", "85%")), class_name="page pad", aria_busy=True)
    return frame(
        E.div(
            rx.cond(Wizard.ready, rx.cond(Wizard.problem != "", refused, body), waiting),
            class_name="page",
        ),
        active="customer",
        title=tr("wizard.title"),
        shortcuts=SHORTCUTS,
        on_shortcut=Wizard.press,
    )


def _survivor() -> rx.Component:
    return card(
        E.p(tr("wizard.survivor.text"), class_name="mut"),
        merge_view.survivors(Wizard.sides, Wizard.survivor, Wizard.reason, Wizard.proposed, Wizard.stay),
        title=tr("wizard.step.survivor"),
    )


def _fields() -> rx.Component:
    counts = Wizard.counts
    told = [tr(f"wizard.count.{group}", n=counts[group]) for group in ("conflict", "filled", "equal")]
    return rx.fragment(
        E.div(
            E.h2(told[0], ", ", told[1], ", ", told[2], class_name="h2"),
            E.span(tr("wizard.grid.keys"), class_name="mut hide-s"),
            class_name="row wrap gap12",
        ),
        merge_grid(
            records=Wizard.sides,
            survivor=Wizard.survivor,
            fields=Wizard.fields,
            picks=Wizard.picks,
            on_pick=Wizard.pick,
            on_column=Wizard.take_all,
            on_survivor=Wizard.stay,
        ),
        merge_view.recipes(Wizard),
    )


def _related() -> rx.Component:
    nothing = E.p(tr("wizard.related.none"), class_name="mut")
    table = merge_view.related(Wizard.kinds, Wizard.sides, Wizard.how, Wizard.treat)
    return card(
        E.p(tr("wizard.related.text"), class_name="mut"),
        rx.cond(Wizard.kinds.length() > 0, table, nothing),
        title=tr("wizard.step.related"),
    )


def _plan() -> rx.Component:
    return rx.fragment(
        merge_plan.meanwhile(Wizard.since),
        merge_plan.second(Wizard.second),
        merge_plan.doubts(Wizard.questions, Wizard.confirmed, Wizard.confirm),
        merge_plan.permissions(Wizard.permissions),
        merge_plan.plan(Wizard.moved, Wizard.outcome, Wizard.touched),
    )


def _done() -> rx.Component:
    name = Wizard.survivor_name
    profile = "/" + Wizard.entity + "/" + Wizard.survivor + "/summary"
    undo, path = "/unmerge/" + Wizard.change_set, "/" + Wizard.entity + "s"
    merged = merge_plan.done(Wizard.sides.length(), name, profile, undo, path)
    under_way = merge_plan.under_way(Wizard.started, Wizard.touched, path)
    asked = merge_plan.asked(Wizard.second, path)
    return rx.cond(Wizard.running != "", under_way, rx.cond(Wizard.asked, asked, merged))


def _foot() -> rx.Component:
    count = Wizard.sides.length()
    on: Any = rx.cond(
        Wizard.step == "plan",
        wait_button(
            rx.cond(Wizard.second != "", tr("wizard.second.go"), tr("wizard.go", n=count)),
            Wizard.busy,
            Wizard.open_doubts > 0,
            ic="git-merge",
            on_click=Wizard.commit,
        ),
        wait_button(tr("wizard.go_on"), Wizard.busy, on_click=Wizard.forth),
    )
    back = button(tr("wizard.back"), on_click=Wizard.back, disabled=Wizard.busy)
    return foot(Wizard.refused, rx.cond(Wizard.step != "survivor", back), keys("Ctrl", "↵"), on)


def unmerge() -> rx.Component:
    """Return the page that takes a merge apart."""
    page = UnmergePage
    go = wait_button(tr("unmerge.go"), page.busy, ic="undo-2", on_click=page.unmerge)
    asked = E.div(
        merge_plan.sure(page.people, page.touched, page.blocked),
        merge_plan.clashes(page.clashes, page.answers, page.answer),
        merge_plan.newcomers(page.fresh, page.people, page.owners, page.assign),
        rx.cond(page.refused != "", notice(page.refused, kind="red")),
        rx.cond(page.blocked == "", E.div(go, keys("Ctrl", "↵"), class_name="row gap8")),
        class_name="mwork",
    )
    over = E.div(merge_plan.apart(page.people, page.restored, left_alone(page.kept)), class_name="page pad")
    problem = E.div(notice(page.problem, kind="red"), class_name="page pad", role="alert")
    waiting = E.div(card(skeleton("40%", "90%", "80%")), class_name="page pad", aria_busy=True)
    shown = rx.cond(page.problem != "", problem, rx.cond(page.done, over, asked))
    return frame(
        E.div(rx.cond(page.ready, shown, waiting), class_name="page"),
        active="customer",
        title=tr("unmerge.title"),
        shortcuts=({"id": "on", "keys": "mod+enter", "label": tr("unmerge.go")},),
        on_shortcut=page.press,
    )


ROUTES = [
    Route("/merge", wizard, "wizard.title", [*LOADS, Wizard.load]),
    Route("/unmerge/[merge_id]", unmerge, "unmerge.title", [*LOADS, UnmergePage.load]),
]
