"""A source whose prices move all the time, taken in as a crawl takes it in, until it is ended."""

import sys
import time
from itertools import count, islice

from catalog.documents.sources import declare
from catalog.identity import load
from catalog.ingest import ingest
from catalog.moments import print_moment, utc_now
from catalog.store import open_store
from tests.catalog.builders import point, source, visit

NAME = "bench"
MODELS = 150
CHANGING = 15
"""So many of its prices are others at each visit."""
EVERY = 2.0
"""Seconds from one visit to the next."""


def main(url: str) -> None:
    """Visit again and again; print a line for each visit that altered answers."""
    engine, identity = open_store(url), load()
    declare(engine, (source(NAME),), now=utc_now)
    names = [one.name for one in islice(identity.models.values(), MODELS)]
    for turn in count():
        began = time.monotonic()
        cents = [100 + (turn + place) // CHANGING % 9 for place in range(len(names))]
        points = (point(name, f"{cent / 100}") for name, cent in zip(names, cents, strict=True))
        page = visit(
            print_moment(utc_now()), *points, source=NAME, url="https://bench.example/docs"
        )
        ingest(engine, page, identity=identity, now=utc_now)
        print(turn, flush=True)
        time.sleep(max(0.0, EVERY - (time.monotonic() - began)))


if __name__ == "__main__":
    main(sys.argv[1])
