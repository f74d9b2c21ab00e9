"""Every workflow by name: a worker that imports this module can do them all."""

from c360.jobs import WORKFLOWS, workflow
from c360.services import bulk, exports, undo
from c360.services.imports import running as imports

__all__ = ["WORKFLOWS"]

workflow("journal.undo")(undo.step)
for kind in imports.KINDS:
    workflow(kind)(imports.step)
workflow(imports.UNDO)(imports.undo_step)
workflow("bulk.change")(bulk.step)
workflow(exports.KIND)(exports.step)
