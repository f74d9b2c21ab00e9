"""What the database promises before anything is written to it."""

import socket
import sqlite3

import pytest
from sqlalchemy import text

from c360.core import db
from c360.core.config import Settings, variables
from c360.serve import NotReady, check, environment


@pytest.mark.feature("R32")
def test_sqlite_is_opened_safely(database):
    if database != "sqlite":
        with db.engine().connect() as connection:
            assert connection.scalar(text("SHOW timezone")) == "UTC"
        return
    with db.engine().connect() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete", "mmap_size")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "secure_delete": 1,
        "mmap_size": 0,
    }  # fmt: skip


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
