"""What a newcomer can have wrong ends a command with a line that says what to do."""

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from catalog.failures import NEWER, OF_SQLITE, Failure, failure_of
from catalog.store import open_store
from tokentape import main

Ended = tuple[object, str]
Run = Callable[..., Ended]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> Run:
    """Run a command with settings of its own; give its status and what it said of errors."""

    def ended(*words: str, **settings: str) -> Ended:
        for name, value in {"DATABASE_URL": sqlite_url, **settings}.items():
            monkeypatch.setenv(f"TOKENTAPE_{name}", value)
        monkeypatch.setattr(sys, "argv", ["tokentape", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, capsys.readouterr().err

    return ended


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("RATE_LIMIT", "many", "is 'many'; write a whole number, 0 or more"),
        ("TRUSTED_PROXIES", "here", "write addresses or networks, as 10.0.0.0/8"),
        ("DATABASE_URL", "mysql://x/y", "names no store; write sqlite:///FILE or postgresql://…"),
        ("DATABASE_URL", "tape.db", "names no store; write sqlite:///FILE or postgresql://…"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(
    run: Run, setting: str, value: str, said: str
) -> None:
    status, line = run("models", **{setting: value})
    assert status == 2
    assert line.startswith(f"TOKENTAPE_{setting}")
    assert line.endswith(f"{said}\n")
    assert line.count("\n") == 1


def test_no_password_is_told_of_a_url_that_cannot_be_read(run: Run) -> None:
    status, line = run("models", DATABASE_URL="postgresql://me:secret@host:port/tape")
    assert (status, "secret" in line) == (1, False)
    assert "postgresql://USER:PASSWORD@HOST/NAME" in line


def test_a_server_that_is_not_there_is_told(run: Run) -> None:
    status, line = run("migrate", DATABASE_URL="postgresql://me:secret@127.0.0.1:1/tape")
    assert (status, "secret" in line) == (1, False)
    assert line.startswith("PostgreSQL cannot be used: connection failed")
    assert line.endswith("See that it runs, and TOKENTAPE_DATABASE_URL.\n")


def test_a_file_that_is_no_database_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database" * 100)
    ended = run("models", DATABASE_URL=f"sqlite:///{tmp_path}/notes.txt")
    assert ended == (1, f"{OF_SQLITE[sqlite3.SQLITE_NOTADB]}\n")


def test_a_folder_in_the_place_of_the_store_is_told(run: Run, tmp_path: Path) -> None:
    ended = run("migrate", DATABASE_URL=f"sqlite:///{tmp_path}")
    assert ended == (1, f"{OF_SQLITE[sqlite3.SQLITE_CANTOPEN]}\n")


def test_a_store_of_a_later_version_is_told(run: Run, sqlite_url: str) -> None:
    engine = open_store(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert run("migrate") == (1, f"{NEWER}\n")


def test_a_file_in_the_place_of_a_folder_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    status, said = run("publish", str(tmp_path / "site"))
    assert (status, "Traceback" in said) == (1, False)
    assert said.splitlines()[-1].startswith(f"{tmp_path}/site")


@pytest.mark.parametrize(
    "words",
    [
        ("changes", "--since", "9" * 30),
        ("changes", "--limit", "9" * 30),
        ("keys", "revoke", "9" * 30),
        ("subscriptions", "recover", "one", "1", "9" * 30, "--owner", "me"),
    ],
)
def test_a_number_that_no_store_takes_is_refused(run: Run, words: tuple[str, ...]) -> None:
    status, said = run(*words)
    assert status == 2
    assert "less than or equal to" in said


def test_a_store_that_another_program_holds_is_told(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    with sqlite3.connect(path, isolation_level=None, timeout=0) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        waiting = sqlite3.connect(path, isolation_level=None, timeout=0)
        with pytest.raises(sqlite3.OperationalError) as locked:
            waiting.execute("BEGIN IMMEDIATE")
        waiting.close()
    holder.close()
    failure = failure_of(locked.value)
    assert failure == Failure(OF_SQLITE[sqlite3.SQLITE_BUSY])


def test_a_store_that_may_only_be_read_is_told(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    engine = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(SQLAlchemyError) as refused, engine.begin() as connection:
        connection.execute(text("UPDATE sequence SET event = 7"))
    engine.dispose()
    assert failure_of(ExceptionGroup("two", [ValueError(), refused.value])) == Failure(
        OF_SQLITE[sqlite3.SQLITE_READONLY]
    )


def test_a_file_that_may_not_be_read_is_told() -> None:
    error = PermissionError(13, "Permission denied", "/srv/tape")
    assert failure_of(error) == Failure("/srv/tape cannot be used: you may not read or write it.")


@pytest.mark.parametrize(
    "error", [ValueError("ours"), OSError(13, "no file named"), psycopg.ProgrammingError("ours")]
)
def test_what_is_ours_is_not_hidden(error: Exception) -> None:
    assert failure_of(error) is None
