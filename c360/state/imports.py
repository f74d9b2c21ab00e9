"""Imports: a file dropped, mapped, checked, mended, run, undone."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import reflex as rx

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import queue
from c360.services.imports import batches, files, overview, running
from c360.services.imports.activities import UNTYPED
from c360.services.imports.plan import ENTITIES, from_json
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.guard import requires
from c360.state.import_rows import Batch, Column, Group, Made, Option, Problem, Reason, Sample, Unknown
from c360.state.session import ServiceCalls, off_the_loop

BUSY = batches.BUSY


class ImportState(ServiceCalls, rx.State):
    """The pages of imports."""

    entity: str = "contact"
    ready: bool = False
    past: rx.Field[list[Batch]] = rx.field(default_factory=list)
    batch_id: str = ""
    file: str = ""
    state: str = ""
    kind: str = ""
    rows: int = 0
    joined: int = 0
    columns: rx.Field[list[Column]] = rx.field(default_factory=list)
    groups: rx.Field[list[Group]] = rx.field(default_factory=list)
    matches: rx.Field[list[Option]] = rx.field(default_factory=list)
    templates: rx.Field[list[Option]] = rx.field(default_factory=list)
    match: str = ""
    on_match: str = "skip"
    on_new: str = "create"
    on_duplicate: str = ""
    erase: bool = False
    reason: str = ""
    source: str = ""
    untyped: str = ""
    """The kind of activities where the file says none."""
    why: rx.Field[list[Option]] = rx.field(default_factory=list)
    counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    phase: str = ""
    samples: rx.Field[list[Sample]] = rx.field(default_factory=list)
    reasons: rx.Field[list[Reason]] = rx.field(default_factory=list)
    unknown: rx.Field[list[Unknown]] = rx.field(default_factory=list)
    problems: rx.Field[list[Problem]] = rx.field(default_factory=list)
    problem_count: int = 0
    mended: int = 0
    page: int = 0
    done: int = 0
    total: int = 0
    error: str = ""
    undone: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    kept: rx.Field[list[str]] = rx.field(default_factory=list)
    missing: rx.Field[list[str]] = rx.field(default_factory=list)
    gone: bool = False
    reading: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    sheets: rx.Field[list[str]] = rx.field(default_factory=list)
    made_of: rx.Field[list[Made]] = rx.field(default_factory=list)
    _job: str = ""

    @rx.event
    @requires()
    async def load_list(self):
        """Load the user's imports."""
        self.past = [Batch(**row) for row in await self._ask(overview.listed)]
        self.ready = True

    @rx.event
    @requires()
    async def load(self):
        """Load the import whose address is open."""
        self.batch_id = self.router.url.path.rstrip("/").rpartition("/")[2]
        self.ready, self.page = False, 0
        yield
        await self._show()

    @rx.event
    @requires()
    async def refresh(self):
        """Look how far the work is."""
        if self.batch_id and self.state in BUSY:
            await self._show()

    @rx.event
    @requires()
    async def choose_entity(self, entity: str):
        """Say what the next file holds."""
        self.entity = entity if entity in ENTITIES else "contact"

    @rx.event
    @requires()
    async def uploaded(self, batch_id: str):
        """Open the import a file became."""
        return rx.redirect(f"/imports/{id_of(batch_id)}")

    @rx.event
    @requires("update", "import_batch")
    async def map_column(self, index: int, target: str):
        """Say what a column means."""
        name = self.columns[index]["name"]
        return await self._plan(lambda plan: plan.with_column(name, target=target, confidence=1.0))

    @rx.event
    @requires("update", "import_batch")
    async def null_column(self, index: int, on: bool):
        """Say whether the column's word for nothing means nothing."""
        column = self.columns[index]
        words = tuple(word.strip() for word in column["nulls"].split(",")) if on else ()
        return await self._plan(lambda plan: plan.with_column(column["name"], empty=words))

    @rx.event
    @requires("update", "import_batch")
    async def read_again(self, how: str, value: str):
        """Read the file another way: another encoding, delimiter, sheet or header row."""
        if how not in self.reading:
            return None
        asked = {**self.reading, how: value}
        header = None if how == "sheet" or not asked["header"].isdigit() else int(asked["header"])
        try:
            key, name = await self._ask(batches.source, id_of(self.batch_id))
            await off_the_loop(lambda: files.read(key, name, **{**asked, "header": header}))
        except C360Error as error:
            await self._show()
            return toasts.failed(error.text((await self._actor()).language))
        return await self._try(batches.reread)

    @rx.event
    @requires("update", "import_batch")
    async def choose_option(self, name: str, value: str):
        """Set how rows are recognised and what becomes of them."""
        if name not in ("match", "on_match", "on_new", "on_duplicate", "reason", "source"):
            return None
        value = "" if value in ("-", "door") else value.strip()[:100]
        return await self._plan(lambda plan: replace(plan, **{name: value}))

    @rx.event
    @requires("update", "import_batch")
    async def choose_untyped(self, kind: str):
        """Set what kind the activities are of which the file says none."""
        return await self._plan(lambda plan: replace(plan, defaults={**plan.defaults, "kind": kind}))

    @rx.event
    @requires("update", "import_batch")
    async def choose_erase(self, on: bool):
        """Say whether empty cells erase."""
        return await self._plan(lambda plan: replace(plan, erase=on))

    @rx.event
    @requires("update", "import_batch")
    async def check(self):
        """Try the import out and take it back."""
        return await self._try(batches.begin, running.CHECK)

    @rx.event
    @requires("update", "import_batch")
    async def run(self):
        """Import the file."""
        return await self._try(batches.begin, running.RUN)

    @rx.event
    @requires("update", "import_batch")
    async def run_mended(self):
        """Import the rows that were mended or decided: by a check while nothing has run yet."""
        kind = running.MEND if self.phase == "run" else running.CHECK
        return await self._try(batches.begin, kind)

    @rx.event
    @requires("update", "import_batch")
    async def cancel(self):
        """Stop after the chunk that is on its way."""
        if self._job:
            await self._call(queue.ask_cancel, id_of(self._job))
            await self._show()

    @rx.event
    @requires("update", "import_batch")
    async def undo(self):
        """Undo everything the import did."""
        return await self._try(batches.undo)

    @rx.event
    @requires("update", "import_batch")
    async def mend(self, number: int, column: int, value: str):
        """Mend a cell."""
        return await self._try(batches.mend, number, column, value)

    @rx.event
    @requires("update", "import_batch")
    async def decide(self, number: int, decision: str):
        """Say what becomes of a row that looks like a record."""
        return await self._try(batches.decide, number, decision)

    @rx.event
    @requires("update", "import_batch")
    async def replace_all(self, form: dict[str, str]):
        """Search and replace in a column of the rows that wait."""
        if not form.get("column", "").isdigit():
            return None
        return await self._try(batches.replace_all, int(form["column"]), form.get("find", ""), form.get("by", ""))

    @rx.event
    @requires("update", "import_batch")
    async def map_word(self, column: str, word: str, means: str):
        """Say which option a word means, and let the rows it stopped have another turn."""
        await self._try(batches.map_word, column, word, "" if means == "+" else means)
        return await self._try(batches.retry_all)

    @rx.event
    @requires()
    async def turn(self, by: int):
        """Show other problem rows."""
        last = max((self.problem_count - 1) // overview.SHOWN, 0)
        self.page = min(max(self.page + by, 0), last)
        await self._show()

    @rx.event
    @requires("create", "import_template")
    async def save_template(self, form: dict[str, str]):
        """Keep the mapping for the next file."""
        return await self._try(batches.save_template, form.get("name", ""), said="import.template.saved")

    @rx.event
    @requires("update", "import_batch")
    async def use_template(self, template_id: str):
        """Treat the columns as a saved mapping does."""
        if template_id != "-":
            return await self._try(batches.use_template, id_of(template_id))
        return None

    async def _plan(self, change: Callable[[Any], Any]) -> Any:
        def service(uow: UnitOfWork, batch_id: UUID) -> None:
            batch = batches.batch_of(uow, batch_id)
            batches.set_plan(uow, batch_id, change(from_json(batch.options)).to_json())

        return await self._try(service)

    async def _try(self, service: Callable[..., Any], *args: Any, said: str = "") -> Any:
        """Do something to this import, show it as it is now, and say what could not be done."""
        language = (await self._actor()).language
        try:
            await self._call(service, id_of(self.batch_id), *args)
        except C360Error as error:
            await self._show()
            return toasts.failed(error.text(language))
        await self._show()
        return toasts.done(text(language, said)) if said else None

    async def _show(self) -> None:
        try:
            batch_id = id_of(self.batch_id)
            await self._call(batches.settle, batch_id)
            seen = await self._ask(overview.overview, batch_id, self.page)
        except (C360Error, ValueError):
            self.ready, self.state, self.file = True, "missing", ""
            return
        self._take(seen)
        saved = await self._ask(batches.templates, seen.entity)
        self.templates = [{"key": str(t.id), "label": t.name, "group": ""} for t in saved]
        self.ready = True

    def _take(self, seen: overview.Overview) -> None:
        told = asdict(seen)
        same = (
            "entity", "file", "state", "kind", "rows", "joined", "columns", "counts", "phase", "samples", "reasons",
            "unknown", "problems", "problem_count", "mended", "done", "total", "error", "missing", "gone", "reading",
            "sheets", "made_of",
        )  # fmt: skip
        for name in same:
            if getattr(self, name) != told[name]:
                setattr(self, name, told[name])
        plan = seen.plan
        self.match, self.on_match, self.on_new = plan.match, plan.on_match, plan.on_new
        self.on_duplicate, self.erase, self._job = plan.on_duplicate or "door", plan.erase, seen.job_id
        self.reason, self.source = plan.reason, plan.source
        self.untyped = plan.defaults.get("kind", UNTYPED)
        self.why = [{"key": one["key"], "label": one["label"], "group": ""} for one in seen.why]
        self.matches = [{"key": m["key"], "label": m["label"], "group": ""} for m in seen.matches]
        names = dict.fromkeys(option["group"] for option in seen.targets)
        groups: list[Group] = [
            {"label": name, "options": [Option(**o) for o in seen.targets if o["group"] == name]} for name in names
        ]
        if groups != self.groups:
            self.groups = groups
        self.undone = {n: int(seen.undone.get(n, 0)) for n in ("restored", "kept")} if seen.undone else {}
        self.kept = [str(one["label"]) for one in seen.undone.get("conflicts", [])][:100]
