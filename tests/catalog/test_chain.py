"""What was written stays as it was: whatever is altered, taken away or slipped in is named."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from scrapy.http import Response
from sqlalchemy import Connection, Engine, create_engine, delete, insert, select, text, update
from sqlmodel import col

from catalog.archive import ArchiveError, check_archived
from catalog.bundle import sum_up, write_page
from catalog.chain import BEGINNING, EVENT, KINDS, MARKS, Kind, Link, hash_of
from catalog.corrections import Correction
from catalog.holds import Decision, open_holds
from catalog.ingest import correct_price, review
from catalog.moments import parse_moment
from catalog.proof import Anchor, AnchorError, Proof, verify
from catalog.reading import Adjustment, Fact, Rate, Reading, Score
from catalog.registry import adopt
from catalog.store import UtcDateTime, reading
from catalog.tables import METADATA
from catalog.vocabulary import Cause, Outcome
from spiders.fetching.archive import Archive
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
PAGE = b"Opus: $4"
NOON = parse_moment("2026-05-09T12:00:00Z")
LINK = Kind("link", "chain", (), key="number")
REVISION = next(kind for kind in KINDS if kind.name == "revision")
UNSEALED = {
    "sources": {"kind", "provider", "cadence_seconds", "reader_version"},
    "documents": {"place", "url", "forms", "minimum_models", "minimum_points"},
    "facts": {"model"},
    "scores": {"model"},
    "revisions": {"superseded"},
}
"""Declared anew at every start, or derived; ``superseded`` is listed when it is set."""

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
"""For what does not depend on the kind of store."""


@dataclass(frozen=True)
class Kept:
    """A store with something of every kind in it, and its archive."""

    catalog: Catalog
    archive: Path

    @property
    def engine(self) -> Engine:
        """The store."""
        return self.catalog.engine

    def verify(self, expect: Anchor | None = None) -> Proof:
        """Verify the store and its archive."""
        return verify(self.engine, self.archive, expect=expect)

    def first(self, expect: Anchor | None = None) -> str:
        """Say what is named first; empty where all is whole."""
        flaw = self.verify(expect).first
        return flaw.said if flaw else ""


@pytest.fixture(autouse=True)
def nothing_is_bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the files that ship: they take the most time."""
    sum_up(tmp_path)
    monkeypatch.setattr("catalog.proof.BUNDLED", tmp_path)
    monkeypatch.setattr("catalog.proof.CATALOGS", tmp_path)


@pytest.fixture
def kept(store: Engine, tmp_path: Path) -> Kept:
    """Take in a page of everything, a late one, a held one that is let through, a correction."""
    kept = Kept(Catalog(store), tmp_path / "archive")
    catalog = kept.catalog
    everything = Reading(
        form="a",
        points=(point(OPUS, "5"), point("Claude Haiku 4.5", "1")),
        facts=(Fact(model=OPUS, name="context_tokens", value="200000", evidence="200K"),),
        scores=(Score(model=OPUS, benchmark="eci", score=Decimal("150.5"), evidence="150.5"),),
        rates=(Rate.model_validate({"currency": "USD", "rate": "1.08", "date": "2026-05-01"}),),
        adjustments=(
            Adjustment(name="us-only", factor=Decimal("1.1"), scope="all", evidence="1.1x"),
        ),
    )
    stored = Archive(kept.archive).store(Response("https://anthropic.example", body=PAGE), NOON)
    haiku = point("Claude Haiku 4.5", "1")
    known = visit("2026-05-09", point(OPUS, "4"), haiku, sha256=stored.sha256)
    catalog.take(visit("2026-05-01", reading=everything, sha256="0" * 64), known)
    catalog.take(visit("2026-05-05", point(OPUS, "4.5"), haiku))
    again = known.model_copy(
        update={
            "fetched_at": parse_moment("2026-05-10"),
            "cause": Cause.OBSERVED,
            "archived": True,
            "status": 200,
            "headers": (("ETag", '"v1"'),),
            "size": len(PAGE),
        }
    )
    moved = visit("2026-05-11", point(OPUS, "40"), haiku, cause=Cause.OBSERVED)
    catalog.take(again, moved)
    with reading(store) as session:
        held = [hold.id for hold in open_holds(session)]
    review(store, held, Decision.APPROVED, identity=catalog.identity, now=catalog.now)
    correction = Correction(
        series=catalog.prices()[0].series,
        amount=Decimal(7),
        valid_from=parse_moment("2026-05-02"),
        reason="a slip",
        url="https://anthropic.example/news",
        words="it was $7",
    )
    correct_price(store, correction, identity=catalog.identity, now=catalog.now)
    return kept


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """Write past the triggers and foreign keys, as who holds the file or the server can."""
    on_server = engine.dialect.name == "postgresql"
    plain = engine if on_server else create_engine(engine.url)
    with plain.begin() as connection:
        if on_server:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in connection.scalars(text(triggers)).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
    if not on_server:
        plain.dispose()


def run(engine: Engine, *statements: str, **values: int) -> None:
    with unguarded(engine) as connection:
        for statement in statements:
            bound = text(statement)
            named = {name: values[name] for name in bound.compile().params}
            connection.execute(bound, named)


def last_of(engine: Engine, kind: Kind) -> int:
    marked = f"WHERE {kind.columns[0]} IS NOT NULL" if kind in MARKS else ""
    with engine.connect() as connection:
        query = f"SELECT max({kind.key}) FROM {kind.table} {marked}"  # noqa: S608 our own words
        return int(connection.scalar(text(query)) or 0)


def otherwise(value: object, kind: type) -> object:
    """Make a value another one of its type."""
    if value is None:
        return parse_moment("2026-05-01") if kind is datetime else "x" if kind is str else 77
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    return [*value, "more"] if isinstance(value, list) else f"{value}0"


@contextmanager
def altered(engine: Engine, kind: Kind, name: str, number: int) -> Iterator[None]:
    """Alter one column of one row for a while."""
    table = METADATA.tables[kind.table]
    column, this = table.c[name], table.c[kind.key] == number
    python = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    with unguarded(engine) as connection:
        was = connection.scalar(select(column).where(this))
        connection.execute(update(table).where(this).values({name: otherwise(was, python)}))
    yield
    with unguarded(engine) as connection:
        connection.execute(update(table).where(this).values({name: was}))


def test_a_store_that_nobody_altered_is_whole(kept: Kept) -> None:
    proof = kept.verify()
    assert proof.is_whole
    assert proof.head is not None
    assert proof.head.sequence == kept.catalog.events()[-1].sequence
    assert kept.verify(proof.head).is_whole


def test_every_column_of_every_row_of_history_is_sealed(kept: Kept) -> None:
    for kind in (*KINDS, *MARKS):
        number = last_of(kept.engine, kind)
        assert number, f"the fixture holds no {kind.name}"
        for name in kind.columns:
            with altered(kept.engine, kind, name, number):
                assert kept.first().startswith(f"{kind.name} {number}"), (kind.name, name)
    assert kept.verify().is_whole


def test_what_is_not_sealed_is_declared_anew_or_derived() -> None:
    for kind in KINDS:
        columns = {column.name for column in METADATA.tables[kind.table].columns}
        assert columns - {kind.key, *kind.columns} == UNSEALED.get(kind.table, set())


def test_what_is_taken_away_is_named(kept: Kept) -> None:
    for kind in KINDS:
        number = last_of(kept.engine, kind)
        table = METADATA.tables[kind.table]
        this = table.c[kind.key] == number
        with unguarded(kept.engine) as connection:
            row = connection.execute(select(table).where(this)).mappings().one()
            connection.execute(delete(table).where(this))
        assert kept.first() == f"{kind.name} {number} is missing"
        with unguarded(kept.engine) as connection:
            connection.execute(insert(table).values(dict(row)))
    assert kept.verify().is_whole


def test_what_is_slipped_in_is_named(kept: Kept) -> None:
    number = last_of(kept.engine, EVENT)
    columns = ", ".join(column.name for column in METADATA.tables["change_events"].columns)
    copied = columns.replace("sequence", "sequence + 1", 1)
    run(
        kept.engine,
        f"INSERT INTO change_events ({columns}) SELECT {copied} FROM change_events"  # noqa: S608 our own words
        f" WHERE sequence = {number}",
    )
    assert kept.first().startswith(f"event {number + 1} (")
    assert kept.first().endswith("was slipped in: no link lists it")


@on_sqlite
def test_what_was_slipped_in_is_not_taken_over_by_the_next_commit(kept: Kept) -> None:
    named = [column.name for column in METADATA.tables["revisions"].columns]
    columns = ", ".join(name for name in named if name not in {"id", "superseded"})
    copied = columns.replace("valid_from", "(SELECT recorded_at FROM sequence)")
    number = last_of(kept.engine, REVISION)
    run(
        kept.engine,
        f"INSERT INTO revisions ({columns}) SELECT {copied} FROM revisions"  # noqa: S608 our own words
        f" WHERE id = {number}",
    )
    kept.catalog.take(visit("2026-05-20", point(OPUS, "3")))
    assert kept.first().startswith(f"revision {number + 1} (")
    assert "was slipped in" in kept.first()


@on_sqlite
def test_a_link_that_is_altered_taken_away_or_written_anew_is_named(kept: Kept) -> None:
    for name in ("ingest", "sequence", "tops", "entries", "hash"):
        with altered(kept.engine, LINK, name, 3):
            assert kept.first() == "link 3 of the chain is altered"
    run(kept.engine, "DELETE FROM chain WHERE number = 3")
    assert kept.first() == "link 3 of the chain is missing"


@on_sqlite
def test_of_several_the_first_that_was_recorded_is_named(kept: Kept) -> None:
    number = last_of(kept.engine, EVENT)
    run(
        kept.engine,
        "UPDATE change_events SET detail = 'no' WHERE sequence = :number",
        "UPDATE revisions SET amount = 1 WHERE id = 1",
        number=number,
    )
    assert kept.first() == "revision 1 (Claude Haiku 4.5) is altered"
    assert kept.verify().flaws == 2


def cut_off(engine: Engine, kept_links: int) -> None:
    """Cut the chain and the last commits off, with the numbers they took."""
    with engine.connect() as connection:
        query = select(col(Link.ingest), col(Link.sequence)).where(col(Link.number) == kept_links)
        ingest, sequence = connection.execute(query).one()
    run(
        engine,
        "DELETE FROM chain WHERE number > :kept_links",
        "DELETE FROM change_events WHERE ingest > :ingest",
        "DELETE FROM revisions WHERE ingest > :ingest",
        "DELETE FROM run_documents WHERE ingest > :ingest",
        "DELETE FROM ingests WHERE number > :ingest",
        "UPDATE sequence SET ingest = :ingest, event = :sequence",
        kept_links=kept_links,
        ingest=ingest,
        sequence=sequence,
    )


@on_sqlite
def test_rows_without_their_last_link_are_named(kept: Kept) -> None:
    run(kept.engine, "DELETE FROM chain WHERE number = :last", last=kept.verify().links)
    assert "was slipped in: no link lists it" in kept.first()


def test_a_whole_end_that_was_cut_off_shows_against_a_head_that_was_kept(
    store: Engine, tmp_path: Path
) -> None:
    kept = Kept(Catalog(store), tmp_path)
    kept.catalog.take(visit("2026-05-01", point(OPUS, "5")))
    early = kept.verify()
    again = {"outcome": Outcome.UNCHANGED, "reading": None, "sha256": None}
    kept.catalog.take(visit("2026-05-02", **again))
    late = kept.verify(early.head)
    assert late.is_whole
    cut_off(store, early.links)
    assert kept.verify(early.head).is_whole
    assert kept.first(late.head).startswith(f"the chain has no link {late.head}: its end was cut")


@on_sqlite
def test_an_end_that_was_cut_off_leaves_numbers_that_were_given(store: Engine) -> None:
    kept = Kept(Catalog(store), Path())
    kept.catalog.take(visit("2026-05-01", point(OPUS, "5")))
    run(store, "UPDATE sequence SET ingest = ingest + 1")
    assert "but numbers were given to event" in kept.first()


def test_an_anchor_is_a_number_and_a_hash() -> None:
    assert Anchor.of(f"12:{'A' * 64}") == Anchor(12, "a" * 64)
    for wrong in ("", "12", f"x:{BEGINNING}", "12:abc"):
        with pytest.raises(AnchorError, match="is no anchor; write"):
            Anchor.of(wrong)


@on_sqlite
def test_anybody_can_compute_a_link_again(kept: Kept) -> None:
    with reading(kept.engine) as session:
        first, second = session.scalars(select(Link).order_by(col(Link.number)).limit(2))
        said = [first.number, first.ingest, first.sequence, first.tops, first.entries]
    assert first.hash == sha256("\n".join([BEGINNING, *map(str, said)]).encode()).hexdigest()
    assert second.hash == hash_of(second.model_dump(), first.hash)


def test_a_store_from_before_the_chain_gets_one_of_what_is_there(kept: Kept) -> None:
    run(kept.engine, "DELETE FROM chain")
    assert kept.first() == "there is no chain yet; run `tokentape migrate`, which begins it"
    adopt(kept.engine, kept.catalog.identity, now=kept.catalog.now)
    assert kept.verify().is_whole


def test_a_large_commit_has_several_links(
    store: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("catalog.chain.MOST", 7)
    monkeypatch.setattr("catalog.proof.MOST", 7)
    kept = Kept(Catalog(store), tmp_path)
    kept.catalog.take(visit("2026-05-01", *(point(f"Model {n}", "1") for n in range(30))))
    proof = kept.verify()
    assert proof.is_whole
    assert proof.links > 10
    run(store, "UPDATE revisions SET amount = 2 WHERE id = 20")
    assert kept.first() == "revision 20 (Model 26) is altered"


def is_proven(archive: Path, digest: str) -> bool:
    try:
        check_archived(archive, digest)
    except ArchiveError:
        return False
    return True


@on_sqlite
def test_every_byte_of_an_archived_page_is_proven(kept: Kept) -> None:
    [path] = kept.archive.rglob("*.warc.gz")
    whole, digest = path.read_bytes(), sha256(PAGE).hexdigest()
    for place in range(10, len(whole)):  # What comes before is no content: a date, a system.
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        if is_proven(kept.archive, digest):  # Compression can say one thing in two ways.
            assert gzip.decompress(path.read_bytes()) == gzip.decompress(whole)
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert kept.first().startswith(f"snapshot {digest} (https://anthropic.example/docs): ")
    path.write_bytes(whole)
    assert kept.verify().is_whole
    path.unlink()
    assert f"holds no {digest}" in kept.first()


def test_every_bundled_file_has_its_sha256(
    sqlite_store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(Catalog(sqlite_store), tmp_path)
    assert kept.verify().is_whole
    folder = tmp_path / "history"
    page = write_page(folder, visit("2026-05-01", point(OPUS, "5")))
    sum_up(folder)
    monkeypatch.setattr("catalog.proof.BUNDLED", folder)
    assert kept.verify().is_whole
    page.write_text(page.read_text().replace("5", "6"))
    assert kept.first() == f"bundled page {page} is altered: it does not have its sha256"
    page.unlink()
    assert kept.first() == f"bundled page {page} is missing"
