"""Ranking: worked by hand, exact, and saying what it rests on."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange import Rates
from catalog.identity import Model
from catalog.moments import at_midnight
from catalog.ranking import (
    PRICE_FLOOR,
    Band,
    Mix,
    Question,
    Quote,
    RankingError,
    Scored,
    Standing,
    Subject,
    band,
    basis,
    parse_mix,
    rank,
)
from catalog.ranking import stand as stand_on
from catalog.reading import Rate
from catalog.vocabulary import Meter

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 10, tzinfo=UTC)
ECI = "epoch-capabilities-index"
ARENA = "lmarena text overall, style control"
AA = "artificial-analysis intelligence index"
NO_RATES = Rates(())


def a_model(name: str = "one", home_region: str | None = None) -> Model:
    return Model(f"acme/{name}", "acme", name.title(), "acme", "model", home_region)


def a_quote(  # noqa: PLR0913 a builder that shows only what matters has many defaults
    meter: str,
    amount: str | None,
    *,
    provider: str = "acme",
    official: bool = True,
    tier: str = "standard",
    region: str = "global",
    context_over: int = 0,
    variant: str = "",
    window: str = "",
    unit: str = "1M tokens",
    currency: str = "USD",
) -> Quote:
    return Quote(
        series=f"{provider}/{meter}",
        provider=provider,
        official=official,
        tier=tier,
        region=region,
        context_over=context_over,
        variant=variant,
        window=window,
        meter=meter,
        unit=unit,
        currency=currency,
        amount=None if amount is None else Decimal(amount),
    )


def a_pair(price: str, output: str | None = None, currency: str = "USD") -> tuple[Quote, Quote]:
    return (
        a_quote("input_tokens", price, currency=currency),
        a_quote("output_tokens", output or price, currency=currency),
    )


def a_score(
    score: str, printed: str = "one", stated: date | None = None, *, of: str = ECI
) -> Scored:
    return Scored(of, printed, Decimal(score), "epoch", stated, APRIL)


def stand(subject: Subject, rates: Rates, question: Question) -> Standing:
    return stand_on(basis(subject, rates, question.at), question)


def rank_all(subjects: list[Subject], question: Question) -> tuple[Standing, ...]:
    return rank([basis(subject, NO_RATES, question.at) for subject in subjects], question)


def standing(
    *quotes: Quote, scores: tuple[Scored, ...] = (), alpha: Decimal = Decimal("0.5")
) -> Standing:
    subject = Subject(a_model(), quotes, scores)
    return stand(subject, NO_RATES, Question(NOON, alpha=alpha))


def test_value_is_quality_by_the_root_of_the_blended_price() -> None:
    one = standing(*a_pair("3", "15"), scores=(a_score("130"),))
    assert one.quality is not None
    assert one.quality.index == Decimal(60)
    assert one.blended == Decimal(6)
    assert one.value == Decimal("24.494897")


def test_the_mix_is_the_callers() -> None:
    one = stand(
        Subject(a_model(), (*a_pair("3", "15"), a_quote("cache_read_tokens", "0.3"))),
        NO_RATES,
        Question(NOON, parse_mix("1:1", Decimal("0.5"))),
    )
    assert one.blended == Decimal("8.325")


def test_cached_input_costs_as_much_as_input_where_no_cache_is_priced() -> None:
    one = stand(
        Subject(a_model(), a_pair("2")), NO_RATES, Question(NOON, Mix(cached_share=Decimal(1)))
    )
    assert one.blended == Decimal(2)


def test_alpha_zero_ignores_the_price_and_one_divides_by_it() -> None:
    scores = (a_score("150"),)
    assert standing(*a_pair("4"), scores=scores, alpha=Decimal(0)).value == Decimal(100)
    assert standing(*a_pair("4"), scores=scores, alpha=Decimal(1)).value == Decimal(25)


def test_a_free_model_is_worth_as_if_it_cost_the_floor() -> None:
    one = standing(*a_pair("0"), scores=(a_score("150"),))
    assert one.blended == 0
    assert Decimal("0.01") == PRICE_FLOOR
    assert one.value == Decimal(1000)
    assert one.band is Band.FREE


@pytest.mark.parametrize(
    "other",
    [
        a_quote("input_tokens", "1", tier="batch"),
        a_quote("input_tokens", "9", context_over=200000),
        a_quote("input_tokens", "9", variant="fine-tuned"),
        a_quote("input_tokens", "9", region="us"),
        a_quote("input_tokens", "9", unit="other"),
        a_quote("input_tokens", "9", provider="gateway"),
        a_quote("input_tokens", "9", official=False),
    ],
)
def test_only_the_makers_plain_standard_price_is_the_reference(other: Quote) -> None:
    one = standing(other, *a_pair("3"))
    assert one.reference.amount(Meter.INPUT_TOKENS) == Decimal(3)


def test_the_dearest_window_is_the_reference() -> None:
    one = standing(
        a_quote("input_tokens", "0.22", window="off-peak"),
        a_quote("input_tokens", "0.44", window="peak"),
        a_quote("output_tokens", "0.66", window="off-peak"),
        a_quote("output_tokens", "1.32", window="peak"),
    )
    assert one.blended == Decimal("0.66")
    assert one.reference.amounts[Meter.INPUT_TOKENS].quote.window == "peak"


def test_a_model_sold_only_at_home_is_priced_there() -> None:
    quotes = tuple(
        a_quote(meter, amount, region=region)
        for meter in ("input_tokens", "output_tokens")
        for region, amount in (("cn-beijing", "2"), ("eu", "3"))
    )
    at_home = Subject(a_model(home_region="cn-beijing"), quotes)
    assert stand(at_home, NO_RATES, Question(NOON)).blended == Decimal(2)
    homeless = Subject(a_model(), quotes)
    assert stand(homeless, NO_RATES, Question(NOON)).blended is None


def test_dollars_are_taken_as_stated_before_anything_is_converted() -> None:
    one = standing(*a_pair("30", currency="CNY"), *a_pair("3"))
    assert one.reference.amounts[Meter.INPUT_TOKENS].conversion is None
    assert one.blended == Decimal(3)


def test_another_currency_is_converted_by_the_rate_of_the_day() -> None:
    rates = Rates(
        [
            Rate(currency="CNY", rate=Decimal(8), date=date(2026, 4, 30)),
            Rate(currency="USD", rate=Decimal("1.2"), date=date(2026, 4, 30)),
        ]
    )
    subject = Subject(a_model(), a_pair("2", currency="CNY"), (a_score("150"),))
    one = stand(subject, rates, Question(NOON))
    conversion = one.reference.amounts[Meter.INPUT_TOKENS].conversion
    assert conversion is not None
    assert conversion.rate_date == date(2026, 4, 30)
    assert one.blended == Decimal("0.3")


@pytest.mark.parametrize(
    ("quotes", "reason"),
    [
        ((), "its maker states no price of its own that holds"),
        (
            (a_quote("input_tokens", "1", tier="batch"),),
            "its maker states no standard price per 1M tokens without conditions",
        ),
        (
            (a_quote("input_tokens", "1"),),
            "its maker states no standard price of output_tokens",
        ),
        (
            a_pair("2", currency="CNY"),
            "no exchange rate from CNY to USD on or before 2026-05-01",
        ),
        (
            (a_quote("input_tokens", None),),
            "its maker states no price of its own that holds",
        ),
        (
            (a_quote("input_tokens", "1", provider="cloud"),),
            "its maker states no price of its own that holds; sold by cloud",
        ),
        (
            (a_quote("images", "0.04", unit="image"),),
            "its maker prices it by images, not by tokens",
        ),
        (
            (a_quote("input_text_tokens", "4"), a_quote("input_audio_tokens", "32")),
            (
                "its maker prices input by kind (input_audio_tokens, input_text_tokens),"
                " and states no price of plain input_tokens"
            ),
        ),
        (
            a_pair("0.15", "0"),
            "its maker charges for input alone, as for embeddings: it sells no answers",
        ),
        (
            (a_quote("input_tokens", "1", region="eu"), a_quote("input_tokens", "1", region="us")),
            "its maker prices it by region (eu, us), and none is declared as its home",
        ),
    ],
)
def test_a_model_without_a_price_says_why_it_has_no_value(
    quotes: tuple[Quote, ...], reason: str
) -> None:
    one = standing(*quotes, scores=(a_score("150"),))
    assert (one.value, one.reason) == (None, reason)


def test_what_charges_for_input_alone_has_no_blended_price() -> None:
    assert standing(*a_pair("0.15", "0")).blended is None
    assert standing(*a_pair("0", "0.15")).blended is not None


def test_a_retired_model_has_no_value_from_that_day_on_and_says_so() -> None:
    scores = (a_score("150"),)
    before = stand(_ending(date(2026, 5, 2), scores), NO_RATES, Question(NOON))
    after = stand(_ending(date(2026, 5, 1), scores), NO_RATES, Question(NOON))
    assert (before.value, before.reason) == (Decimal(100), None)
    assert (after.value, after.reason) == (None, "its maker has not sold it since 2026-05-01")
    assert (after.blended, after.quality) == (before.blended, before.quality)


def _ending(day: date, scores: tuple[Scored, ...]) -> Subject:
    return Subject(a_model("ending"), a_pair("1"), scores, at_midnight(day))


def test_what_is_not_sold_stands_in_nobodys_way() -> None:
    ended = _ending(date(2026, 5, 1), (a_score("160"),))
    sold = Subject(a_model("sold"), a_pair("1"), (a_score("150"),))
    first, last = rank_all([ended, sold], Question(NOON))
    assert (first.model.name, first.pareto, first.stars) == ("Sold", True, 5)
    assert (last.model.name, last.pareto, last.stars) == ("Ending", False, None)


def test_a_model_without_a_score_says_so() -> None:
    one = standing(*a_pair("1"))
    assert one.value is None
    assert one.reason == "no benchmark of the index has a score for it by then"


def test_the_dearest_mode_is_the_reference_where_no_price_is_without_one() -> None:
    one = standing(
        a_quote("input_tokens", "1"),
        a_quote("output_tokens", "2", variant="non-thinking"),
        a_quote("output_tokens", "8", variant="thinking"),
    )
    assert one.reference.amount(Meter.OUTPUT_TOKENS) == Decimal(8)
    plain = standing(*a_pair("1"), a_quote("output_tokens", "8", variant="thinking"))
    assert plain.reference.amount(Meter.OUTPUT_TOKENS) == Decimal(1)


def test_a_maker_sells_under_the_names_that_are_declared() -> None:
    nova = Model("amazon/nova-pro", "amazon", "Nova Pro", "nova", "model")
    quotes = (
        a_quote("input_tokens", "0.8", provider="bedrock", region="us-east-1"),
        a_quote("output_tokens", "3.2", provider="bedrock", region="us-east-1"),
        a_quote("input_tokens", "0.9", provider="bedrock", region="eu-west-1"),
    )
    assert stand(Subject(nova, quotes), NO_RATES, Question(NOON)).blended == Decimal("1.4")


def test_of_a_makers_own_offers_the_first_that_is_whole_counts() -> None:
    gemini = Model("google/gemini-pro", "google", "Gemini Pro", "gemini", "model")
    cloud = [a_quote(meter, "3", provider="vertex") for meter in ("input_tokens", "output_tokens")]
    own = [a_quote(meter, "2", provider="google") for meter in ("input_tokens", "output_tokens")]
    both = stand(Subject(gemini, (*cloud, *own)), NO_RATES, Question(NOON))
    half = stand(Subject(gemini, (*cloud, own[0])), NO_RATES, Question(NOON))
    assert (both.blended, half.blended) == (Decimal(2), Decimal(3))


def test_quality_is_the_weighted_mean_of_the_benchmarks_that_have_a_score() -> None:
    both = standing(*a_pair("1"), scores=(a_score("140"), a_score("1462", of=ARENA))).quality
    one = standing(*a_pair("1"), scores=(a_score("140"),)).quality
    assert both is not None
    assert one is not None
    assert (both.index, both.coverage) == (Decimal("86.6667"), Decimal("0.6"))
    assert (one.index, one.coverage) == (Decimal(80), Decimal("0.4"))


def test_a_result_on_a_benchmarks_former_scale_does_not_count() -> None:
    before, after = date(2026, 3, 1), date(2026, 6, 1)
    later = datetime(2026, 7, 1, tzinfo=UTC)
    old = Subject(a_model(), a_pair("1"), (a_score("68", stated=before, of=AA),))
    new = Subject(a_model(), a_pair("1"), (a_score("34.7", stated=after, of=AA),))
    assert stand(old, NO_RATES, Question(later)).quality is None
    found = stand(new, NO_RATES, Question(later)).quality
    assert found is not None
    assert found.index == Decimal(100)


def test_coding_has_an_index_of_its_own_that_enters_no_value() -> None:
    one = standing(*a_pair("1"), scores=(a_score("52", of="aider polyglot (%)"),))
    assert one.coding is not None
    assert (one.coding.index, one.quality, one.value) == (Decimal(50), None, None)


def test_a_score_counts_from_its_stated_day_else_from_when_it_was_seen() -> None:
    before = datetime(2026, 4, 1, tzinfo=UTC)
    seen_later = Subject(a_model(), a_pair("1"), (a_score("150"),))
    stated_earlier = Subject(a_model(), a_pair("1"), (a_score("150", stated=date(2026, 3, 1)),))
    assert stand(seen_later, NO_RATES, Question(before)).quality is None
    assert stand(stated_earlier, NO_RATES, Question(before)).quality is not None


def test_of_several_efforts_the_best_counts() -> None:
    scores = (a_score("140", "one_low"), a_score("155", "one_max"), a_score("150", "one_high"))
    one = standing(*a_pair("1"), scores=scores)
    assert one.quality is not None
    assert [score.printed for score in one.quality.scores] == ["one_max"]
    assert one.quality.index == Decimal(110)


def test_a_later_result_replaces_the_earlier_one_of_the_same_name() -> None:
    scores = (a_score("150", stated=date(2026, 2, 1)), a_score("140", stated=date(2026, 3, 1)))
    one = standing(*a_pair("1"), scores=scores)
    assert one.quality is not None
    assert one.quality.index == Decimal(80)


def test_a_score_below_the_lower_anchor_is_quality_zero() -> None:
    one = standing(*a_pair("1"), scores=(a_score("62"),))
    assert one.value == 0


def _three() -> tuple[Standing, ...]:
    subjects = [
        Subject(a_model("unscored"), a_pair("1")),
        Subject(a_model("dear"), a_pair("100"), (a_score("150"),)),
        Subject(a_model("dominated"), a_pair("100"), (a_score("140"),)),
        Subject(a_model("cheap"), a_pair("1"), (a_score("125"),)),
    ]
    return rank_all(subjects, Question(NOON))


def test_the_best_value_is_first_and_no_value_last() -> None:
    ids = [one.model.id for one in _three()]
    assert ids == ["acme/cheap", "acme/dear", "acme/dominated", "acme/unscored"]


def test_the_frontier_holds_what_nothing_beats_at_its_price() -> None:
    assert [one.model.id for one in _three() if one.pareto] == ["acme/cheap", "acme/dear"]


def test_stars_are_the_fifth_of_the_list_a_value_is_in() -> None:
    subjects = [
        Subject(a_model(f"m{number:02}"), a_pair("1"), (a_score(str(110 + number)),))
        for number in range(10)
    ]
    stars = [one.stars for one in rank_all(subjects, Question(NOON))]
    assert stars == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert [one.stars for one in _three()][-1] is None


def test_quality_does_not_depend_on_who_else_is_listed() -> None:
    among = next(one for one in _three() if one.model.id == "acme/cheap")
    alone = stand(
        Subject(a_model("cheap"), a_pair("1"), (a_score("125"),)), NO_RATES, Question(NOON)
    )
    assert among.quality == alone.quality


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("0", "free"),
        ("0.49", "budget"),
        ("0.50", "mid"),
        ("2.49", "mid"),
        ("2.5", "premium"),
        ("9.99", "premium"),
        ("10", "frontier"),
    ],
)
def test_bands_are_declared_bounds_on_the_input_price(price: str, expected: str) -> None:
    assert band(Decimal(price)) == expected


@pytest.mark.parametrize(
    "text", ["", "3", "3:1:1", "a:b", "-3:1", "1e3:1", "NaN:1", "3:1.", "3.\u0663:1"]
)
def test_what_is_no_mix_is_refused(text: str) -> None:
    with pytest.raises(RankingError, match="write input and output parts, as in 3:1"):
        parse_mix(text)


@pytest.mark.parametrize("text", ["0:0", "1001:1"])
def test_a_mix_outside_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(RankingError):
        parse_mix(text)


def test_an_alpha_outside_its_bounds_is_refused() -> None:
    with pytest.raises(RankingError, match="alpha lies between 0 and 4"):
        Question(NOON, alpha=Decimal(5))


AMOUNTS = st.decimals(min_value=0, max_value=1000, places=3)


@given(cheaper=AMOUNTS, dearer=AMOUNTS)
def test_of_two_equally_good_models_the_dearer_is_never_worth_more(
    cheaper: Decimal, dearer: Decimal
) -> None:
    low, high = sorted((cheaper, dearer))
    scores = (a_score("150"),)
    better, worse = (standing(*a_pair(str(price)), scores=scores).value for price in (low, high))
    assert better is not None
    assert worse is not None
    assert better >= worse
