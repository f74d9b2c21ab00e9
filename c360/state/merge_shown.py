"""What the merge wizard shows: the records, what there is to choose, the plan."""

import reflex as rx

from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services.merging import proposing
from c360.services.merging.shapes import APPEND, Moved, Permission, Plan, Proposal, Question, Result
from c360.state import merge_rows
from c360.state.merge_recipes import Recipes
from c360.state.merge_rows import Kind, Side


class Shown(Recipes, mixin=True):
    """The records of a merge, the kinds of rows that hang on them, and what the plan does."""

    problem: str = ""
    sides: rx.Field[list[Side]] = rx.field(default_factory=list)
    survivor: str = ""
    survivor_name: str = ""
    proposed: str = ""
    reason: str = ""
    counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    kinds: rx.Field[list[Kind]] = rx.field(default_factory=list)
    how: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """By kind of related rows: ``append``, or the id of the record whose rows replace the others'."""
    touched: int = 0
    moved: rx.Field[list[Moved]] = rx.field(default_factory=list)
    outcome: rx.Field[list[Result]] = rx.field(default_factory=list)
    permissions: rx.Field[list[Permission]] = rx.field(default_factory=list)
    questions: rx.Field[list[Question]] = rx.field(default_factory=list)
    second: str = ""
    """Why somebody else must approve the plan; empty when nobody must."""
    _ids: tuple[str, ...] = ()
    _fingerprint: str = ""

    async def _propose(self) -> None:
        """Show the records, with the chosen master or the proposed one."""
        try:
            survivor = id_of(self.survivor) if self.survivor else None
            found = await self._ask(proposing.propose, [id_of(one) for one in self._ids], survivor)
        except C360Error as error:
            self.problem = error.text((await self._actor()).language)
            return
        self._take(found)

    def _take(self, found: Proposal) -> None:
        self.problem, self.entity, self.survivor = "", found.entity, str(found.survivor_id)
        self.proposed, self.reason = (self.proposed, self.reason) if self.proposed else (self.survivor, found.reason)
        self.sides = [merge_rows.side(one, found.entity) for one in found.participants]
        self.survivor_name = next(one["name"] for one in self.sides if one["id"] == self.survivor)
        self.fields = [merge_rows.field(one) for one in found.fields]
        self.kinds = [merge_rows.kind(one) for one in found.collections]
        known = {one.name for one in found.fields if not one.locked}
        self._chosen = {name: pick for name, pick in self._chosen.items() if name in known}
        self.picks = {one.name: one.pick for one in found.fields} | self._chosen
        self.counts = {"conflict": found.conflicts, "filled": found.filled, "equal": found.equal}
        self.how = {one.key: self.how.get(one.key, APPEND) for one in found.collections}
        self.questions = list(found.questions)

    def _show(self, plan: Plan) -> None:
        self._fingerprint, self.touched, self.second = plan.fingerprint, plan.rows, plan.second
        self.moved, self.outcome, self.questions = list(plan.moved), list(plan.results), list(plan.questions)
        self.permissions = list(plan.permissions)
