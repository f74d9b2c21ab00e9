"""The command line as a person and a program meet it."""

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlmodel import select

from c360.cli import main
from c360.core import config, db
from c360.core.actor import SYSTEM
from c360.models.job import Job
from c360.models.user import User
from c360.services import api_keys, journal
from c360.services.uow import unit_of_work
from tests.conftest import ROOT, empty_database, use


def forget():
    """Read the settings and the key of the journal again."""
    config.settings.cache_clear()
    journal.key.cache_clear()


@pytest.fixture
def c360(tmp_path, monkeypatch, capsys):
    """Run a command on the current database and give its exit code, its answer and its complaints."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["c360", *arguments])
        forget()
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, *capsys.readouterr()

    monkeypatch.setenv("C360_DATA_DIR", str(tmp_path))
    forget()
    yield run
    forget()


@pytest.fixture
def process(tmp_path):
    """Run a command as a process of its own, told its surroundings, and give the same."""

    def run(*arguments, **extra):
        env = {**os.environ, "C360_DATA_DIR": str(tmp_path), **extra}
        command = [sys.executable, "-m", "c360", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    return run


def tamper(backend):
    """Change a journal entry behind the app's back, as someone with the database's password could."""
    with db.engine().begin() as connection:
        if backend == "sqlite":
            query = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'change_set'")
            for name in connection.scalars(query).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE change_set DISABLE TRIGGER ALL"))
        last = "(SELECT max(seq) FROM change_set)"
        connection.execute(text(f"UPDATE change_set SET action = 'nothing.happened' WHERE seq = {last}"))


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_migrate_prepares_a_new_database_once(backend, tmp_path, process, c360):
    with empty_database(backend, tmp_path) as url:
        code, out, _ = process("migrate", "--json", C360_DATABASE_URL=url)
        first = json.loads(out)
        assert (code, first["before"], first["changed"]) == (0, None, True)
        use(url)
        code, out, _ = c360("migrate", "--json")
        assert (code, json.loads(out)) == (0, {"before": first["after"], "after": first["after"], "changed": False})
        assert "already" in c360("migrate")[1]


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_database_without_tables_is_told_in_a_sentence(backend, tmp_path, c360):
    with empty_database(backend, tmp_path) as url:
        use(url)
        code, _, err = c360("user", "list")
    assert (code, "c360 migrate" in err, "Traceback" in err) == (1, True, False)


@pytest.mark.feature("R34")
def test_verify_says_whether_the_chain_is_whole(database, agent, make_as, c360, monkeypatch):
    monkeypatch.setenv("C360_JOURNAL_KEY", "a key of this test")
    forget()
    code, out, _ = c360("verify", "--json")
    before = json.loads(out)
    make_as(agent, "contact", family_name="Œuvre 小")
    assert before["sets"] >= 0
    tamper(database)
    code, out, err = c360("verify", "--json")
    told = json.loads(out)
    assert (code, told["ok"]) == (1, False)
    assert told["broken"]["seq"] > 0
    assert "Traceback" not in err
    assert c360("verify")[0] == 1


def test_serve_says_what_is_missing(process):
    code, _, err = process("serve", C360_SERVER_PROCESSES="2", C360_REDIS_URL="")
    assert code == 1
    assert "Redis" in err or "make build" in err
    assert "Traceback" not in err


def test_a_wrong_command_is_refused(process, c360):
    assert process("dance")[0] == 2
    assert c360("migrate", "--nonsense")[0] == 2


def test_a_refusal_says_what_is_wrong(c360, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("nr,name\n1,Ada\n", encoding="utf-8")
    code, _, err = c360(
        "duplicates", "match", str(file), "--entity", "contact", "--id", "id", "--out", str(tmp_path / "pairs.csv")
    )
    assert code == 1
    assert "There is no column “id”. There are: nr, name." in " ".join(err.split())


def test_the_command_explains_itself(process):
    code, out, _ = process("--help")
    assert code == 0
    assert {"up", "serve", "worker", "migrate", "verify"} <= set(out.split())


@pytest.mark.feature("R10")
def test_the_first_administrator_comes_without_a_fixed_password(database, c360):
    assert c360("user", "add", "no address", "--name", "Áda Ö", "--role", "administrator", "--json")[0] == 1
    code, out, _ = c360("user", "add", "ada@example.com", "--name", "Áda Ö 小", "--role", "administrator", "--json")
    told = json.loads(out)
    assert code == 0
    assert "/welcome?token=" in told["link"]
    code, out, _ = c360("user", "list", "--json")
    assert [(u["login"], u["name"], u["roles"], u["state"]) for u in json.loads(out)] == [
        ("ada@example.com", "Áda Ö 小", "administrator", "invited")
    ]
    assert c360("user", "add", "ada@example.com", "--name", "Again", "--role", "manager")[0] == 1
    code, _, err = c360("user", "add", "bo@example.com", "--name", "Bo", "--role", "emperor")
    assert (code, "emperor" in err, "Traceback" in err) == (1, True, False)
    assert json.loads(c360("user", "link", "ada@example.com", "--json")[1])["link"] != told["link"]
    assert c360("user", "disable", "ada@example.com")[0] == 0
    assert json.loads(c360("user", "list", "--json")[1])[0]["state"] == "disabled"
    assert c360("user", "link", "ada@example.com")[0] == 1
    assert c360("user", "enable", "ada@example.com")[0] == 0


@pytest.mark.feature("B-DUP-1")
def test_a_file_is_imported_by_name(database, admin, c360, tmp_path):
    with db.engine().connect() as connection:
        login = connection.scalar(text('SELECT login FROM "user" WHERE id = :id'), {"id": _id(admin)})
    file = tmp_path / "menschen.csv"
    file.write_text("Vorname;Nachname;E-Mail\nZoë;Müller;zoe@example.com\n小明;王;wang@example.com\n;;\n", "utf-8")
    code, out, err = c360("import", str(file), "--entity", "contact", "--as", login, "--dry-run", "--json")
    dry = json.loads(out)
    assert dry["created"] == 2, err
    code, out, _ = c360("import", str(file), "--entity", "contact", "--as", login, "--json")
    told = json.loads(out)
    assert (code, told["created"]) == (0 if not told["rejected"] else 1, 2)
    assert told["rows"] == sum(told[n] for n in ("created", "updated", "unchanged", "skipped", "rejected"))
    code, out, _ = c360(
        "import", str(file), "--entity", "contact", "--match", "email", "--on-match", "skip", "--as", login
    )
    assert "2 skipped" in out or "2 unchanged" in out
    with unit_of_work(SYSTEM, reads=True) as uow:
        # An import at the command line passes the same door as one in the browser.
        (search,) = uow.session.exec(select(Job.arguments).where(Job.kind == "duplicates.scan")).all()
    assert (search["entity"], search["door"]) == ("contact", "import")
    calls = tmp_path / "anrufe.csv"
    calls.write_text("Kunde;Datum;Art\nzoe@example.com;01.02.2025;Anruf\nniemand;02.02.2025;Anruf\n", "utf-8")
    code, out, _ = c360("import", str(calls), "--entity", "activity", "--as", login, "--json")
    told = json.loads(out)
    assert (code, told["created"], [p["row"] for p in told["problems"]]) == (1, 1, [3])
    code, _, err = c360("import", str(file), "--entity", "contact", "--as", "nobody@example.com")
    assert (code, "Traceback" in err) == (1, False)
    assert c360("import", str(tmp_path / "none.csv"), "--entity", "contact")[0] == 2


def _id(actor):
    return actor.user_id if db.engine().dialect.name == "postgresql" else actor.user_id.hex


@pytest.mark.feature("R11")
def test_a_key_is_made_listed_and_revoked_by_an_operator(database, agent, c360):
    with unit_of_work(agent, reads=True) as uow:
        login = uow.session.get_one(User, agent.user_id).login
    code, out, _ = c360("key", "add", login, "--name", "Läden 🛒", "--kind", "contact", "--write", "--json")
    secret = json.loads(out)["key"]
    assert (code, api_keys.SHAPE.fullmatch(secret) is not None) == (0, True)
    code, out, _ = c360("key", "list", "--json")
    (line,) = json.loads(out)
    assert (line["owner"], line["name"], line["kinds"], line["writes"]) == (login, "Läden 🛒", ["contact"], True)
    assert secret not in out + c360("key", "list")[1]
    assert c360("key", "revoke", line["id"])[0] == 0
    assert json.loads(c360("key", "list", "--json")[1])[0]["state"] == "revoked"
    code, _, err = c360("key", "revoke", "no-id")
    assert (code, "Traceback" in err) == (1, False)
    assert c360("key", "add", "nobody@example.com", "--name", "x")[0] == 1
    assert c360("key", "add", login, "--name", "x", "--days", "1000")[0] == 1
