"""How much memory a server takes on while it streams a list of a million rows, in each format.

The list has the columns of /changes and is made up as it is read; it is asked over HTTP from a
server of its own, first a hundredth of it, then all. What is printed is the peak of resident memory
over what was resident before (VmHWM of Linux), beside the same of the hundredth. It ends with 1
where a million rows take 64 MiB more.
"""

import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from multiprocessing import get_context
from pathlib import Path

import uvicorn
from fastapi import APIRouter

from api.app import create_app
from api.listing import Ask, Found, mount
from api.listing.negotiation import MEDIA_TYPES
from api.resources.changes import CHANGES, ChangesAsked
from api.shapes import Meta
from catalog.events.changes import Event
from catalog.migrating import migrate
from catalog.store import open_store
from catalog.vocabulary import Cause, EventType, Meter, Unit

ROWS = 1_000_000
FEW = ROWS // 100
LIMIT = 64
"""MiB over what was resident before."""
PIECE = 1 << 16
PATIENCE = 60.0
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MIB = 1024


def event(number: int) -> Event:
    """Make up an event; no two are alike."""
    at = BEGAN + timedelta(seconds=number)
    model = f"maker-{number % 97}/model-{number % 4999}"
    return Event(
        sequence=number,
        type=EventType.PRICE_CHANGED,
        cause=Cause.OBSERVED,
        initial=False,
        model=model,
        provider=f"maker-{number % 97}",
        source=f"maker-{number % 97}",
        series=f"{model} input_tokens USD {number}",
        old=Decimal(number) / 1000,
        new=Decimal(number + 1) / 1000,
        currency="USD",
        unit=Unit.MILLION_TOKENS,
        meter=Meter.INPUT_TOKENS,
        ratio=Decimal("1.000001"),
        direction="up",
        all_time_low=False,
        detail="",
        valid_from=at,
        recorded_at=at,
        superseded_at=None,
        evidence=None,
    )


def find(ask: Ask[ChangesAsked]) -> Found[Event]:
    """Find as many events as ``since`` leaves of them."""
    numbers = range(ask.question.since + 1, ROWS + 1)
    meta = Meta(sequence=ROWS, as_of=BEGAN, known_at=BEGAN)
    return Found((event(number) for number in numbers), meta)


def serve(port: int, folder: str) -> None:
    """Serve the list beside all that there is."""
    engine = open_store(f"sqlite:///{folder}/bench.db")
    migrate(engine)
    app, router = create_app(engine), APIRouter()
    mount(router, "/million", replace(CHANGES, name="Made", find=find), "List made up events.")
    app.include_router(router)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def asked(port: int, path: str) -> Iterator[bytes]:
    """Ask the server, and read its answer by the piece."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers={"Accept-Encoding": "identity"})
    response: HTTPResponse = connection.getresponse()
    if response.status != HTTPStatus.OK:
        raise SystemExit(f"{path}: {response.status} {response.read(500)!r}")
    while piece := response.read(PIECE):
        yield piece
    connection.close()


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            list(asked(port, "/livez"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def resident(process: int, name: str) -> int:
    """Give a process' resident memory now (VmRSS) or at most (VmHWM), in KiB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def grown(process: int, port: int, format_: str, rows: int) -> tuple[float, float]:
    """Give the MiB that a server takes on while it streams rows, and the MB that it sends."""
    Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")  # forget the last peak
    before = resident(process, "VmRSS")
    sent = sum(map(len, asked(port, f"/million?format={format_}&since={ROWS - rows}")))
    return (resident(process, "VmHWM") - before) / MIB, sent / 1e6


def main() -> int:
    """Ask each format; print what each takes."""
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = get_context("spawn").Process(target=serve, args=(port, folder))
        server.start()
        try:
            wait_for(port)
            process = server.pid or 0
            print(f"{'format':10}{'rows':>12}{'MB sent':>10}{'seconds':>9}{'MiB over before':>18}")
            for format_ in (one for one in MEDIA_TYPES if one != "json"):
                grown(process, port, format_, FEW)  # what the first answer imports is not of rows
                for rows in (FEW, ROWS):
                    began = time.perf_counter()
                    more, sent = grown(process, port, format_, rows)
                    seconds = time.perf_counter() - began
                    print(f"{format_:10}{rows:>12,}{sent:>10.1f}{seconds:>9.1f}{more:>18.1f}")
                    worst = max(worst, more)
        finally:
            server.terminate()
            server.join()
    print(f"the most is {worst:.1f} MiB; the limit is {LIMIT} MiB")
    return int(worst > LIMIT)


if __name__ == "__main__":
    os.environ["TOKENTAPE_RATE_LIMIT"] = "0"
    sys.exit(main())
