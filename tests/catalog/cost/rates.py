"""Builders of price books from a few rates, showing only what matters."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from catalog.cost import Book
from catalog.cost.rates import Proof, Rate
from catalog.cost.rules import Multiplier
from catalog.identity import load
from catalog.moments import parse_moment
from catalog.vocabulary import Meter, Precision, SourceKind, Unit

FIRST = "2026-01-01"
PROOF = Proof("https://anthropic.example/docs", parse_moment(FIRST), "ab" * 32, "$5 / MTok", "")
UNITS = {Meter.SEARCHES: Unit.THOUSAND_REQUESTS}


def rate(amount: str | None, meter: Meter = Meter.INPUT_TOKENS, **columns: object) -> Rate:
    """State an input price in dollars per 1M tokens of Anthropic, unless columns say otherwise."""
    stated: dict[str, object] = {
        "source": "anthropic",
        "kind": SourceKind.OFFICIAL,
        "provider": "anthropic",
        "tier": "standard",
        "region": "global",
        "context_over": 0,
        "variant": "",
        "window": "",
        "meter": meter,
        "unit": UNITS.get(meter, Unit.MILLION_TOKENS),
        "currency": "USD",
        "amount": None if amount is None else Decimal(amount),
        "reason": "withdrawn" if amount is None else "",
        "precision": Precision.AT_MOST,
        "not_before": None,
        "proof": PROOF,
    } | columns
    for name in ("valid_from", "not_before", "confirmed_at"):
        day = stated.get(name, FIRST if name != "not_before" else None)
        stated[name] = parse_moment(day) if isinstance(day, str) else day
    parts = ("source", "provider", "tier", "region", "context_over", "variant", "window")
    series = ":".join(str(stated[part]) for part in (*parts, "meter", "currency"))
    return Rate(series=series, **stated)  # type: ignore[arg-type] # a test's columns are checked by its claim


def book(*rates: Rate, others: Mapping[str, Sequence[Rate]] = MappingProxyType({})) -> Book:
    """Make a book of the rates of Opus 4.7, and of other models by their ids."""
    models: dict[str, Sequence[Rate]] = {"anthropic/claude-opus-4.7": rates, **others}
    return Book(lambda asked: models.get(asked, ()), load())


def surcharge(factor: str, *, source: str, name: str, scope: str, seen: str = FIRST) -> Multiplier:
    """State a multiplier."""
    url = f"https://{source}.example/docs"
    return Multiplier(source, name, Decimal(factor), scope, parse_moment(seen), url, scope)
