"""Every workflow by name: a worker that imports this module can do them all."""

from c360.core.actor import Verb
from c360.jobs import WORKFLOWS, requires, row_by_row, workflow
from c360.services import bulk, demo_jobs, exports, undo
from c360.services.duplicates import asking, running, sure
from c360.services.imports import running as imports
from c360.services.imports.plan import ENTITIES
from c360.services.merging import queued
from c360.services.privacy import unused

__all__ = ["WORKFLOWS"]

workflow("journal.undo", row_by_row)(undo.step)
for kind in imports.KINDS:
    workflow(kind, requires(Verb.IMPORT, *ENTITIES))(imports.step)
workflow(imports.UNDO, requires(Verb.IMPORT, *ENTITIES))(imports.undo_step)
workflow("bulk.change", requires(Verb.READ))(bulk.step)
workflow(unused.KIND, requires(Verb.UPDATE, "subject_request"))(unused.step)
workflow(exports.KIND, requires(Verb.EXPORT))(exports.step)
workflow(demo_jobs.LOAD, requires(Verb.UPDATE, "setting"))(demo_jobs.load_step)
workflow(demo_jobs.REMOVE, requires(Verb.UPDATE, "setting"))(demo_jobs.remove_step)
workflow(asking.KIND, requires(Verb.READ))(running.step)
workflow(queued.KIND, requires(Verb.MERGE, "contact", "account"))(queued.step)
workflow(sure.KIND, requires(Verb.MERGE))(sure.step)
