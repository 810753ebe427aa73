"""The chain: the rows that a commit wrote, listed by their digests in a link that binds the last.

A link belongs to one commit. It lists the events and what they rest on: revisions made and
superseded, visits, snapshots with the sha256 of their bytes, readings, what else pages stated. Its
hash covers all of that and the hash of the link before. So a row that is altered, taken away or
slipped in no longer fits, and after a link that was rewritten none fits.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256

from sqlalchemy import BigInteger, ColumnElement, Text, column, func, insert, select, table
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.sealing.sealed import ANEW, HOLD, KINDS, MARKS, SERIES, Kind, Listed
from catalog.store import BigId, Turn

MOST = 20_000
"""So many rows are listed by one link; a larger commit has several."""
CHUNK = 500
BEGINNING = "0" * 64
"""What stands for the hash before the first link."""


class Link(SQLModel, table=True):
    """One link of the chain: what a commit wrote, or a part of it."""

    __tablename__ = "chain"

    number: int = Field(sa_type=BigId, primary_key=True, sa_column_kwargs={"autoincrement": False})
    ingest: int = Field(sa_type=BigInteger)
    """The commit's number."""
    sequence: int = Field(sa_type=BigInteger)
    """The last event of the log by then."""
    tops: str = Field(sa_type=Text)
    """JSON: the identifier of the last listed row of each kind that this chain lists."""
    entries: str = Field(sa_type=Text)
    """One line a row: its kind, its identifier, its digest."""
    hash: str
    """Of all of this and of the link before."""


_RENAMED = table("series_before", column("series_id"), column("ingest"))
"""What series were called before a commit gave them other names."""


def last_link(session: Session) -> Link | None:
    """Give the chain's last link; None while there is none."""
    return session.scalars(select(Link).order_by(col(Link.number).desc()).limit(1)).one_or_none()


def hash_of(link: Mapping[str, object], previous: str) -> str:
    """Give the hash that a link's columns have after the link of a hash."""
    said = (link[name] for name in ("number", "ingest", "sequence", "tops", "entries"))
    return sha256("\n".join((previous, *map(str, said))).encode()).hexdigest()


def seal(turn: Turn) -> None:
    """Add the links of what this turn wrote; to an empty chain, of all that is in the store."""
    last = last_link(turn.session)
    if last is not None and turn.taken is None:
        return
    tops: dict[str, int] = json.loads(last.tops) if last else {}
    number, previous = (last.number, last.hash) if last else (0, BEGINNING)
    lines: list[Listed] = []
    for line in _written(turn, dict(tops), None if last is None else turn.taken):
        if len(lines) == MOST:
            number, previous = number + 1, _add(turn, number + 1, previous, lines, tops)
            lines = []
        lines.append(line)
    if lines:
        _add(turn, number + 1, previous, lines, tops)


def _add(turn: Turn, number: int, previous: str, lines: list[Listed], tops: dict[str, int]) -> str:
    for kind in (*KINDS, *ANEW):
        tops.setdefault(kind.name, 0)
    for line in lines:
        if line.kind in _GROWING:
            tops[line.kind] = max(line.id, tops[line.kind])
    row: dict[str, int | str] = {
        "number": number,
        "ingest": turn.taken or turn.last_ingest,
        "sequence": turn.last_event,
        "tops": json.dumps(tops, sort_keys=True),
        "entries": "\n".join(map(str, lines)),
    }
    row["hash"] = hash_of(row, previous)
    turn.session.execute(insert(Link).values(row))
    return str(row["hash"])


_GROWING = {kind.name for kind in KINDS}


def _written(turn: Turn, tops: Mapping[str, int], ingest: int | None) -> Iterator[Listed]:
    """Give the rows that are to be listed; ``ingest`` is None where all are that there are.

    Of a kind that the chain did not list before, all are.
    """
    session = turn.session
    for kind, top in _grown(session, tops):
        yield from _pages(session, kind, top, ingest if kind.name in tops else None)
    for kind, condition in _changed(ingest):
        yield from (line for line, _ in kind.find(session, condition))
    for kind in ANEW:
        everything = ingest is None or kind.name not in tops
        yield from _all(session, kind) if everything else _again(turn, kind, tops["visit"])


def _grown(session: Session, tops: Mapping[str, int]) -> Iterator[tuple[Kind, int]]:
    """Give the kinds of which there are rows that are not listed, with the last that is."""
    lasts = (select(func.max(kind.id)).scalar_subquery() for kind in KINDS)
    for kind, last in zip(KINDS, session.execute(select(*lasts)).one(), strict=True):
        top = tops.get(kind.name, 0)
        if last is not None and last > top:
            yield kind, top


def _pages(session: Session, kind: Kind, top: int, ingest: int | None) -> Iterator[Listed]:
    limit = None if kind.grouped else MOST
    while True:
        found = kind.find(session, kind.id > top, *kind.written_by(ingest), limit=limit)
        yield from (line for line, _ in found)
        if len(found) != limit:
            return
        top = found[-1][0].id


def _changed(ingest: int | None) -> Iterator[tuple[Kind, ColumnElement[bool]]]:
    """Name the rows of earlier commits that one says something else of; None: that any did."""
    renamed = select(_RENAMED.c.series_id).where(_RENAMED.c.ingest == ingest)
    yield SERIES, SERIES.id.in_(renamed)
    yield HOLD, HOLD.rows.c["decided"] == ingest
    for kind in MARKS:
        mark = kind.rows.c[kind.columns[0]]
        yield kind, mark.is_not(None) if ingest is None else mark == ingest


def _all(session: Session, kind: Kind) -> Iterator[Listed]:
    yield from (line for line, _ in kind.find(session))


def _again(turn: Turn, kind: Kind, known: int) -> Iterator[Listed]:
    """Give what this turn wrote anew; nothing, where nothing is left of a visit known before."""
    wanted = sorted(turn.again.get(kind.follows, ()))
    found: set[int] = set()
    for start in range(0, len(wanted), CHUNK):
        for line, _ in kind.find(turn.session, kind.id.in_(wanted[start : start + CHUNK])):
            found.add(line.id)
            yield line
    if kind.grouped:
        gone = (number for number in wanted if number not in found and number <= known)
        yield from (Listed(kind.name, number, "") for number in gone)
