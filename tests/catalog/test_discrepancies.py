"""Disagreements: what is compared, the likely reason of each, and the text to report it."""

import csv
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from sqlalchemy import Engine

from catalog.current.facts import FactSeen
from catalog.current.view import Views
from catalog.discrepancies import (
    RULES,
    UNEXPLAINED,
    Discrepancy,
    Known,
    board,
    delisted,
    earlier,
    report,
)
from catalog.discrepancies.case import Case
from catalog.discrepancies.delisted import ENDS
from catalog.discrepancies.earlier import Step
from catalog.discrepancies.rules import reasons
from catalog.documents.sources import declare
from catalog.moments import parse_moment
from catalog.past.history import Price
from catalog.reading import PricePoint
from catalog.store import open_store, reading
from catalog.visit import Visit
from catalog.vocabulary import Meter, SourceKind
from tests.catalog.builders import Catalog, point, source, visit

HERE = Path(__file__).parent
OPUS = "Claude Opus 4.7"
OUTPUT = {"meter": Meter.OUTPUT_TOKENS}
READ = {"meter": Meter.CACHE_READ_TOKENS}
WRITE = {"meter": Meter.CACHE_WRITE_TOKENS}
Told = list[tuple[str, str, str, str]]


ID = "anthropic/claude-opus-4.7"
OLDER = "anthropic/claude-opus-4.6"
BEFORE = (point(OPUS, "15"), point(OPUS, "75", **OUTPUT))
NOW = (
    point(OPUS, "5"),
    point(OPUS, "25", **OUTPUT),
    point(OPUS, "0.5", **READ),
    point(OPUS, "6.25", **WRITE),
    point(OPUS, "2.5", tier="batch"),
    point(OPUS, "10", context_over=200_000),
    point(OPUS, "5.5", region="us"),
    point("Claude Opus 4.6", "4"),
    point("Claude Opus 4.6", "20", **OUTPUT),
)


@pytest.fixture
def catalog(catalog_of: Catalog) -> Catalog:
    """Opus at $15/$75 until March, then at $5/$25, cached for $0.5 and $6.25, half in batches."""
    catalog_of.take(
        visit("2026-01-01", *BEFORE), visit("2026-03-01", *NOW), visit("2026-06-10", *NOW)
    )
    return catalog_of


@pytest.fixture
def catalog_of(sqlite_store: Engine) -> Catalog:
    """Open a store that knows a maker, a catalog and a reseller."""
    made = Catalog(sqlite_store)
    kinds = {"litellm": SourceKind.CATALOG, "openrouter": SourceKind.RESELLER}
    for name, kind in kinds.items():
        declared = source(name).model_copy(update={"kind": kind})
        declare(made.engine, (declared,), now=made.now)
    return made


def listed(day: str, *points: PricePoint, by: str = "litellm") -> Visit:
    url = f"https://{by}.example/docs"
    return visit(day, *points, source=by, url=url)


def of_anthropic(amount: str, **columns: object) -> PricePoint:
    return point("claude-opus-4-7", amount, provider="anthropic", **columns)


def known(catalog: Catalog, day: str | None = None) -> Known:
    views = Views(catalog.engine, now=catalog.now)
    look = views.look(None if day is None else parse_moment(day))
    with reading(catalog.engine) as session:
        before = earlier(session, look.view.ingest)
    view = look.view
    return Known(view.identity.models, view.by_model, before, {}, {}, {}, look.as_of)


def found(catalog: Catalog, day: str | None = None) -> tuple[Discrepancy, ...]:
    return board(known(catalog, day))


def told(some: Iterable[Discrepancy]) -> Told:
    return [
        (str(one.case.stated.meter), str(one.case.amount.normalize()), one.rule.name, one.because)
        for one in some
    ]


def test_what_agrees_is_no_disagreement(catalog: Catalog) -> None:
    catalog.take(listed("2026-06-01", of_anthropic("5"), of_anthropic("25", **OUTPUT)))
    assert found(catalog) == ()


def test_an_earlier_official_price_is_stale(catalog: Catalog) -> None:
    catalog.take(listed("2026-06-01", of_anthropic("15")))
    (one,) = found(catalog)
    assert (one.rule.name, one.size, one.ratio) == ("stale", Decimal("0.666667"), Decimal(3))
    assert one.because == "it was the official price from 2026-01-01, and is not since 2026-03-01"
    assert one.case.stated_seen_at == parse_moment("2026-06-01")


def test_a_list_that_was_right_when_it_was_last_seen_is_not_blamed(catalog: Catalog) -> None:
    catalog.take(listed("2026-02-01", of_anthropic("15")))
    (one,) = found(catalog)
    assert (one.rule.name, one.rule.of_the_list) == ("not seen since", False)


@pytest.fixture(scope="module")
def base(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Known:
    """What is known of Opus without any other list, read once."""
    path = tmp_path_factory.mktemp("board") / "tokentape.db"
    shutil.copy(migrated_sqlite, path)
    catalog = Catalog(open_store(f"sqlite:///{path}"))
    catalog.take(visit("2026-01-01", *BEFORE), visit("2026-03-01", *NOW), visit("2026-06-10", *NOW))
    made = known(catalog)
    catalog.engine.dispose()
    return made


@pytest.mark.parametrize(
    ("meter", "amount", "reason", "because"),
    [
        ("input_tokens", "0.005", "unit slip", "per 1K instead of per 1M, or the other way round"),
        ("input_tokens", "5000000", "unit slip", "per token instead of per 1M"),
        ("input_tokens", "0", "zero", "it states zero where the maker charges"),
        ("cache_read_tokens", "6.25", "cache mixed up", "the official price of cache_write"),
        ("cache_read_tokens", "5", "cache mixed up", "the official price of input_tokens"),
        ("input_tokens", "2.5", "other tier", "in the tier batch"),
        ("input_tokens", "10", "long context", "of prompts over 200000 tokens"),
        ("input_tokens", "5.5", "other region", "in the region us"),
        ("input_tokens", "5 EUR", "currency", "the price in USD, given as EUR"),
        ("cache_write_tokens", "6.2", "unexplained", "nothing on record equals it"),
        ("cache_write_tokens", "6.3", "rounded", "6.3 is 6.25, rounded"),
    ],
)
def test_the_likely_reason_of_one_claim(
    base: Known, meter: str, amount: str, reason: str, because: str
) -> None:
    number, _, currency = amount.partition(" ")
    (one,) = compared(base, claim_of(base, meter, number, currency=currency or "USD"))
    assert (one.rule.name, because in one.because) == (reason, True), one.because


def claim_of(base: Known, meter: str, amount: str, /, **columns: object) -> Price:
    """State another amount of a meter of Opus, as LiteLLM unless columns say otherwise."""
    plain = [one for one in base.prices[ID] if one.meter == meter and one.tier == "standard"]
    own = next(one for one in plain if not one.context_over and one.region == "global")
    stated: dict[str, object] = {
        "source": "litellm",
        "label": "claude-opus-4-7",
        "kind": SourceKind.CATALOG,
        "amount": Decimal(amount),
    }
    told = stated | columns
    series = f"{told['source']}:{told.get('region', 'global')}:{meter}"
    return TypeAdapter(Price).validate_python({**vars(own), "series": series, **told})


def compared(base: Known, *claims: Price, **known: object) -> tuple[Discrepancy, ...]:
    """Give the board of these claims alone."""
    whole = {**vars(base), "prices": {ID: (*base.prices[ID], *claims)}, **known}
    return board(Known(**whole))


RESOLD = {"kind": SourceKind.RESELLER, "source": "openrouter", "provider": "openrouter"}


def test_the_noise_of_a_float_is_no_disagreement(base: Known) -> None:
    assert compared(base, claim_of(base, "cache_read_tokens", "0.50000001")) == ()


@pytest.mark.parametrize(
    ("stated", "by", "reason", "correctable"),
    [
        (("input_tokens", "2.5"), {}, "other tier", True),
        (("input_tokens", "2.5"), RESOLD, "other tier", False),
        (("input_tokens", "0"), RESOLD, "zero", False),
        (("input_tokens", "0.005"), RESOLD, "unit slip", True),
        (("cache_write_tokens", "6.3"), {}, "rounded", False),
        (("input_tokens", "5.6"), RESOLD, "own terms", False),
    ],
)
def test_a_list_is_asked_to_correct_what_nobody_means(
    base: Known,
    stated: tuple[str, str],
    by: Mapping[str, object],
    reason: str,
    *,
    correctable: bool,
) -> None:
    (one,) = compared(base, claim_of(base, *stated, **by))
    assert (one.rule.name, one.correctable) == (reason, correctable)


@pytest.mark.parametrize(("amount", "correctable"), [("2.5", False), ("15", True), ("0", True)])
def test_a_list_is_asked_only_where_the_maker_was_seen_to_charge_another_price_then(
    base: Known, amount: str, *, correctable: bool
) -> None:
    later = parse_moment("2026-09-20")
    claim = claim_of(base, "input_tokens", amount, valid_from=later, confirmed_at=later)
    (one,) = compared(base, claim)
    assert one.correctable == correctable, "an old price and a zero are wrong at any time"
    assert ("Would you check this entry?" in report(one).body) == correctable


def test_an_entry_that_its_list_has_ended_is_not_blamed(base: Known) -> None:
    fact = FactSeen("litellm", ID, "claude-opus-4-7", "", ENDS, "2026-06-15", "…", base.at)
    no_day = replace(fact, printed="claude", value="2026-02-31")
    ended = delisted([fact, no_day])
    claim = claim_of(base, "input_tokens", "4", confirmed_at=parse_moment("2026-06-16"))
    (one,) = compared(base, claim, delisted=ended)
    assert (one.rule.name, one.correctable) == ("retired", False)
    assert one.because == "litellm itself has it as deprecated on 2026-06-15"
    early = claim_of(base, "input_tokens", "4", confirmed_at=parse_moment("2026-06-14"))
    assert compared(base, early, delisted=ended)[0].rule is UNEXPLAINED


def test_what_the_maker_sells_after_the_day_of_a_list_has_not_ended(base: Known) -> None:
    day = {("litellm", "claude-opus-4-7"): parse_moment("2026-06-09")}
    (one,) = compared(base, claim_of(base, "input_tokens", "4"), delisted=day)
    assert one.rule is UNEXPLAINED, "the maker's page was last seen on June 10"


def test_the_price_of_everywhere_is_not_that_of_a_region(base: Known) -> None:
    at_home = {ID: replace(base.models[ID], home_region="us")}
    known_of_us = tuple(one for one in base.prices[ID] if one.region == "us")
    everywhere, in_europe = (
        claim_of(base, "input_tokens", "5", region="global"),
        claim_of(base, "input_tokens", "5.5", region="eu"),
    )
    prices = {ID: (*known_of_us, everywhere, in_europe)}
    (one,) = board(replace(base, models=at_home, prices=prices))
    assert (one.rule.name, one.correctable) == ("one region", False)
    assert (
        one.because == "litellm states it for everywhere, and the official price for the region eu"
    )


def test_a_reseller_that_came_to_the_makers_price_shows_what_that_was(base: Known) -> None:
    came = claim_of(base, "input_tokens", "5", **RESOLD)
    behind = claim_of(base, "input_tokens", "7")
    day = parse_moment("2026-02-01")
    steps = {came.series: (Step(day, Decimal(7), None, announced=False),)}
    earlier_steps = {**base.earlier, **steps}
    closed = compared(base, came, behind, earlier=earlier_steps, open_weights={ID: False})
    assert [(one.rule.name, one.correctable) for one in closed] == [("stale elsewhere", True)]
    opened = compared(base, came, behind, earlier=earlier_steps, open_weights={ID: True})
    assert [one.because for one in opened] == ["it is what openrouter charges from 2026-02-01 on"]


def test_the_regular_price_beside_a_promotion_is_not_blamed(base: Known) -> None:
    reduced = [replace(one, list_amount=Decimal(8)) for one in base.prices[ID]]
    prices = {ID: (*reduced, claim_of(base, "input_tokens", "8"))}
    (one,) = board(replace(base, prices=prices))
    assert (one.rule.name, one.correctable) == ("regular price", False)


@pytest.mark.parametrize(("amount", "reason"), [("24", "discount"), ("26", "own terms")])
def test_a_discount_is_less_than_the_regular_price(base: Known, amount: str, reason: str) -> None:
    (one,) = compared(base, claim_of(base, "output_tokens", amount, list_amount="25", **RESOLD))
    assert one.rule.name == reason


def test_a_list_that_follows_before_we_look_is_ahead_and_knew_no_announcement(
    catalog: Catalog,
) -> None:
    catalog.take(listed("2026-02-01", of_anthropic("5")))
    (one,) = found(catalog, "2026-02-10")
    assert (one.rule.name, one.correctable) == ("ahead", False)
    assert one.because == "the maker was seen to charge it by 2026-03-01, and not yet on 2026-01-01"


def test_all_of_another_model_is_another_release(catalog: Catalog) -> None:
    catalog.take(listed("2026-06-01", of_anthropic("4"), of_anthropic("20", **OUTPUT)))
    assert {(one.rule.name, one.because) for one in found(catalog)} == {
        (
            "other release",
            f"it has the official prices of {OLDER} for input_tokens, output_tokens",
        )
    }


def test_all_relatives_that_cost_the_same_are_named(catalog: Catalog) -> None:
    twin = (point("Claude Opus 4.5", "4"), point("Claude Opus 4.5", "20", **OUTPUT))
    catalog.take(
        visit("2026-06-11", *NOW, *twin),
        listed("2026-06-12", of_anthropic("4"), of_anthropic("20", **OUTPUT)),
    )
    assert all(f"anthropic/claude-opus-4.5 or {OLDER}" in one.because for one in found(catalog))


def test_a_price_that_was_announced_to_end_is_a_promotion(catalog: Catalog) -> None:
    ending = point(OPUS, "5", valid_to=parse_moment("2026-07-01"))
    after = point(OPUS, "9", valid_from=parse_moment("2026-07-01"))
    catalog.take(visit("2026-06-20", ending, after), listed("2026-08-01", of_anthropic("5")))
    (one,) = [each for each in found(catalog) if each.case.stated.meter == "input_tokens"]
    assert (one.rule.name, "2026-07-01" in one.because) == ("promotion", True)


def test_a_resellers_own_price_is_told_and_not_blamed(catalog: Catalog) -> None:
    theirs = point("anthropic/claude-opus-4.7", "5.25", provider="openrouter")
    catalog.take(listed("2026-06-01", theirs, by="openrouter"))
    (one,) = found(catalog)
    assert (one.rule.name, one.rule.of_the_list) == ("own terms", False)


def test_what_others_sell_is_not_compared(catalog: Catalog) -> None:
    elsewhere = point("claude-opus-4-7", "9", provider="azure")
    catalog.take(listed("2026-06-01", elsewhere, of_anthropic("9", tier="batch")))
    assert found(catalog) == ()


def test_the_largest_stand_first_and_the_board_is_that_of_the_day(catalog: Catalog) -> None:
    claims = (of_anthropic("15"), of_anthropic("26", **OUTPUT))
    catalog.take(listed("2026-02-01", *claims), listed("2026-06-01", *claims))
    assert [one.case.stated.meter for one in found(catalog)] == ["input_tokens", "output_tokens"]
    assert told(found(catalog, "2026-02-10"))[0][:3] == ("output_tokens", "26", "official unseen")


def test_the_report_names_both_prices_with_their_pages_and_dates(catalog: Catalog) -> None:
    catalog.take(listed("2026-06-01", of_anthropic("15")))
    (one,) = found(catalog)
    text = report(one)
    assert text.title == (
        "Claude Opus 4.7 (input_tokens): listed at 15 USD per 1M tokens,"
        " anthropic states 5 USD per 1M tokens"
    )
    listed_line, official_line = text.body.split("\n\n")[1:3]
    assert listed_line == (
        "- Listed (`claude-opus-4-7`): **15 USD per 1M tokens**, seen on 2026-06-01:"
        " <https://litellm.example/docs>, “claude-opus-4-7: $15”"
    )
    assert official_line == (
        "- Official: **5 USD per 1M tokens**, seen from 2026-03-01 to 2026-06-10:"
        " <https://anthropic.example/docs>, “Claude Opus 4.7: $5”"
    )
    assert "Likely reason: stale (an earlier official price). Here: it was" in text.body
    assert text.body.endswith("Would you check this entry?")


def test_the_report_names_the_makers_other_amounts_of_plain_use(base: Known) -> None:
    (dear,) = (one for one in base.prices[ID] if one.meter == "cache_write_tokens")
    night = replace(dear, series="anthropic:night", window="off-peak", amount=Decimal("3.5"))
    prices = {ID: (*base.prices[ID], night, claim_of(base, "cache_write_tokens", "7"))}
    (one,) = board(replace(base, prices=prices))
    assert "”; and 3.5 (off-peak)" in report(one).body


def checked() -> list[tuple[dict[str, str], Case]]:
    """Rows that a person compared with the pages, and what is known that bears on each."""
    with (HERE / "discrepancies_checked.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    lines = (HERE / "discrepancies_checked.jsonl").read_text("utf-8").splitlines()
    cases = TypeAdapter(Case)
    return [(row, cases.validate_json(line)) for row, line in zip(rows, lines, strict=True)]


def test_checked_rows_have_the_reasons_that_were_checked() -> None:
    found = {row["series"]: told_of(case) for row, case in checked()}
    assert found == {row["series"]: (row["reason"], row["correctable"]) for row, _ in checked()}


def told_of(case: Case) -> tuple[str, str]:
    (rule, because), *_ = reasons(case)
    one = Discrepancy(case, rule, because, (), case.stated_seen_at)
    return rule.name, "yes" if one.correctable else "no"


@pytest.mark.parametrize(
    ("picked", "right", "of"), [("random", 38, 40), ("largest", 8, 8), ("for its reason", 15, 16)]
)
def test_most_reasons_are_those_that_the_pages_show(picked: str, right: int, of: int) -> None:
    """Forty at random; the ten largest, of which two are among those; one or two of each rule."""
    rows = [row for row, _ in checked() if row["picked"] == picked]
    assert (sum(row["reason"] == row["right"] for row in rows), len(rows)) == (right, of)
    assert {row["right"] for row in rows} <= {rule.name for rule in (*RULES, UNEXPLAINED)}


def test_a_price_seen_long_before_may_have_moved() -> None:
    _, case = next(one for one in checked() if one[0]["reason"] == "official unseen")
    later = replace(case.official, confirmed_at=case.stated.valid_from - timedelta(days=6))
    assert reasons(replace(case, official=later))[0][0] is UNEXPLAINED
