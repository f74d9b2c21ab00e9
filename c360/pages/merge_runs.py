"""What was merged together, run by run, with the undo of each."""

from typing import Any

import reflex as rx

from c360.components import sure_merges
from c360.components.change_list import waiting
from c360.components.kit import E, empty_state, link_button
from c360.components.wraps.i18n import tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.services.duplicates.runs import Run
from c360.services.duplicates.sure import PLACE
from c360.state.sure_merges import SureMerges

STATE: Any = SureMerges


def runs() -> rx.Component:
    """Return the page."""

    def card(run: Run) -> rx.Component:
        return sure_merges.run_card(
            run, STATE.chosen, STATE.made, STATE.running != "", on_show=STATE.show, on_undo=STATE.undo
        )

    nothing = empty_state("git-merge", tr("runs.none"), tr("runs.none.text"))
    listed = E.ol(rx.foreach(STATE.runs, card), class_name="dup-groups", aria_label=tr("runs.title"))
    tools = E.div(
        link_button(tr("requests.queue"), href="/duplicates", ic="arrow-left"),
        sure_merges.starter(STATE),
        sure_merges.under_way(STATE),
        class_name="row wrap gap12",
    )
    body = E.div(tools, rx.cond(STATE.runs.length() > 0, listed, nothing), class_name="col gap12")
    return frame(
        E.div(rx.cond(STATE.ready, body, waiting()), sure_merges.question(STATE), class_name="page pad dups"),
        active="duplicates",
        title=tr("runs.title"),
    )


ROUTES = [Route(PLACE, runs, "runs.title", [*LOADS, STATE.load])]
"""The page's address."""
