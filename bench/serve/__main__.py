"""Measure the served API beside nginx, Datasette and another server, all in one run.

Run as ``python -m bench.serve`` from the checkout; it needs wrk and nginx on the path and installs
Datasette and granian aside. It prints a table and writes docs/evidence/serve.json.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from statistics import median

from bench.serve import questions, servers, wrk

ROUNDS, SECONDS = 3, 6.0
PACED_SECONDS = 20.0
STARTS = 5
WORKERS = 2
HERE = servers.HERE
EVIDENCE = HERE / "docs" / "evidence" / "serve.json"
LIST = "/models?sort=value"
MODEL = "/models/anthropic/claude-opus-4.7"
FILES = {"list.json": LIST, "model.json": MODEL}
TABLE = "/models/models.json?_shape=objects&_size=1"
Case = Callable[[int], wrk.Said]
BARS: dict[str, tuple[str, float | None]] = {
    "list, hot": ("nginx list", 0.4),
    "one model": ("nginx one model", 0.2),
    "304": ("nginx 304", 0.2),
    "never seen": ("Datasette never seen", 20.0),
    "never seen, one process": ("Datasette never seen, rows alone", None),
}
"""What each case is beside, and the least share that is wanted; None: none is."""


def main() -> None:
    """Run all cases in turns, print them, and write them down."""
    absent = [name for name in ("wrk", "nginx") if shutil.which(name) is None]
    if absent:
        names = " ".join(absent)
        sys.exit(f"not on the path: {names}; on Debian: apt install {names}")
    missing = servers.install()
    if missing:
        sys.exit("bench.serve could not install what it compares with:\n" + "\n".join(missing))
    with tempfile.TemporaryDirectory(prefix="tokentape-bench-") as name:
        found = measure(Path(name))
    EVIDENCE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    show(found)


def measure(folder: Path) -> dict[str, object]:
    """Measure everything over one store made for it."""
    url = fill(folder)
    environ = {"TOKENTAPE_DATABASE_URL": url, "TOKENTAPE_RATE_LIMIT": "0"}
    starts = [start(environ) for _ in range(STARTS)]
    with ExitStack() as stack:
        at = {
            name: servers.free_port()
            for name in ("ours", "nginx", "datasette", "uvicorn", "granian")
        }

        def run(command: Sequence[str], port: int, path: str, **more: str) -> None:
            stack.enter_context(servers.running(command, port, path, **more))

        run(servers.ours(at["ours"], WORKERS), at["ours"], "/models", **environ)
        rows, said = prepare(folder, at["ours"])
        run(servers.configure_nginx(folder, at["nginx"], said), at["nginx"], "/list.json")
        same(at["ours"], at["nginx"])
        datasette = [
            str(servers.DATASETTE / "bin" / "datasette"),
            "serve",
            "-i",
            str(folder / "models.db"),
        ]
        run([*datasette, "-p", str(at["datasette"])], at["datasette"], TABLE)
        path = {"PYTHONPATH": os.pathsep.join((str(HERE), str(servers.GRANIAN)))}
        run(servers.uvicorn(at["uvicorn"]), at["uvicorn"], "/models", **environ, **path)
        run(servers.granian(at["granian"]), at["granian"], "/models", **environ, **path)
        told = in_turns(cases(folder, at))
    port = servers.free_port()
    with servers.running(servers.ours(port, WORKERS), port, "/models", **environ):  # alone
        crawl = paced(folder, url, port, told["list, hot"])
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": machine(),
        "models": rows,
        "cases": told,
        "during a crawl": crawl,
        "start to first answer, seconds": {
            "median": median(starts),
            "min": min(starts),
            "max": max(starts),
        },
    }


def fill(folder: Path) -> str:
    """Make a store with the bundled history; give its URL."""
    url = f"sqlite:///{folder}/tokentape.db"
    for command in ("migrate", "load-history"):
        subprocess.run(  # noqa: S603 our own commands
            [sys.executable, "-m", "tokentape", command],
            env=os.environ | {"TOKENTAPE_DATABASE_URL": url},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return url


def start(environ: Mapping[str, str]) -> float:
    """Start our server over a loaded store; give the seconds until its first list is answered."""
    port = servers.free_port()
    began = time.monotonic()
    with servers.running(servers.ours(port, 1), port, LIST, **environ):
        return time.monotonic() - began


def prepare(folder: Path, port: int) -> tuple[int, dict[str, dict[str, str]]]:
    """Write what the others serve: the same bytes, and the same table; give rows and headers."""
    said = {}
    for name, path in FILES.items():
        _, said[name], body = servers.ask(port, path)
        (folder / name).write_bytes(body)
    questions.write(folder)
    listed = servers.ask(port, "/models?format=csv")[2]
    return servers.export_table(listed, folder / "models.db"), said


def same(ours: int, nginx: int) -> None:
    """Raise RuntimeError unless nginx serves the same bytes with all the headers that we have."""
    for name, path in FILES.items():
        _, said, body = servers.ask(ours, path)
        _, beside, copied = servers.ask(nginx, f"/{name}")
        missing = said.keys() - beside.keys()
        if body != copied or missing:
            raise RuntimeError(f"nginx serves {path} otherwise; headers it has not: {missing}")


def cases(folder: Path, at: Mapping[str, int]) -> dict[str, Case]:
    """Give every case by its name; each takes the round."""

    def hot(server: str, path: str) -> Case:
        return lambda _: wrk.run(f"http://127.0.0.1:{at[server]}{path}", SECONDS)

    def held(server: str, path: str) -> Case:
        tag = servers.ask(at[server], path)[1]["etag"]
        script = folder / f"held-{server}.lua"
        script.write_text(wrk.HELD.format(tag=tag), encoding="ascii")
        status = servers.ask(at[server], path, {"If-None-Match": tag})[0]
        if status != HTTPStatus.NOT_MODIFIED:
            raise RuntimeError(f"{server} answers {status} to who holds {path}; 304 is measured")
        return lambda _: wrk.run(f"http://127.0.0.1:{at[server]}{path}", SECONDS, script)

    def unseen(server: str, asked: str) -> Case:
        script = folder / f"unseen-{asked}.lua"
        lines = folder / f"{asked}.txt"
        made = wrk.UNSEEN.format(path=lines, of_a_thread=questions.OF_A_THREAD)
        script.write_text(made, encoding="ascii")
        url = f"http://127.0.0.1:{at[server]}"
        return lambda turn: wrk.run(url, SECONDS, script, str(turn * questions.OF_A_ROUND))

    return {
        "nginx list": hot("nginx", "/list.json"),
        "list, hot": hot("ours", LIST),
        "nginx one model": hot("nginx", "/model.json"),
        "one model": hot("ours", MODEL),
        "nginx 304": held("nginx", "/model.json"),
        "304": held("ours", MODEL),
        "Datasette never seen": unseen("datasette", "datasette"),
        "Datasette never seen, rows alone": unseen("datasette", "datasette-rows"),
        "never seen": unseen("ours", "ours"),
        "never seen, one process": unseen("uvicorn", "ours"),
        "one process of uvicorn, one model": hot("uvicorn", MODEL),
        "one process of granian, one model": hot("granian", MODEL),
        "one process of uvicorn, 304": held("uvicorn", MODEL),
        "one process of granian, 304": held("granian", MODEL),
    }


def in_turns(every: Mapping[str, Case]) -> dict[str, dict[str, float]]:
    """Run each case once a round; give medians and spreads."""
    said: dict[str, list[wrk.Said]] = {name: [] for name in every}
    for turn in range(ROUNDS):
        for name, case in every.items():
            said[name].append(case(turn))
            print(f"  {turn + 1}/{ROUNDS} {name}: {said[name][-1].rate:,.0f}/s", file=sys.stderr)
    return {name: _summary(runs) for name, runs in said.items()}


def _summary(runs: list[wrk.Said]) -> dict[str, float]:
    rates = [one.rate for one in runs]
    return {
        "per second": round(median(rates)),
        "min": round(min(rates)),
        "max": round(max(rates)),
        "p99 ms": round(median(one.p99 for one in runs), 2),
        "wrong": sum(one.wrong for one in runs),
    }


def paced(folder: Path, url: str, port: int, hot: Mapping[str, float]) -> dict[str, float]:
    """Ask at about half of the hot list's rate while a page with moving prices is crawled.

    wrk has no rate: each of its connections waits for a while before it asks again.
    """
    script = folder / "paced.lua"
    half = hot["per second"] / 2
    longest = max(1, round(2 * (1000 * wrk.CONNECTIONS / half - 1)))
    paths = ", ".join(f'"{path}"' for path in (LIST, MODEL, "/providers"))
    script.write_text(wrk.PACED.format(paths=paths, longest=longest), encoding="ascii")
    root = f"http://127.0.0.1:{port}"
    calm = wrk.run(root, PACED_SECONDS / 2, script)
    command = [sys.executable, "-m", "bench.serve.crawling", url, str(folder / "archive")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE) as crawl:  # noqa: S603 ours
        assert crawl.stdout is not None  # noqa: S101 it is a pipe
        for _ in range(
            2
        ):  # the first brings all, and the server has shown it when the next is over
            crawl.stdout.readline()
        before = _sequence(port)
        said = wrk.run(root, PACED_SECONDS, script)
        moved = _sequence(port) - before
        crawl.terminate()
        outcomes = [line.split()[0] for line in crawl.stdout.read().splitlines()]
    return {
        "asked for per second": round(half),
        "per second": round(said.rate),
        "p99 ms": said.p99,
        "p99 ms without it": calm.p99,
        "visits": len(outcomes),
        "visits that were read": outcomes.count("ok"),
        "events": moved,
        "wrong": said.wrong,
    }


def _sequence(port: int) -> int:
    return int(servers.ask(port, LIST)[1]["tokentape-sequence"])


def machine() -> str:
    """Name the machine: processor, cores, system, Python."""
    named = [line.partition(":")[2].strip() for line in _cpu() if line.startswith("model name")]
    processor = (named or [platform.machine()])[0]
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _cpu() -> list[str]:
    info = Path("/proc/cpuinfo")
    return info.read_text(encoding="utf-8").splitlines() if info.exists() else []


def show(found: Mapping[str, object]) -> None:
    """Print the table, and how each bar is met."""
    told: dict[str, dict[str, float]] = found["cases"]  # type: ignore[assignment] # as measured above
    print(f"{found['at']}, {found['machine']}, {found['models']} models\n")
    print("| case | per second | min-max | of its peer | p99 |\n|---|--:|--:|--:|--:|")
    for name, one in told.items():
        peer, bar = BARS.get(name, ("", None))
        share = one["per second"] / told[peer]["per second"] if peer else 0.0
        wanted = "" if bar is None else f" (bar {bar:g})"
        of = f"{share:.2f} of {peer}{wanted}" if peer else ""
        spread = f"{one['min']:,.0f}-{one['max']:,.0f}"
        print(f"| {name} | {one['per second']:,.0f} | {spread} | {of} | {one['p99 ms']:.2f} ms |")
    print(f"\nAt about half of the hot list's rate, during a crawl: {found['during a crawl']}")
    print(f"Start to first answer: {found['start to first answer, seconds']}")


if __name__ == "__main__":
    main()
