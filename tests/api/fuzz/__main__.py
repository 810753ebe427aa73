"""The long form of the tests beside it: prints what it counts, and writes docs/evidence/fuzz.json.

Without names of parts all are run: sqlite, postgresql, cursors, walks, streams.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from catalog.migrating import migrate
from catalog.store import open_store
from tests.api.delivery.desk import SECRET_KEY
from tests.api.fuzz.asking import ask
from tests.api.fuzz.catalogs import application
from tests.api.fuzz.cursors import ask_cursors
from tests.api.fuzz.walking import walk_among_writes
from tests.api.serving import served
from tests.postgresql import own_server

HOUSE = Path(__file__).resolve().parents[3]
EVIDENCE = HOUSE / "docs" / "evidence" / "fuzz.json"
CURSORS = 100_000
WRITES = 10_000
BREAKS = 1_000
Counts = Mapping[str, object]


@contextmanager
def store() -> Iterator[str]:
    """Give the URL of a migrated SQLite store."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/tokentape.db"
        _migrated(url)
        yield url


def _migrated(url: str) -> None:
    engine = open_store(url)
    migrate(engine)
    engine.dispose()


def _asked(url: str, *, most: int, least: int, seed: int) -> Counts:
    app, key = application(url)
    with served(app) as address:
        asked = ask(address, key, most=most, seed=seed)
    if asked.status or asked.cases < least:
        print(asked.said)  # noqa: T201 a command says what it found
        raise SystemExit(f"failed, or fewer than {least} cases: {asked.cases}")
    return {
        "cases": asked.cases,
        "operations": asked.operations,
        "phases": "examples, coverage, fuzzing, stateful",
        "checks": "all",
        "excluded": 0,
        "failures": 0,
        "seed": seed,
    }


def sqlite() -> Counts:
    """Ask an application over SQLite."""
    with store() as url:
        return _asked(url, most=3, least=5_000, seed=1)


def postgresql() -> Counts:
    """Ask an application over PostgreSQL."""
    with (
        tempfile.TemporaryDirectory(prefix="tokentape-pg-") as folder,
        own_server(Path(folder)) as server,
    ):
        url = server.render_as_string(hide_password=False)
        _migrated(url)
        return _asked(url, most=1, least=1_000, seed=2)


def cursors() -> Counts:
    """Ask lists with made cursors."""
    with store() as url:
        app, _ = application(url)
        client = TestClient(app, raise_server_exceptions=False)
        answered = ask_cursors(client, CURSORS, seed=1)
    return {
        "cursors": CURSORS,
        "server errors": sum(count for status, count in answered.items() if status >= 500),
        "answered": {str(status): count for status, count in sorted(answered.items())},
    }


def walks() -> Counts:
    """Walk lists while they are written to."""
    with store() as url:
        walked = walk_among_writes(url, WRITES)
    if walked.wrong:
        raise SystemExit(f"{walked.wrong} of {walked.walks} walks were wrong")
    return {
        "writes": WRITES,
        "walks": walked.walks,
        "rows met": walked.rows,
        "walks that met an older row not once, or otherwise": walked.wrong,
    }


def streams() -> Counts:
    """Cut a reader of the stream off again and again."""
    environ = os.environ | {"TOKENTAPE_STREAM_BREAKS": str(BREAKS)}
    test = "tests/api/feeds/test_streams.py::test_a_reader_that_is_cut_off_again_and_again"
    command = [sys.executable, "-m", "pytest", "-n0", "-q", f"{test}_misses_nothing"]
    subprocess.run(command, env=environ, cwd=HOUSE, check=True)  # noqa: S603 our own test
    return {"forced disconnects": BREAKS, "changes": 2 * BREAKS, "missed or repeated": 0}


PARTS: Mapping[str, Callable[[], Counts]] = {
    one.__name__: one for one in (sqlite, postgresql, cursors, walks, streams)
}


def main(names: list[str]) -> None:
    """Run parts, and keep what they count."""
    os.environ["TOKENTAPE_SECRET_KEY"] = SECRET_KEY
    for name in names or list(PARTS):
        began = datetime.now(UTC)
        counts = PARTS[name]()
        seconds = round((datetime.now(UTC) - began).total_seconds())
        known = json.loads(EVIDENCE.read_text()) if EVIDENCE.exists() else {}
        known[name] = {"day": began.date().isoformat(), **counts, "seconds": seconds}
        print(name, json.dumps(known[name]))  # noqa: T201 a command says what it found
        EVIDENCE.write_text(json.dumps(known, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
