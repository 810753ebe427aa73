"""Generations: which models are one line, what each cost when it came, and the steps between."""

from datetime import UTC, date, datetime
from decimal import Decimal

from catalog.current.facts import FactSeen
from catalog.exchange import Rates
from catalog.identity import Model
from catalog.past.price_paths import Path, Step
from catalog.reading import Rate
from catalog.trends.families import Amounts, Known, Line, line
from catalog.vocabulary import Precision, SourceKind

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def a_model(name: str, family: str = "opus") -> Model:
    return Model(f"acme/{name}", "acme", name, family, "model")


def paths(model: Model, *steps: tuple[datetime, str, str], currency: str = "USD") -> list[Path]:
    return [
        Path(
            series=f"{model.id} {currency} {meter}",
            model=model.id,
            provider="acme",
            source="acme",
            kind=SourceKind.OFFICIAL,
            region="global",
            variant="",
            window="",
            meter=meter,
            currency=currency,
            steps=tuple(
                Step(since, Decimal(amounts[place]), Precision.AT_MOST, None)
                for since, *amounts in steps
            ),
        )
        for place, meter in enumerate(("input_tokens", "output_tokens"))
    ]


def released(model: Model, day: str, source: str = "epoch") -> FactSeen:
    return FactSeen(source, model.id, model.name, "", "released_on", day, day, NOW)


def day(year: int, month: int, number: int = 1) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


OPUS_4, OPUS_45, OPUS_46 = a_model("opus-4"), a_model("opus-4.5"), a_model("opus-4.6")


def opus(at: datetime = NOW) -> Line:
    known = Known(
        paths={
            OPUS_4.id: paths(OPUS_4, (day(2025, 6), "15", "75")),
            OPUS_45.id: paths(OPUS_45, (day(2025, 12), "5", "25"), (day(2026, 3), "4", "20")),
            OPUS_46.id: paths(OPUS_46, (day(2026, 2), "5", "25")),
        },
        facts={
            OPUS_4.id: [released(OPUS_4, "2025-05-22")],
            OPUS_45.id: [released(OPUS_45, "2025-11-24")],
        },
        retired={OPUS_4.id: day(2026, 8)},
        rates=Rates(()),
    )
    return line("opus", [OPUS_46, OPUS_45, OPUS_4], known, at)


def test_generations_stand_in_the_order_of_their_release() -> None:
    one, two, three = opus().generations
    assert [one.model, two.model, three.model] == [OPUS_4, OPUS_45, OPUS_46]
    assert (one.released, three.released) == (date(2025, 5, 22), None)
    assert one.retired == day(2026, 8)


def test_a_step_is_from_the_price_before_to_the_first_price() -> None:
    one, two, three = opus().generations
    assert (one.before, one.step) == (None, None)
    assert two.before == "acme/opus-4"
    assert two.step is not None
    assert (two.step.input, two.step.output) == (Decimal("-0.6667"), Decimal("-0.6667"))
    assert three.step is not None
    assert three.since_first is not None
    assert (three.step.blended, three.since_first.blended) == (Decimal(0), Decimal("-0.6667"))


def test_each_price_of_a_generation_is_told_from_its_moment_on() -> None:
    prices = opus().generations[1].prices
    assert [(one.since, one.usd) for one in prices] == [
        (day(2025, 12), Amounts(Decimal(5), Decimal(25), Decimal(10))),
        (day(2026, 3), Amounts(Decimal(4), Decimal(20), Decimal(8))),
    ]


def test_a_past_day_knows_no_later_generation_and_no_later_price() -> None:
    generations = opus(day(2026, 1)).generations
    assert [one.model for one in generations] == [OPUS_4, OPUS_45]
    assert len(generations[1].prices) == 1


DEAR_YUAN = (
    Rate(currency="CNY", rate=Decimal(8), date=date(2026, 1, 1)),
    Rate(currency="CNY", rate=Decimal(4), date=date(2026, 3, 1)),
    Rate(currency="USD", rate=Decimal(1), date=date(2026, 1, 1)),
)


def in_yuan(*models: tuple[Model, list[Path]]) -> Line:
    known = Known({model.id: some for model, some in models}, {}, {}, Rates(DEAR_YUAN))
    return line("opus", [model for model, _ in models], known, NOW)


def test_an_exchange_rate_that_moves_is_no_price_that_moved() -> None:
    steps = ((day(2026, 1), "8", "16"), (day(2026, 4), "8", "16"))
    (opus_4,) = in_yuan((OPUS_4, paths(OPUS_4, *steps, currency="CNY"))).generations
    (one,) = opus_4.prices
    assert (one.since, one.currency) == (day(2026, 1), "CNY")
    assert (one.stated.input, one.usd.input) == (Decimal(8), Decimal(1))


def test_prices_in_one_currency_are_compared_in_it() -> None:
    one, two = in_yuan(
        (OPUS_4, paths(OPUS_4, (day(2026, 1), "8", "16"), currency="CNY")),
        (OPUS_45, paths(OPUS_45, (day(2026, 4), "4", "16"), currency="CNY")),
    ).generations
    assert (one.prices[0].usd.input, two.prices[0].usd.input) == (Decimal(1), Decimal(1))
    assert two.step is not None
    assert (two.step.input, two.step.output) == (Decimal("-0.5"), Decimal(0))


def test_a_price_that_comes_to_be_stated_in_dollars_is_told_again() -> None:
    known = [
        *paths(OPUS_4, (day(2026, 1), "8", "16"), currency="CNY"),
        *paths(OPUS_4, (day(2026, 4), "2", "4")),
    ]
    (one,) = in_yuan((OPUS_4, known)).generations
    assert [(each.currency, each.usd.input) for each in one.prices] == [
        ("CNY", Decimal(1)),
        ("USD", Decimal(2)),
    ]


def test_a_step_compares_what_holds_when_both_are_known() -> None:
    one, two = in_yuan(
        (OPUS_4, paths(OPUS_4, (day(2026, 6), "5", "25"))),
        (OPUS_45, paths(OPUS_45, (day(2026, 1), "6", "30"), (day(2026, 5), "5", "25"))),
    ).generations
    assert (one.model, two.model) == (OPUS_4, OPUS_45)
    assert two.step is not None
    assert (two.step.input, two.step.output) == (Decimal(0), Decimal(0))


def test_what_has_no_known_release_stands_by_its_version() -> None:
    undated = [a_model(name) for name in ("opus-3", "opus", "opus-4.5-preview", "opus-5")]
    models = [*undated, OPUS_4, OPUS_45]
    days = ((OPUS_4, "2025-05-22"), (OPUS_45, "2025-11-24"))
    dated = {model.id: [released(model, stated)] for model, stated in days}
    known = Known(
        paths={model.id: paths(model, (day(2026, 5), "1", "1")) for model in models},
        facts=dated,
        retired={},
        rates=Rates(()),
    )
    found = line("opus", models, known, NOW)
    assert [one.model.name for one in found.generations] == [
        "opus",
        "opus-3",
        "opus-4",
        "opus-4.5-preview",
        "opus-4.5",
        "opus-5",
    ]
