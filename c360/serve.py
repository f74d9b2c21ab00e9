"""The server process: granian on the prebuilt front end, and the supervisor of the job worker beside it.

It imports nothing of the app itself: each web worker does that, and this process only watches.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from c360.core.config import Settings, settings

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / ".web" / "build" / "client"
RESPAWN_AFTER = 1.0
STOP_WITHIN = 15.0


class NotReady(RuntimeError):
    """Something a person must do before the server can start."""


def environment(chosen: Settings) -> dict[str, str]:
    """Return the variables the server runs with: Reflex serves what was built, keeps to the data directory, is silent.

    Those with two underscores are internal to Reflex; a test starts a server with them.
    """
    data = chosen.data_path
    scaled = int(chosen.server_processes) > 1
    return {
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_STATE_MANAGER_MODE": "redis" if scaled else "memory",
        "REFLEX_OPLOCK_ENABLED": "true" if scaled else "false",
        "REFLEX_STATES_WORKDIR": str(data / "states"),
        "REFLEX_UPLOADED_FILES_DIR": str(data / "reflex-uploads"),
        "C360_DATA_DIR": str(data),
    }


def check(chosen: Settings) -> None:
    """Raise ``NotReady`` when the server cannot start as it is set."""
    if not (CLIENT / "index.html").exists():
        raise NotReady("The front end is not built. Run: make build")
    if int(chosen.server_processes) > 1 and not chosen.redis_url:
        raise NotReady("More than one server process needs Redis: set C360_REDIS_URL")
    _check_address(chosen)


def _check_address(chosen: Settings) -> None:
    """Raise ``NotReady`` when the address is not ours to take: granian would quietly share it with what is there."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, int(chosen.port)))
        except OSError as error:
            raise NotReady(
                f"Cannot listen at {chosen.host}, port {chosen.port}: {error.strerror}. "
                "Stop what runs there, or set C360_PORT (or C360_HOST)."
            ) from error


def start(*, worker: bool) -> None:
    """Become the server, replacing this process; ``worker`` adds a supervised job worker."""
    chosen = settings()
    check(chosen)
    os.environ.update(environment(chosen))
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "c360.serve", *(["--worker"] if worker else [])])  # noqa: S606 - our own command


def start_worker(name: str) -> None:
    """Become a job worker, replacing this process."""
    os.execv(sys.executable, [sys.executable, "-m", "c360.jobs.worker", *([name] if name else [])])  # noqa: S606 - no shell


class Supervised:
    """The job worker, started again whenever it dies."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Start it and watch it."""
        self.thread.start()

    def _watch(self) -> None:
        while not self.stopping.is_set():
            # A session of its own: Ctrl+C reaches it through us, once.
            self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 - ours
            code = self.process.wait()
            if not self.stopping.is_set():
                sys.stderr.write(f"The job worker ended with {code}; it is started again.\n")
                self.stopping.wait(RESPAWN_AFTER)

    def stop(self) -> None:
        """End it cleanly; a chunk under way is finished or rolled back."""
        self.stopping.set()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _say_when_ready(chosen: Settings) -> None:
    """Print the address once it answers."""
    host = "127.0.0.1" if chosen.host in ("0.0.0.0", "::") else chosen.host  # noqa: S104 - asked, not bound
    for _ in range(600):
        try:
            socket.create_connection((host, int(chosen.port)), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    sys.stdout.write(f"Customer 360 is at {chosen.origin}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until told to stop."""
    chosen = settings()
    worker = Supervised([sys.executable, "-m", "c360.jobs.worker"]) if "--worker" in sys.argv else None
    server = Granian(
        "c360.c360:app",
        address=chosen.host,
        port=int(chosen.port),
        interface=Interfaces.ASGI,
        factory=True,
        workers=int(chosen.server_processes),
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_AFTER,
        workers_kill_timeout=10,
        log_level="warning",  # pyright: ignore[reportArgumentType]
        working_dir=ROOT,
    )
    if worker:
        worker.start()
    threading.Thread(target=_say_when_ready, args=(chosen,), daemon=True).start()
    try:
        server.serve()
    finally:
        if worker:
            worker.stop()


if __name__ == "__main__":
    main()
