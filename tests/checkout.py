"""The checkout that is tried, as evidence names it."""

import subprocess
from pathlib import Path

HOUSE = Path(__file__).parents[1]


def commit() -> str:
    """Name the commit; with "-dirty" behind it where anything differs from it."""
    told = ("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
    asked = ["git", "-C", str(HOUSE), *told]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 git itself
