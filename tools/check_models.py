"""Sees that the migrations make exactly the tables the models describe, on a new database."""

import os
import subprocess
import sys
import tempfile


def main() -> int:
    """Migrate an empty SQLite database and compare."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "C360_DATA_DIR": folder, "C360_DATABASE_URL": ""}
        for step in (("upgrade", "head"), ("check",)):
            command = [sys.executable, "-m", "alembic", *step]
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.stderr.write(done.stdout + done.stderr)
                return done.returncode
    sys.stdout.write("The migrations match the models.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
