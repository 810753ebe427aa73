"""Generations: which models are one line, what each cost when it came, and the steps between."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from catalog.current.facts import FactSeen
from catalog.exchange import Rates
from catalog.identity import Kind, Model, load
from catalog.past.price_paths import Path, Step
from catalog.trends.families import Known, Line, line, line_of, members, released_on
from catalog.vocabulary import Precision, SourceKind

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def a_model(name: str, family: str = "opus") -> Model:
    return Model(f"acme/{name}", "acme", name, family, "model")


def paths(model: Model, *steps: tuple[datetime, str, str]) -> list[Path]:
    return [
        Path(
            series=f"{model.id} {meter}",
            model=model.id,
            provider="acme",
            source="acme",
            kind=SourceKind.OFFICIAL,
            region="global",
            variant="",
            window="",
            meter=meter,
            currency="USD",
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
    assert [(one.since, one.input, one.output, one.blended) for one in prices] == [
        (day(2025, 12), Decimal(5), Decimal(25), Decimal(10)),
        (day(2026, 3), Decimal(4), Decimal(20), Decimal(8)),
    ]


def test_a_past_day_knows_no_later_generation_and_no_later_price() -> None:
    generations = opus(day(2026, 1)).generations
    assert [one.model for one in generations] == [OPUS_4, OPUS_45]
    assert len(generations[1].prices) == 1


def test_the_day_that_most_sources_state_is_the_release() -> None:
    stated = [
        released(OPUS_4, "2025-05-14", "a"),
        released(OPUS_4, "2025-05-22", "b"),
        released(OPUS_4, "2025-05-22", "c"),
        released(OPUS_4, "2026-01", "d"),
    ]
    assert released_on(stated) == date(2025, 5, 22)
    assert released_on([]) is None


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("anthropic/claude-opus-4.6", "claude-opus"),
        ("openai/gpt-5-mini", "gpt-mini"),
        ("openai/gpt-5.4", "gpt"),
        ("google/gemini-3.1-pro-preview", "gemini-pro"),
        ("deepseek/deepseek-v3.2", "deepseek"),
        ("openai/gpt-4-0613", None),
        ("mistral/mistral-large-latest", None),
        ("anthropic/web-search", None),
    ],
)
def test_a_line_is_a_name_without_its_version(model: str, expected: str | None) -> None:
    kind: Kind = "tool" if "search" in model else "model"
    maker = model.partition("/")[0]
    assert line_of(Model(model, maker, model, "", kind)) == expected


def test_a_family_of_several_lines_gives_each_of_them() -> None:
    models = load().models.values()
    assert list(members(models, "anthropic", "claude-opus")) == ["claude-opus"]
    several = members(models, "openai", "gpt-5")
    assert {"gpt", "gpt-mini", "gpt-nano"} <= set(several)
    assert "openai/gpt-5.4" in {model.id for model in several["gpt"]}
    assert members(models, "anthropic", "no such") == {}
