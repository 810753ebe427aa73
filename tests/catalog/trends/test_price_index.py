"""The chained index: same models only, from month to month, worked by hand."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.exchange import Rates
from catalog.identity import Model
from catalog.past.price_paths import Path, Step
from catalog.ranking import Band, Mix
from catalog.reading import Rate
from catalog.trends.market import Board, Market, board
from catalog.trends.price_index import Point, chain, cheapest
from catalog.vocabulary import Precision, SourceKind

UNTIL = datetime(2026, 6, 15, tzinfo=UTC)
NO_RATES = Rates(())


def day(month: int, date: int = 1, year: int = 2026) -> datetime:
    return datetime(year, month, date, tzinfo=UTC)


def paths(
    model: str, *steps: tuple[datetime, str | None], currency: str = "USD", maker: str = "acme"
) -> list[Path]:
    """Price input and output alike."""
    return [
        Path(
            series=f"{maker}:{model}:{meter}",
            model=f"{maker}/{model}",
            provider=maker,
            source=f"{maker}-page",
            kind=SourceKind.OFFICIAL,
            region="global",
            variant="",
            window="",
            meter=meter,
            currency=currency,
            steps=tuple(
                Step(since, None if amount is None else Decimal(amount), Precision.AT_MOST, None)
                for since, amount in steps
            ),
        )
        for meter in ("input_tokens", "output_tokens")
    ]


def market(
    *some: list[Path],
    rates: Rates = NO_RATES,
    retired: dict[str, datetime] | None = None,
) -> Market:
    every = [path for group in some for path in group]
    models = {
        path.model: Model(path.model, path.provider, path.model, "family", "model")
        for path in every
    }
    return Market(models, every, rates, retired or {}, {})


def priced(of: Market, until: datetime = UNTIL) -> Board:
    return board(of, until, Mix())


def indices(points: list[Point]) -> list[str]:
    return [str(point.index.normalize().quantize(Decimal("0.01"))) for point in points]


def test_an_index_is_100_at_its_base_and_follows_the_price() -> None:
    points = chain(priced(market(paths("one", (day(1), "2"), (day(3, 10), "1")))), None)
    assert [point.at for point in points] == [
        *(day(month) for month in (1, 2, 3, 4, 5, 6)),
        UNTIL,
    ]
    assert indices(points) == ["100.00", "100.00", "100.00", "50.00", "50.00", "50.00", "50.00"]
    assert points[3].link == Decimal("0.5")


def test_a_dear_models_coming_and_going_moves_nothing() -> None:
    steady = paths("steady", (day(1), "1"))
    dear = paths("dear", (day(2, 5), "90"), (day(4, 20), None))
    points = chain(priced(market(steady, dear)), None)
    assert set(indices(points)) == {"100.00"}
    assert points[2].entered == ("acme/dear",)
    assert points[4].left == ("acme/dear",)
    assert [member.model for member in points[3].members] == ["acme/dear", "acme/steady"]


def test_each_maker_weighs_the_same_however_many_models_it_has() -> None:
    many = [paths(f"m{number}", (day(1), "1")) for number in range(9)]
    one = paths("cut", (day(1), "1"), (day(1, 15), "0.25"), maker="other")
    points = chain(priced(market(*many, one)), None)
    assert indices(points)[:2] == ["100.00", "50.00"]


def test_a_point_says_whose_prices_it_rests_on() -> None:
    some = market(paths("one", (day(1), "1")), paths("two", (day(3), "1"), maker="other"))
    points = chain(priced(some), None)
    assert points[1].sources == ("acme-page",)
    assert points[3].sources == ("acme-page", "other-page")


def test_a_band_holds_what_cost_so_much_before_the_change() -> None:
    falls = market(paths("falls", (day(1), "3"), (day(2, 10), "0.3")))
    premium, budget = (chain(priced(falls), band) for band in (Band.PREMIUM, Band.BUDGET))
    assert indices(premium) == ["100.00", "100.00", "10.00"]
    assert indices(budget) == ["100.00", "100.00", "100.00", "100.00", "100.00"]
    assert budget[0].at == day(3)


def test_where_no_model_goes_through_a_new_chain_begins() -> None:
    first = paths("first", (day(1), "1"), (day(2, 15), "0.5"), (day(3, 15), None))
    then = paths("then", (day(4), "7"))
    points = chain(priced(market(first, then)), None)
    assert [(point.base, point.link is None) for point in points] == [
        (day(1), True),
        (day(1), False),
        (day(1), False),
        (day(4), True),
        *[(day(4), False)] * 3,
    ]


def test_exchange_rates_move_no_index() -> None:
    rates = Rates(
        [
            Rate(currency=currency, rate=Decimal(rate), date=on)
            for currency, rate, on in (
                ("CNY", "8", day(1).date()),
                ("USD", "1", day(1).date()),
                ("CNY", "4", day(4).date()),
            )
        ]
    )
    points = chain(priced(market(paths("one", (day(1), "2"), currency="CNY"), rates=rates)), None)
    assert set(indices(points)) == {"100.00"}
    assert points[1].members[0].currency == "CNY"


def test_a_change_of_currency_is_no_change_of_price() -> None:
    yuan = paths("one", (day(1), "2"), (day(3, 5), None), currency="CNY")
    dollars = paths("one", (day(3, 5), "2"))
    rates = Rates(
        [
            Rate(currency="CNY", rate=Decimal(8), date=day(1).date()),
            Rate(currency="USD", rate=Decimal(1), date=day(1).date()),
        ]
    )
    points = chain(priced(market(yuan, dollars, rates=rates)), None)
    assert set(indices(points)) == {"100.00"}


def test_what_becomes_free_or_is_free_is_in_no_link() -> None:
    gift = paths("gift", (day(1), "1"), (day(3, 10), "0"))
    points = chain(priced(market(gift)), None)
    assert indices(points) == ["100.00", "100.00", "100.00"]


def test_a_name_that_moves_to_newer_models_is_no_member() -> None:
    moving = paths("big-latest", (day(1), "8"), (day(2, 5), "1"))
    points = chain(priced(market(moving, paths("steady", (day(1), "1")))), None)
    assert set(indices(points)) == {"100.00"}


def test_a_retired_model_leaves() -> None:
    gone = market(paths("gone", (day(1), "1")), retired={"acme/gone": day(3)})
    assert [point.at for point in chain(priced(gone), None)] == [day(1), day(2)]


def test_a_year_is_compared_with_the_same_month() -> None:
    cut = market(paths("one", (day(1, year=2025), "1"), (day(7, 3, year=2025), "0.4")))
    points = {point.at: point for point in chain(priced(cut), None)}
    assert points[day(12, year=2025)].year_on_year is None
    assert points[day(5)].year_on_year == Decimal("-0.6")
    assert points[UNTIL].year_on_year == Decimal("-0.6")


def test_nothing_priced_is_no_index() -> None:
    assert chain(priced(market()), None) == []


def test_the_lowest_price_of_a_quality_is_followed() -> None:
    some = market(
        paths("good", (day(1), "5")),
        paths("newer", (day(4), "2")),
        paths("worse", (day(1), "1")),
    )
    qualities = {"acme/good": Decimal(90), "acme/newer": Decimal(91), "acme/worse": Decimal(50)}
    found = cheapest(priced(some), qualities, Decimal(80))
    assert [(one.at.month, one.model, one.price) for one in found][2:4] == [
        (3, "acme/good", Decimal(5)),
        (4, "acme/newer", Decimal(2)),
    ]


@pytest.mark.parametrize("until", [day(1), day(1, 2)])
def test_a_single_day_has_no_link(until: datetime) -> None:
    points = chain(priced(market(paths("one", (day(1), "1"))), until), None)
    assert indices(points) in ([], ["100.00", "100.00"])
