"""Schemathesis let loose on a served application: every phase, every check, nothing excluded."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
COUNTED = re.compile(r"(?P<number>[\d,]+) (?P<what>generated|passed|failed|skipped|errors?)")


@dataclass(frozen=True)
class Asked:
    """What a run came to."""

    status: int
    cases: int
    operations: str
    said: str


def ask(url: str, key: str, *, most: int, seed: int, options: Sequence[str] = ()) -> Asked:
    """Ask every operation at most so often in each phase."""
    command = [
        *(str(Path(sys.executable).parent / "schemathesis"), "--config-file"),
        *(str(HERE / "schemathesis.toml"), "run", f"{url}/openapi.json", "--url", f"{url}/v1"),
        *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"),
        *("--max-examples", str(most), "--seed", str(seed), "--continue-on-failure"),
        *("--header", f"Authorization: Bearer {key}", "--no-color", *options),
    ]
    environ = os.environ | {"SCHEMATHESIS_HOOKS": "tests.api.fuzz.checks"}
    run = subprocess.run(  # noqa: S603 our own command
        command, env=environ, cwd=HERE.parents[2], capture_output=True, text=True, check=False
    )
    said = run.stdout + run.stderr
    cases = re.search(r"([\d,]+) generated", said)
    operations = re.search(r"Operations:.*", said)
    return Asked(
        run.returncode,
        int(cases[1].replace(",", "")) if cases else 0,
        operations[0] if operations else "",
        said,
    )
