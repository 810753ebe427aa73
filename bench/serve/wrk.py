"""wrk, run for one case, and what it says."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

THREADS, CONNECTIONS = 2, 32
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
HELD = """
wrk.headers["If-None-Match"] = '{tag}'
"""
UNSEEN = """
local threads = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init(args)
  lines = {{}}
  for line in io.lines("{path}") do lines[#lines + 1] = line end
  place = tonumber(args[1]) + number * {of_a_thread}
end
function request() place = place + 1; return wrk.format("GET", lines[place % #lines + 1]) end
"""
PACED = """
local paths = {{{paths}}}
local place = 0
function request() place = place + 1; return wrk.format("GET", paths[place % #paths + 1]) end
function delay() return math.random(0, {longest}) end
"""


@dataclass(frozen=True)
class Said:
    """What one run of wrk measured."""

    rate: float
    """Answers a second."""
    p99: float
    """Milliseconds."""
    wrong: int
    """Answers that were neither 2xx nor 3xx, and what did not come at all."""


def run(url: str, seconds: float, script: Path | None = None, *arguments: str) -> Said:
    """Ask as fast as answers come, or as a script says."""
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--latency"]
    chosen = ["-s", str(script)] if script else []
    further = ["--", *arguments] if arguments else []
    done = subprocess.run(  # noqa: S603 a program found on the path
        [*command, *chosen, url, *further],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
    )
    return read(done.stdout)


def read(text: str) -> Said:
    """Read what wrk prints; raise RuntimeError where it says no rate."""
    rate = float(_one(r"Requests/sec:\s+([\d.]+)", text))
    amount, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s|m)\b", text)[0]
    bad = sum(int(one) for one in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
    lost = re.findall(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return Said(
        rate, float(amount) * MILLISECONDS[unit], bad + sum(map(int, lost[0] if lost else ()))
    )


def _one(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk said something else:\n{text}")
    return found[1]
