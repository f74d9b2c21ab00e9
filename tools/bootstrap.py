"""What the Makefile calls: prepares the environment, the front end and the browser. Needs only Python's own library.

Each stage is stamped with a digest of its inputs, so that a stage whose inputs did not change takes no time.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = ROOT / ".stamps"
CLIENT = ROOT / ".web" / "build" / "client"
OLDEST_PYTHON = (3, 11)
LOCKS = {"setup": "requirements.lock", "setup-dev": "requirements-dev.lock"}
UV = "uv>=0.9,<1"
SCREEN = ("c360", "assets", "reflex.lock", "rxconfig.py", "requirements.lock")
"""What the front end is made from."""
BEHIND = ("c360/migrations", "c360/cli", "c360/jobs", "c360/serve", "c360/api", "c360/query", "__pycache__")
"""What no page imports: a change here needs no new front end."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def say(text: str) -> None:
    """Tell the person what happens."""
    sys.stderr.write(f"{text}\n")


def environment() -> dict[str, str]:
    """Return the variables every tool runs with: nothing is written outside the checkout, nothing phones home."""
    defaults = {
        "REFLEX_USE_NPM": "1",
        "REFLEX_DIR": str(VENV / "reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "NPM_CONFIG_FUND": "false",
        "NPM_CONFIG_AUDIT": "false",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    found = {**defaults, **os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    found.pop("PYTHONHOME", None)
    return found


def run(*command: str | Path, quiet: bool = True, **extra: str) -> bool:
    """Run a command; a quiet one speaks only when it fails."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env={**environment(), **extra},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    if done.returncode and quiet:
        say(done.stdout)
    return done.returncode == 0


def need(*command: str | Path, **extra: str) -> None:
    """Run a command that must succeed."""
    if not run(*command, **extra):
        sys.exit(f"This failed: {' '.join(map(str, command))}")


def digest(names: Iterable[str], *facts: str) -> str:
    """Return the digest of files, folders and facts."""
    total = hashlib.sha256("\0".join(facts).encode())
    for name in names:
        start = ROOT / name
        for path in sorted(p for p in start.rglob("*") if p.is_file()) if start.is_dir() else [start]:
            told = path.relative_to(ROOT).as_posix()
            if not any(told.startswith(b) or f"/{b}/" in told for b in BEHIND) and path.exists():
                total.update(told.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@contextmanager
def stage(name: str, caption: str, key: Callable[[], str], *there: Path) -> Iterator[bool]:
    """Give True when the stage must run, and stamp it after; two processes never run it at once."""
    STAMPS.mkdir(exist_ok=True)
    stamp = STAMPS / name
    with open(STAMPS / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _stamped(name, key(), *there):
            yield False
            return
        started = time.monotonic()
        say(f"· {caption} …")
        stamp.unlink(missing_ok=True)
        yield True
        stamp.write_text(key())  # Anew: npm may have completed its lock file.
        say(f"  done in {time.monotonic() - started:.1f} s")


def setup(dev: bool) -> None:
    """Make the virtual environment and install the locked packages."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("Customer 360 needs Python 3.11 or later: make PYTHON=python3.12 run")
    name = "setup-dev" if dev else "setup"
    there = (BIN / "python", BIN / "c360")
    if not dev and _stamped("setup-dev", _environment_key("setup-dev"), *there):
        return  # The tools' environment holds everything the app needs.
    with stage(name, "Installing the locked packages", partial(_environment_key, name), *there) as due:
        if due:
            _install(LOCKS[name])


def _environment_key(name: str) -> str:
    return digest([LOCKS[name], "pyproject.toml"], sys.version, str(ROOT))


def _stamped(name: str, key: str, *there: Path) -> bool:
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == key and all(p.exists() for p in there)


def _install(lock: str) -> None:
    uv = _uv()
    python = BIN / "python"
    if uv:
        target = ("--python", python, "--quiet")
        link = {} if "UV_LINK_MODE" in os.environ else {"UV_LINK_MODE": "hardlink" if _same_disk(uv) else "copy"}
        if run(uv, "pip", "install", *target, "--require-hashes", "-r", lock, **link):
            need(uv, "pip", "install", *target, "--no-deps", "-e", ".", **link)
            return
        say("  uv could not install; trying pip")
    if not (_pip("install", "--quiet", "--require-hashes", "-r", lock) and _pip("install", "--no-deps", "-e", ".")):
        sys.exit("The packages could not be installed")


def _uv() -> str | None:
    """Return uv, ten times as fast as pip: the environment's own, the machine's, or one that pip brings."""
    found = shutil.which("uv", path=environment()["PATH"])
    if not (BIN / "python").exists():
        if found and run(found, "venv", "--quiet", "--python", sys.executable, VENV):
            return found
        need(sys.executable, "-m", "venv", VENV)
    if found is None and _pip("install", "--quiet", UV):
        found = str(BIN / "uv")
    return found


def _pip(*arguments: str) -> bool:
    python = BIN / "python"
    if not list(VENV.glob("lib/python*/site-packages/pip")):
        need(python, "-m", "ensurepip")
    return run(python, "-m", "pip", *arguments)


def _same_disk(uv: str) -> bool:
    cache = subprocess.run([uv, "cache", "dir"], capture_output=True, text=True, check=False).stdout.strip()
    there = Path(cache) if cache else ROOT
    while not there.exists():
        there = there.parent
    return there.stat().st_dev == ROOT.stat().st_dev


def build() -> None:
    """Compile the pages and bundle them; the result works on any port."""
    with stage("build", "Building the front end", partial(digest, SCREEN), CLIENT / "index.html") as due:
        if due:
            # Left alone, Reflex would measure public mirrors and choose one; a person's own setting goes first.
            asked = subprocess.run(
                ["npm", "config", "get", "registry"],
                env=environment(), cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            extra = {"NPM_CONFIG_REGISTRY": asked.stdout.strip()} if asked.returncode == 0 else {}
            data = STAMPS / "build-data"
            extra |= {"C360_DATA_DIR": str(data), "C360_DATABASE_URL": "", "C360_REDIS_URL": "", "C360_PORT": "3000"}
            shutil.rmtree(ROOT / ".web" / "build", ignore_errors=True)
            need(BIN / "reflex", "export", "--frontend-only", "--no-zip", **extra)
            if not (CLIENT / "index.html").exists():
                sys.exit("The front end was not built")


def browser() -> None:
    """See that Chromium is there: Playwright's own, the system's, or one that can be installed."""
    if chromium():
        return
    say("· Installing Chromium for the browser tests …")
    if run(BIN / "playwright", "install", "chromium") and chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        run("apt-get", "update", "-qq")
        need("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", DEBIAN_FRONTEND="noninteractive")
    if not chromium():
        say("  NO CHROMIUM: the browser tests will not run. Install it, or set C360_CHROMIUM to its path.")
        if os.environ.get("CI"):
            sys.exit(1)


def chromium() -> str | None:
    """Return the browser for tests, None when there is none."""
    if os.environ.get("C360_CHROMIUM"):
        return os.environ["C360_CHROMIUM"]
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    own = subprocess.run([BIN / "python", "-c", code], capture_output=True, text=True, check=False).stdout.strip()
    if own and Path(own).exists():
        return own
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def main() -> None:
    """Run the stages that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="+", choices=("setup", "setup-dev", "build", "browser", "chromium"))
    for name in parser.parse_args().stages:
        if name.startswith("setup"):
            setup(dev=name == "setup-dev")
        elif name == "chromium":
            sys.stdout.write(f"{chromium() or ''}\n")
        else:
            {"build": build, "browser": browser}[name]()


if __name__ == "__main__":
    main()
