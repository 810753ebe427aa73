"""What a model's quality and reference price are made from, as every ranked answer shows it."""

from api.shapes import Amount, Moment, Shape
from catalog.money import plain
from catalog.ranking import ReferenceAmount, Scored
from catalog.vocabulary import Meter


class ScoreOut(Shape):
    """One benchmark result that a quality rests on."""

    benchmark: str
    score: str
    printed: str
    """The name, reasoning effort included, that the source gives it to."""
    source: str
    date: str | None
    """The day the source states; where none, it counts from seen_at."""
    seen_at: Moment


class ConversionOut(Shape):
    """How an amount was converted."""

    of_amount: Amount
    of_currency: str
    rate: Amount
    rate_date: str


class ReferenceAmountOut(Shape):
    """One amount of a reference price."""

    meter: Meter
    amount: Amount
    """Per 1M tokens, in the currency that prices are told in."""
    series: str
    """The series it is taken from."""
    window: str
    region: str
    conversion: ConversionOut | None


def score(one: Scored) -> ScoreOut:
    """Give a benchmark result that a quality rests on."""
    return ScoreOut(
        benchmark=one.benchmark,
        score=plain(one.score),
        printed=one.printed,
        source=one.source,
        date=one.stated.isoformat() if one.stated else None,
        seen_at=one.seen,
    )


def reference_amount(meter: Meter, one: ReferenceAmount) -> ReferenceAmountOut:
    """Give one amount of a reference price with where it comes from."""
    made = one.conversion
    return ReferenceAmountOut(
        meter=meter,
        amount=plain(one.amount),
        series=one.quote.series,
        window=one.quote.window,
        region=one.quote.region,
        conversion=ConversionOut(
            of_amount=plain(made.of_amount),
            of_currency=made.of_currency,
            rate=plain(made.rate),
            rate_date=made.rate_date.isoformat(),
        )
        if made
        else None,
    )
