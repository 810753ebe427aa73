"""What POST /cost takes and answers: a usage with its question, and what it costs line by line."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from api.questions import Moment as AskedMoment
from api.questions import Question, Text
from api.shapes import Amount, Moment, Shape
from catalog.cost import Cost, Line
from catalog.cost.pricing import in_digits
from catalog.cost.rates import Rate
from catalog.cost.rules import Multiplier, Stack
from catalog.money import plain


def _written(at: object) -> object:
    """Refuse a number: whether it counts seconds or something else, nobody can say."""
    if at is None or isinstance(at, str):
        return at
    raise ValueError(f"{at!r} is no date; write 2026-01-31 or 2026-01-31T12:00:00Z")


class CostQuestion(Question):
    """What used so much, when and where; what is not named is the usual one."""

    model_config = ConfigDict(title="CostQuestion")

    model: Annotated[Text, Field(min_length=1, examples=["claude-opus-4-7"])]
    """Any name of a model."""
    usage: Annotated[
        dict[str, object], Field(examples=[{"input_tokens": 1200, "output_tokens": 300}])
    ]
    """The usage object, as the provider's API returned it."""
    at: Annotated[AskedMoment | None, BeforeValidator(_written)] = None
    """When it was used; a date is its first instant in UTC. ``known_at``, else now."""
    known_at: Annotated[AskedMoment | None, BeforeValidator(_written)] = None
    """What was known when; prices recorded later do not count. Now, unless given."""
    provider: Text | None = None
    """Who sold it; the model's maker, unless given."""
    tier: Text | None = None
    """The service tier; what the usage names, else standard."""
    region: Text | None = None
    """What the usage names, else global, else the maker's home."""
    format: Text | None = None
    """Whose usage it is (openai-chat, anthropic …); what its fields show, unless given."""


class MoneyOut(Shape):
    """So much of a currency."""

    amount: Amount
    currency: str


class ProofOut(Shape):
    """Where a price, or a rule, can be checked."""

    url: str
    sha256: str | None
    text: str
    fetched_at: Moment | None


class OtherOut(Shape):
    """The price that may have held already: it was seen next, and it is not known since when."""

    price: Amount | None
    """None: it had come to an end."""
    amount: Amount | None
    valid_from: Moment


class CostLineOut(Shape):
    """What so much of one meter costs, or why that is not known."""

    meter: str
    """A meter; the name of a surcharge; or a field of the usage that no rule knows."""
    quantity: int
    amount: Amount | None
    """None: not known."""
    currency: str | None
    price: Amount | None
    """In the currency per unit, as stated; a factor is not in it."""
    unit: str | None
    priced_as: str | None
    """The meter that has the price: another one where it is not priced apart."""
    valid_from: Moment | None
    series: str | None
    evidence: ProofOut | None
    factor: str | None
    """What it is multiplied with, by a rule that the provider states."""
    rule: ProofOut | None
    """That rule."""
    other: OtherOut | None
    """Where the moment lies between two sightings with different amounts."""
    reason: str | None
    """Why the amount is not known."""
    candidates: list[str]
    """What could be asked for instead."""


class CostOut(Shape):
    """What a usage costs."""

    total: MoneyOut | None
    """None where any line's amount is not known: unknown is never zero."""
    other_total: MoneyOut | None
    """The total if the prices seen next held already, where that is in doubt."""
    lines: list[CostLineOut]
    warnings: list[str]
    model: str | None
    provider: str | None
    tier: str
    region: str
    at: Moment
    format: str
    """Whose usage it was read as."""


def shown(cost: Cost) -> CostOut:
    """Show what a usage costs."""
    return CostOut(
        total=_money(cost.total, cost.currency),
        other_total=_money(cost.other_total, cost.currency),
        lines=[_line(line, cost.currency) for line in cost.lines],
        warnings=list(cost.warnings),
        model=cost.offer.sold.model,
        provider=cost.offer.sold.provider,
        tier=cost.offer.tier,
        region=cost.offer.region,
        at=cost.at,
        format=cost.counted.format,
    )


def _money(amount: Decimal | None, currency: str | None) -> MoneyOut | None:
    if amount is None or currency is None:
        return None
    return MoneyOut(amount=plain(amount), currency=currency)


def _line(line: Line, currency: str | None) -> CostLineOut:
    rate = line.rate
    return CostLineOut(
        meter=str(line.meter),
        quantity=line.quantity,
        amount=_plain(line.amount),
        currency=None if line.atto is None else currency,
        price=_plain(rate.amount) if rate else None,
        unit=rate.unit if rate else None,
        priced_as=rate.meter if rate else None,
        valid_from=rate.valid_from if rate else None,
        series=rate.series if rate else None,
        evidence=_proof(rate) if rate else None,
        factor=in_digits(line.factor) if line.factor else None,
        rule=_rule(line.rule),
        other=_other(line),
        reason=line.reason or None,
        candidates=list(line.candidates),
    )


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def _proof(rate: Rate) -> ProofOut:
    proof = rate.proof
    return ProofOut(
        url=proof.url, sha256=proof.sha256, text=proof.text, fetched_at=proof.fetched_at
    )


def _rule(rule: Stack | Multiplier | None) -> ProofOut | None:
    if isinstance(rule, Multiplier):
        return ProofOut(url=rule.url, sha256=None, text=rule.text, fetched_at=rule.seen_at)
    return (
        None
        if rule is None
        else ProofOut(url=rule.url, sha256=None, text=rule.says, fetched_at=None)
    )


def _other(line: Line) -> OtherOut | None:
    if line.doubt is None:
        return None
    return OtherOut(
        price=_plain(line.doubt.amount),
        amount=_plain(line.other_amount),
        valid_from=line.doubt.valid_from,
    )
