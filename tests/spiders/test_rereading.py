"""Reading the archive again: every difference is told, and only --apply writes."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from catalog.events.changes import since
from catalog.money import plain
from catalog.review.holds import open_holds
from catalog.store import reading
from catalog.vocabulary import Cause, EventType, Meter, Outcome
from spiders.columns import Role
from spiders.commands import commands
from spiders.price_table import Model, Price, PriceTable
from spiders.rereading import pages_again, read_again
from spiders.signs import has_column
from spiders.source import Document, Form, Source
from spiders.terminal import show_difference
from tests.spiders.shop import NOON, TOKENS, crawl_at, shop, table, visits
from tests.spiders.site import Answer, Site, page, serving

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a store and an archive of this test's own."""
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", f"sqlite:///{tmp_path / 'tokentape.db'}")
    monkeypatch.setenv("TOKENTAPE_ARCHIVE", str(tmp_path / "archive"))


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.says("/pricing", page(table()))
        yield site


def read_otherwise(url: str, *, version: int = 2, **columns: Meter) -> Source:
    """Make the shop with a reader for which the columns hold prices of other meters."""
    roles: dict[str, Role] = {
        "Model": Model(),
        **{name: Price(meter) for name, meter in columns.items()},
    }
    source = shop(url, version=version)
    tables = (PriceTable(None, roles, terms=TOKENS.terms),)
    form = Form("tokens", recognise=has_column(*columns), tables=tables)
    source.documents = (Document("pricing", url, forms=(form,)),)
    return source


def swapped(url: str, *, version: int = 2) -> Source:
    """Read input as output and the other way round."""
    return read_otherwise(
        url, version=version, Input=Meter.OUTPUT_TOKENS, Output=Meter.INPUT_TOKENS
    )


def only(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a source be the only one there is."""

    def find(name: str) -> Source:
        return {"shop": source}[name]

    monkeypatch.setattr("spiders.loading.sources", lambda: {"shop": source})
    monkeypatch.setattr("spiders.source.source_named", find)
    monkeypatch.setattr("spiders.source.source_names", lambda: ["shop"])
    monkeypatch.setattr("spiders.source.sources", lambda: {"shop": source})


def call(*words: str) -> Result:
    return CliRunner().invoke(commands, ["reread", *words])


def told(result: Result) -> list[tuple[object, object, object, object]]:
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return sorted(
        (
            line["what"],
            line["difference"],
            (line["stored"] or {}).get("meter") or (line["stored"] or {}).get("outcome"),
            (line["now"] or {}).get("meter") or (line["now"] or {}).get("outcome"),
        )
        for line in lines
    )


def test_a_reader_that_reads_as_before_differs_in_nothing_and_exits_0(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.url("/pricing")
    crawl_at(sqlite_store, shop(url), tmp_path)
    only(shop(url, version=2), monkeypatch)
    result = call()
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 archived pages read again: 0 differences, 0 applied.\n"


def test_each_price_that_is_read_otherwise_is_told_and_nothing_is_written(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.url("/pricing")
    crawl_at(sqlite_store, shop(url), tmp_path)
    only(swapped(url), monkeypatch)
    result = call("shop")
    assert result.exit_code == 1
    assert told(result) == [
        ("points", "different", "input_tokens", "input_tokens"),
        ("points", "different", "output_tokens", "output_tokens"),
    ]
    first = json.loads(result.stdout.splitlines()[0])
    assert (first["stored"]["amount"], first["now"]["amount"]) == ("3", "15")
    assert (first["source"], first["document"], first["url"]) == ("shop", "pricing", url)
    assert (first["fetched_at"], first["applied"]) == ("2026-11-22T12:00:00Z", False)
    assert len(visits(sqlite_store)) == 1


def test_a_price_of_another_meter_is_one_gone_and_one_added(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.url("/pricing")
    crawl_at(sqlite_store, shop(url), tmp_path)
    other = read_otherwise(url, Input=Meter.INPUT_TOKENS, Output=Meter.CACHE_READ_TOKENS)
    only(other, monkeypatch)
    assert told(call()) == [
        ("points", "added", None, "cache_read_tokens"),
        ("points", "gone", "output_tokens", None),
    ]


def test_applied_differences_are_corrections_at_every_time_the_page_was_seen(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Answer(body=table().encode(), headers={"Content-Type": "text/html", "ETag": '"v1"'})
    url = site.says("/pricing", whole, Answer(status=304))
    crawl_at(sqlite_store, shop(url), tmp_path)
    crawl_at(sqlite_store, shop(url), tmp_path, now=NOON + HOUR)
    only(swapped(url), monkeypatch)
    result = call("--apply")
    assert result.exit_code == 0
    assert [json.loads(line)["applied"] for line in result.stdout.splitlines()] == [True, True]
    corrected = [v.fetched_at for v in visits(sqlite_store) if v.cause == Cause.CORRECTED]
    assert corrected == [NOON, NOON + HOUR]
    with reading(sqlite_store) as session:
        events = [event for event in since(session) if not event.initial]
    assert {(e.type, e.cause, plain(e.new)) for e in events if e.new} == {
        (EventType.PRICE_CORRECTED, Cause.CORRECTED, "15"),
        (EventType.PRICE_CORRECTED, Cause.CORRECTED, "3"),
    }
    assert call().exit_code == 0


def test_a_reader_that_changed_without_a_new_version_corrects_nothing(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.url("/pricing")
    crawl_at(sqlite_store, shop(url), tmp_path)
    only(swapped(url, version=1), monkeypatch)
    result = call("--apply")
    assert result.exit_code == 1
    [first, _] = [json.loads(line) for line in result.stdout.splitlines()]
    assert first["detail"] == "raise the reader_version of shop first: its reader has changed"
    assert len(visits(sqlite_store)) == 1


def test_a_page_that_is_not_read_any_more_is_told_and_corrects_nothing(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.url("/pricing")
    crawl_at(sqlite_store, shop(url), tmp_path)
    other = read_otherwise(url, Input=Meter.INPUT_TOKENS, Cached=Meter.CACHE_READ_TOKENS)
    only(other, monkeypatch)
    result = call("--apply")
    assert result.exit_code == 1
    assert told(result) == [("outcome", "different", "ok", "page_changed")]
    assert "what is stored of it stays" in result.stdout
    assert len(visits(sqlite_store)) == 1


def test_a_refused_page_that_is_read_today_is_told_and_can_be_applied(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.url("/pricing")
    other = read_otherwise(url, version=1, Input=Meter.INPUT_TOKENS, Cached=Meter.CACHE_READ_TOKENS)
    [refused] = crawl_at(sqlite_store, other, tmp_path)
    assert refused.outcome is Outcome.PAGE_CHANGED
    only(shop(url, version=2), monkeypatch)
    assert told(call()) == [("outcome", "different", "page_changed", "ok")]
    assert call("--apply").exit_code == 0
    assert visits(sqlite_store)[-1].outcome == Outcome.OK
    assert call().exit_code == 0


def test_a_page_that_its_status_refused_is_no_matter_of_readers(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.says("/pricing", Answer(status=403, body=table().encode()))
    [refused] = crawl_at(sqlite_store, shop(url), tmp_path)
    assert refused.outcome is Outcome.BLOCKED
    only(shop(url, version=2), monkeypatch)
    assert (call().exit_code, call().stdout) == (0, "")


def test_what_a_guard_holds_is_not_let_through_by_a_correction(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.says("/pricing", page(table("$3")), page(table("$300")))
    crawl_at(sqlite_store, shop(url), tmp_path)
    crawl_at(sqlite_store, shop(url), tmp_path, now=NOON + HOUR)
    with reading(sqlite_store) as session:
        assert open_holds(session)
    only(swapped(url), monkeypatch)
    lines = [json.loads(line) for line in call("--apply").stdout.splitlines()]
    assert [(line["fetched_at"], line["applied"]) for line in lines] == [
        ("2026-11-22T12:00:00Z", True),
        ("2026-11-22T12:00:00Z", True),
        ("2026-11-22T13:00:00Z", False),
        ("2026-11-22T13:00:00Z", False),
    ]
    assert "decide with `tokentape review` first" in lines[-1]["detail"]


def test_a_page_that_the_archive_lost_is_told(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.url("/pricing")
    crawl_at(sqlite_store, shop(url), tmp_path)
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    only(shop(url), monkeypatch)
    result = call("--apply")
    assert result.exit_code == 1
    assert told(result) == [("archive", "gone", None, None)]


def test_an_unknown_source_exits_2_and_names_those_there_are(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    del sqlite_store
    only(shop("https://shop.example/pricing"), monkeypatch)
    result = call("nobody")
    assert result.exit_code == 2
    assert "no source is named 'nobody'; there are: shop" in result.stderr.replace("│", " ")


def test_a_terminal_is_told_in_words_that_cannot_steer_it(
    sqlite_store: Engine,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = site.says("/pricing", page(table(model="large\x1b[2J-1")))
    crawl_at(sqlite_store, shop(url), tmp_path)
    [again] = pages_again(sqlite_store, [swapped(url)])
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    for difference in read_again(sqlite_store, again, tmp_path / "archive").differences:
        show_difference(difference)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "shop pricing 2026-11-22T12:00:00Z: points different\n    - model large[2J-1" in shown
