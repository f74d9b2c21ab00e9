"""A worker with workflows of its own, for the tests to start, kill and start again."""

import sys
import time

from c360.core.actor import Verb
from c360.jobs import requires, row_by_row, workflow
from c360.jobs.worker import main
from c360.services import records


@workflow("test.write", requires(Verb.CREATE, "contact"))
def write(uow, job):
    """Create one contact a chunk, slowly enough to be killed inside it."""
    choices = job.arguments["choices"]
    records.create(uow, "contact", {"family_name": f"Nr {job.cursor} 顧客", **choices})
    uow.flush()
    time.sleep(job.arguments.get("slow", 0))
    job.cursor += 1
    job.done, job.total = job.cursor, job.arguments["rows"]
    job.result = {"made": job.cursor}
    return job.cursor < job.arguments["rows"]


@workflow("test.fail", row_by_row)
def fail(uow, job):
    """Break, after writing something that must not stay."""
    records.create(uow, "contact", {"family_name": "Half", **job.arguments["choices"]})
    raise ValueError("a secret value that no person should read")


@workflow("test.die", row_by_row)
def die(uow, job):
    """Take the worker down, every time."""
    import os

    os._exit(9)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
