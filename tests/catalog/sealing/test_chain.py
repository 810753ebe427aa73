"""What was written stays as it was: whatever is altered, taken away or slipped in is named."""

import gzip
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from scrapy.http import Response
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    create_engine,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlmodel import col

from catalog.bundle import sum_up, write_page
from catalog.documents.archive import ArchiveError, check_archived
from catalog.identity import Alias, LabelAlias, load
from catalog.identity.registry import adopt
from catalog.moments import parse_moment
from catalog.reading import Adjustment, Fact, Rate, Reading, Score
from catalog.review.correcting import correct_price
from catalog.review.corrections import Correction
from catalog.review.deciding import review
from catalog.review.holds import Decision, open_holds
from catalog.sealing.anchors import Anchor, AnchorError
from catalog.sealing.chain import BEGINNING, Link, hash_of
from catalog.sealing.proof import Proof, verify
from catalog.sealing.sealed import ANEW, EVENT, KINDS, MARKS, Kind
from catalog.store import UtcDateTime, open_store, reading
from catalog.tables import METADATA
from catalog.vocabulary import Cause, Edge, Outcome
from spiders.fetching.archive import Archive
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
PAGE = b"Opus: $4"
NOON = parse_moment("2026-05-09T12:00:00Z")
LINK = Kind("link", "chain", (), key="number")
REVISION = next(kind for kind in KINDS if kind.name == "revision")
SEALED = (*KINDS, *MARKS, *ANEW)
RECOMPUTED = {
    "runs": {"finished_at", "outcome", "ingest"},
    "providers": {"id", "name"},
    "models": {"id", "maker", "name", "family", "kind", "home_region"},
    "aliases": {"source", "printed", "model", "edge", "why"},
    "sequence": {"ingest", "event", "recorded_at"},
    "chain": {"number", "ingest", "sequence", "tops", "entries", "hash"},
}
"""What is compared with what the rest says: visits, adoptions, the last link."""
NOTHING: Mapping[str, str] = {}
NO_ANSWER: Mapping[str, str | Mapping[str, str]] = {
    "aliases": {"id": "a number that nothing refers to"},
    "sequence": {"id": "the one row's"},
    "api_keys": "who may ask, and how often; no answer rests on it",
    "subscriptions": "whom to deliver to; what is delivered is read from the log",
    "subscription_secrets": "what deliveries are signed with",
    "deliveries": "how far delivering has come",
    "attempts": "how delivering went",
}
"""What no answer about prices rests on, and why."""

OF_OPUS, OF_HAIKU = "anthropic/claude-opus-4.7", "anthropic/claude-haiku-4.5"
FEW = replace(
    load(),
    models={name: load().models[name] for name in (OF_OPUS, OF_HAIKU)},
    aliases=(),
    rules=(),
    labels=(),
    pointers=(),
)
KNOWING_A_TIER = replace(
    FEW, labels=(LabelAlias("anthropic", "tier", "turbo", "fast", None, "a test says so"),)
)
KNOWING_A_NAME = replace(
    KNOWING_A_TIER,
    aliases=(Alias("anthropic", "Mystery 2", OF_OPUS, Edge.ALIAS, "a test says so"),),
)

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
    monkeypatch.setattr("catalog.sealing.proof.BUNDLED", tmp_path)
    monkeypatch.setattr("catalog.sealing.proof.CATALOGS", tmp_path)


@pytest.fixture(scope="session")
def kept_before(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a SQLite store with something of everything, to be copied."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copy(migrated_sqlite, folder / "tokentape.db")
    engine = open_store(f"sqlite:///{folder}/tokentape.db")
    fill(engine, folder / "archive")
    engine.dispose()
    return folder


@pytest.fixture
def kept(store: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Kept:
    """Give a store with something of everything, of each kind in turn."""
    if store.dialect.name == "postgresql":
        return fill(store, tmp_path / "archive")
    before: Path = request.getfixturevalue("kept_before")
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)
    return Kept(Catalog(store, identity=KNOWING_A_NAME), tmp_path / "archive")


def fill(store: Engine, archive: Path) -> Kept:
    """Take in a page of everything, a late one, a held one that is let through, a correction."""
    kept = Kept(Catalog(store, identity=FEW), archive)
    catalog = kept.catalog
    adopt(store, FEW, now=catalog.now)
    everything = Reading(
        form="a",
        points=(
            point(OPUS, "5"),
            point("Claude Haiku 4.5", "1"),
            point("Mystery 1", "5", tier="turbo"),
            point("Mystery 2", "5"),
        ),
        facts=(Fact(model="Mystery 2", name="context_tokens", value="200000", evidence="200K"),),
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
    for names in (KNOWING_A_TIER, KNOWING_A_NAME):
        adopt(store, names, now=catalog.now)
    catalog.identity = KNOWING_A_NAME
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
            connection.execute(text("PRAGMA synchronous = OFF"))
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
    table = METADATA.tables[kind.table]
    query = select(func.max(table.c[kind.key]))
    if kind in MARKS:
        query = query.where(table.c[kind.columns[0]].is_not(None))
    with engine.connect() as connection:
        return int(connection.scalar(query) or 0)


def otherwise(value: object, kind: type) -> object:
    """Make a value another one of its type."""
    if value is None:
        return parse_moment("2026-05-01") if kind is datetime else "x" if kind is str else 77
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    return [*value, "more"] if isinstance(value, list) else f"{value}0"


@contextmanager
def altered(engine: Engine, kind: Kind, name: str, number: int) -> Iterator[None]:
    """Alter one column of one row for a while."""
    table = METADATA.tables[kind.table]
    column = table.c[name]
    python = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    with unguarded(engine) as connection:
        this = table.c[kind.key] == number
        row = dict(connection.execute(select(table).where(this)).mappings().first() or {})
        connection.execute(delete(table).where(*is_row(table, row)))
        other = row | {name: otherwise(row[name], python)}
        connection.execute(insert(table).values(other))
    yield
    with unguarded(engine) as connection:
        connection.execute(delete(table).where(*is_row(table, other)))
        connection.execute(insert(table).values(row))


def is_row(table: Table, row: Mapping[str, object]) -> Iterator[ColumnElement[bool]]:
    yield from (column == row[column.name] for column in table.primary_key)


def test_a_store_that_nobody_altered_is_whole(kept: Kept) -> None:
    proof = kept.verify()
    assert proof.is_whole
    assert proof.head is not None
    assert proof.head.sequence == kept.catalog.events()[-1].sequence
    assert kept.verify(proof.head).is_whole


def test_every_column_that_is_sealed_is_found_when_altered(kept: Kept) -> None:
    for kind in SEALED:
        number = last_of(kept.engine, kind)
        assert number, f"the fixture holds no {kind.name}"
        some = kind.columns if kept.engine.dialect.name == "sqlite" else kind.columns[-1:]
        for name in some:
            with altered(kept.engine, kind, name, number):
                is_key = name == "id"  # The row of that number is missed before the group is.
                said = f"{kind.name} {number}" if not is_key else kind.name.split("s of ")[0]
                assert kept.first().startswith(said), (kind.name, name)
    assert kept.verify().is_whole


@on_sqlite
@pytest.mark.parametrize("name", RECOMPUTED)
def test_every_column_that_is_recomputed_is_found_when_altered(kept: Kept, name: str) -> None:
    table = METADATA.tables[name]
    key = next(iter(table.primary_key)).name
    with kept.engine.connect() as connection:
        last = connection.scalar(select(func.max(table.c[key])))
    for column in RECOMPUTED[name]:
        if (name, column) != ("sequence", "recorded_at"):
            with altered(kept.engine, Kind(name, name, (), key=key), column, last):
                assert not kept.verify().is_whole, column
    run(kept.engine, "UPDATE sequence SET recorded_at = '2026-01-01T00:00:00.000000Z'")
    assert kept.first().startswith("the last moment that was recorded at is altered")


def test_every_column_of_the_schema_is_sealed_or_recomputed_or_left_out_with_a_reason() -> None:
    for name, table in METADATA.tables.items():
        reason = NO_ANSWER.get(name, NOTHING)
        if isinstance(reason, str):
            continue
        kinds = [kind for kind in SEALED if kind.table == name]
        known = {column for kind in kinds for column in (kind.key, *kind.columns)}
        known |= RECOMPUTED.get(name, set()) | reason.keys()
        assert {column.name for column in table.columns} == known, name


@on_sqlite
def test_what_is_taken_away_is_named(kept: Kept) -> None:
    for kind in (*KINDS, *(one for one in ANEW if one.table == "assertions")):
        number = last_of(kept.engine, kind)
        table = METADATA.tables[kind.table]
        this = table.c[kind.key] == number
        with unguarded(kept.engine) as connection:
            rows = connection.execute(select(table).where(this)).mappings().all()
            connection.execute(delete(table).where(this))
        assert kept.first().endswith(f"{kind.name} {number} is missing")
        with unguarded(kept.engine) as connection:
            connection.execute(insert(table), [dict(row) for row in rows])
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
    assert kept.first() == "revision 1 (Mystery 1) is altered"
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
        "DELETE FROM runs WHERE ingest > :ingest",
        "DELETE FROM ingests WHERE number > :ingest",
        "UPDATE sequence SET ingest = :ingest, event = :sequence",
        kept_links=kept_links,
        ingest=ingest,
        sequence=sequence,
    )


@on_sqlite
def test_rows_without_their_last_link_are_named(store: Engine, tmp_path: Path) -> None:
    kept = Kept(Catalog(store), tmp_path)
    kept.catalog.take(visit("2026-05-01", point(OPUS, "5")), visit("2026-05-02", point(OPUS, "4")))
    run(store, "DELETE FROM chain WHERE number = :last", last=kept.verify().links)
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


@on_sqlite
def test_an_older_chain_lists_kinds_that_are_new_to_it_with_the_next_commit(
    store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("catalog.sealing.chain.KINDS", KINDS[: KINDS.index(EVENT) + 1])
        before.setattr("catalog.sealing.chain.ANEW", ())
        kept = fill(store, tmp_path)
    assert not kept.verify().is_whole
    kept.catalog.take(visit("2026-05-20", point(OPUS, "3")))
    assert kept.verify().is_whole


def test_a_large_commit_has_several_links(
    store: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("catalog.sealing.chain.MOST", 7)
    monkeypatch.setattr("catalog.sealing.proof.MOST", 7)
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
    monkeypatch.setattr("catalog.sealing.proof.BUNDLED", folder)
    assert kept.verify().is_whole
    page.write_text(page.read_text().replace("5", "6"))
    assert kept.first() == f"bundled page {page} is altered: it does not have its sha256"
    page.unlink()
    assert kept.first() == f"bundled page {page} is missing"
