"""What the database promises before anything is written to it."""

import socket
import sqlite3
import time

import pytest
from sqlalchemy import event, text

from c360.core import db, disk
from c360.core.config import Settings, variables
from c360.serve import NotReady, check, environment


@pytest.mark.feature("R32")
def test_sqlite_is_opened_safely(database):
    if database != "sqlite":
        with db.engine().connect() as connection:
            assert [connection.scalar(text(f"SHOW {name}")) for name in ("timezone", "jit")] == ["UTC", "off"]
        return
    with db.engine().connect() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in (
                "journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete", "mmap_size",
                "busy_timeout",
            )
        }  # fmt: skip
        assert sqlite3.sqlite_version_info >= (3, 51, 3)
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "secure_delete": 1,
        "mmap_size": 0, "busy_timeout": 5000,
    }  # fmt: skip


@pytest.mark.feature("R32")
def test_a_setting_sqlite_does_not_keep_is_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(db.PRAGMAS, "no_such_pragma", 1)
    made = db.make_engine(f"sqlite:///{tmp_path / 'c360.db'}")
    with pytest.raises(RuntimeError, match="no_such_pragma at None"):
        made.connect()
    made.dispose()


@pytest.mark.feature("R32")
def test_a_writer_takes_the_lock_at_once_and_a_reader_takes_none(database):
    if database != "sqlite":
        return
    begun = []
    engine = db.engine()
    event.listen(engine, "before_cursor_execute", lambda *told: begun.append(told[2]))
    for options, said in (({}, "BEGIN IMMEDIATE"), ({"postgresql_readonly": True}, "BEGIN")):
        with engine.execution_options(**options).connect() as connection:
            connection.execute(text("SELECT 1"))
        assert said in begun
        begun.clear()


MOUNTS = """22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 0:50 / /srv rw - tmpfs none rw
31 22 0:51 / /srv/share\\040one rw shared:1 - {kind} server:/x rw
32 22 0:52 / /srv/share rw - ext4 /dev/sdb rw
"""


@pytest.mark.feature("R32")
@pytest.mark.parametrize("kind", ["nfs4", "nfs", "cifs", "smb3", "fuse.sshfs"])
def test_a_database_on_a_network_disk_is_refused(tmp_path, monkeypatch, kind):
    (tmp_path / "mountinfo").write_text(MOUNTS.format(kind=kind))
    monkeypatch.setattr(disk, "MOUNTS", tmp_path / "mountinfo")
    with pytest.raises(RuntimeError, match="network disk"):
        db.make_engine("sqlite:////srv/share one/data/c360.db")
    for place in ("/srv/share/c360.db", "/srv/c360.db", "/var/c360.db"):
        db.make_engine(f"sqlite:///{place}").dispose()
    monkeypatch.setattr(disk, "MOUNTS", tmp_path / "nowhere")
    assert disk.filesystem_of(tmp_path) == ""
    db.make_engine("sqlite:////srv/share one/data/c360.db").dispose()


@pytest.mark.feature("R32")
def test_an_unsafe_sqlite_is_refused(monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(RuntimeError, match="not safe"):
        db.make_engine("sqlite://")


def test_other_databases_are_refused():
    with pytest.raises(RuntimeError, match="not supported"):
        db.make_engine("mysql://localhost/x")


@pytest.mark.feature("R43")
def test_the_server_is_silent_local_and_in_production_mode(monkeypatch, tmp_path):
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("C360_DATA_DIR", str(tmp_path / "data"))
    chosen = Settings()
    told = environment(chosen)
    assert chosen.host == "127.0.0.1"
    assert told["REFLEX_TELEMETRY_ENABLED"] == "false"
    assert told["REFLEX_CHECK_LATEST_VERSION"] == "false"
    assert told["REFLEX_ENV_MODE"] == "prod"
    written = [v for k, v in told.items() if k.endswith(("_DIR", "_WORKDIR"))]
    assert all(v.startswith(str(tmp_path)) for v in written)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.feature("R43")
def test_several_processes_need_redis(monkeypatch, tmp_path):
    monkeypatch.setattr("c360.serve.CLIENT", tmp_path)
    (tmp_path / "index.html").write_text("")
    monkeypatch.setenv("C360_SERVER_PROCESSES", "2")
    monkeypatch.setenv("C360_REDIS_URL", "")
    with pytest.raises(NotReady, match="Redis"):
        check(Settings())


def test_a_second_server_at_the_same_address_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("c360.serve.CLIENT", tmp_path)
    (tmp_path / "index.html").write_text("")
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as granian opens it
        first.bind(("127.0.0.1", 0))
        first.listen()
        monkeypatch.setenv("C360_PORT", str(first.getsockname()[1]))
        with pytest.raises(NotReady, match="C360_PORT"):
            check(Settings())
    check(Settings())


def test_what_a_long_job_has_filled_is_looked_at_before_its_next_chunk(database):
    with db.engine().begin() as connection:
        connection.execute(text('CREATE TABLE "Größe" (n integer)'))
        connection.execute(text('INSERT INTO "Größe" VALUES (:n)'), [{"n": n} for n in range(600)])
    if database == "sqlite":
        db.learn_sizes()  # There is nothing to learn: its plans follow the indexes.
        return
    patience = time.monotonic() + 15  # The server counts what was written within a second or so.
    while _believed("Größe") < 600:
        assert time.monotonic() < patience
        time.sleep(0.1)


def _believed(table: str) -> float:
    db.learn_sizes()
    with db.engine().connect() as connection:
        query = text("SELECT reltuples FROM pg_class WHERE relname = :name")
        return connection.execute(query, {"name": table}).scalar_one()
