"""Writes the expectations beside pages of ours; a person then compares them with the pages."""

import sys
from pathlib import Path

from spiders.source import read, source_named
from tests.spiders.expectations import SUFFIX, printed


def main(names: list[str]) -> None:
    """Read each page and write what it states beside it."""
    for page in map(Path, names):
        reading = read(source_named(page.parent.name), page.read_bytes())
        page.with_name(page.stem + SUFFIX).write_text(printed(reading), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
