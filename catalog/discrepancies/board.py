"""The board: every disagreement that holds, with its likely reason, the largest first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal

from catalog.cost.book import GLOBAL
from catalog.discrepancies.case import Case, seen_at
from catalog.discrepancies.claims import (
    Official,
    claims,
    official,
    own_prices,
    plain_amounts,
    states,
)
from catalog.discrepancies.delisted import Entry
from catalog.discrepancies.earlier import Earlier, Step
from catalog.discrepancies.moves import held_at_once
from catalog.discrepancies.rules import Rule, reasons
from catalog.identity import Model
from catalog.identity.moving_names import moves
from catalog.past.history import Price
from catalog.vocabulary import Meter

CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)
STEP = Decimal("0.000001")
TOKENS = frozenset({Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS})


@dataclass(frozen=True)
class Discrepancy:
    """A disagreement with its likely reason."""

    case: Case
    rule: Rule
    because: str
    also: tuple[Rule, ...]
    """Other rules that hold."""
    at: datetime
    """The moment asked about."""

    @property
    def id(self) -> str:
        """What tells it apart: the series of the claim."""
        return self.case.stated.series

    @property
    def correctable(self) -> bool:
        """Whether it is one that the other list would correct, by what is on record."""
        own = self.rule.of_a_seller or not self.case.is_reseller
        shown = self.rule.at_any_time or held_at_once(self.case)
        return self.rule.of_the_list and own and shown

    @property
    def official_age(self) -> int:
        """Whole days since the official price was last seen; 0 where it is only announced."""
        return max((self.at - self.case.official_seen_at).days, 0)

    @property
    def stated_age(self) -> int:
        """The same of the other one."""
        return max((self.at - self.case.stated_seen_at).days, 0)

    @property
    def size(self) -> Decimal:
        """How far apart the two are, from 0 to 1: the difference over the larger amount."""
        one, other = self.case.amount, self.case.own_amount
        larger = max(one, other)
        if not self.case.same_currency or not larger:
            return Decimal(1) if one != other or not self.case.same_currency else Decimal(0)
        return CONTEXT.divide(abs(one - other), larger).quantize(STEP, context=CONTEXT)

    @property
    def ratio(self) -> Decimal | None:
        """What is stated over what is official; None where that is zero or another currency."""
        if not self.case.own_amount or not self.case.same_currency:
            return None
        return CONTEXT.divide(self.case.amount, self.case.own_amount).quantize(
            STEP, context=CONTEXT
        )


@dataclass(frozen=True)
class Known:
    """What a board is made of, at one moment."""

    models: Mapping[str, Model]
    prices: Mapping[str, tuple[Price, ...]]
    """Of each model, by its id."""
    earlier: Earlier
    open_weights: Mapping[str, bool | None]
    retired: Mapping[str, datetime | None]
    """From when on the maker of each model sells it no more."""
    delisted: Mapping[Entry, datetime]
    """From when on a source itself has a model as ended."""
    at: datetime


@dataclass(frozen=True)
class _Pair:
    model: Model
    claim: Price
    official: Official

    @property
    def differs(self) -> bool:
        """Whether the two disagree; in two currencies only where the number is the same."""
        if self.claim.currency != self.official.price.currency:
            return self.claim.amount == self.official.price.amount and bool(self.claim.amount)
        return not any(states(self.claim, amount) for amount in self.official.amounts)

    @property
    def is_resold(self) -> bool:
        """Whether the claim is of a reseller's own offer."""
        return self.claim.provider == self.claim.source


_Kin = Mapping[tuple[str, str], Mapping[str, Mapping[Meter, Decimal]]]
"""By maker and family: what is official of each model; names that move are no one model's."""


_Before = Mapping[str, Mapping[str, tuple[Step, ...]]]
"""By the series of an official price: what other lists stated of it before."""


_Resold = Mapping[tuple[str, Meter], Mapping[str, tuple[Step, ...]]]
"""By model and meter: what each reseller charges, and charged."""


@dataclass(frozen=True)
class _About:
    """What is known of all pairs together."""

    own: Mapping[str, tuple[Price, ...]]
    kin: _Kin
    margins: Mapping[tuple[str, Decimal], int]
    before: _Before
    resold: _Resold


def board(known: Known) -> tuple[Discrepancy, ...]:
    """Compare every claim with the maker's own price; give those that differ, largest first."""
    own = {
        name: own_prices(known.models[name], prices)
        for name, prices in known.prices.items()
        if known.models[name].kind == "model"
    }
    pairs = [pair for name, some in own.items() if some for pair in _pairs(known, name, some)]
    about = _About(
        own,
        _kin(known.models, own),
        _margins(known, pairs),
        _before(known, pairs),
        _resold(known, pairs),
    )
    found = [_judged(known, pair, about) for pair in pairs if pair.differs]
    return tuple(sorted(found, key=lambda one: (-one.size, one.id)))


def _pairs(known: Known, name: str, own: tuple[Price, ...]) -> Iterator[_Pair]:
    model = known.models[name]
    for claim, meaning in claims(known.prices[name]):
        stated = official(model, own, claim, meaning)
        if stated is not None:
            yield _Pair(model, claim, stated)


def _kin(models: Mapping[str, Model], own: Mapping[str, tuple[Price, ...]]) -> _Kin:
    kin: dict[tuple[str, str], dict[str, Mapping[Meter, Decimal]]] = {}
    for name, prices in own.items():
        model = models[name]
        if prices and not moves(model):
            kin.setdefault((model.maker, model.family), {})[name] = plain_amounts(prices)
    return kin


def _margins(known: Known, pairs: Iterable[_Pair]) -> Counter[tuple[str, Decimal]]:
    """Count for how many models each reseller charges one factor of input and output alike.

    Open models tell nothing of it: their offer need not be the maker's.
    """
    factors: dict[tuple[str, str], set[Decimal | None]] = {}
    for pair in pairs:
        if (
            pair.is_resold
            and pair.claim.meter in TOKENS
            and not known.open_weights.get(pair.model.id)
        ):
            factors.setdefault((pair.claim.source, pair.model.id), set()).add(_factor(pair))
    alike = (
        (source, factor)
        for (source, _), some in factors.items()
        if len(some) == 1 and (factor := next(iter(some))) not in {None, Decimal(1)}
    )
    return Counter(alike)


def _before(known: Known, pairs: Iterable[_Pair]) -> _Before:
    """Give what lists stated before they came to the official price, or before it was seen.

    Resellers, too, that charge the official price now, where the weights are not open: then the
    model is sold at its maker's price.
    """
    before: dict[str, dict[str, tuple[Step, ...]]] = {}
    for pair in pairs:
        official_price = pair.official.price
        early = seen_at(pair.claim) < official_price.valid_from and not pair.is_resold
        closed = known.open_weights.get(pair.model.id) is False
        if early or (not pair.differs and (closed or not pair.is_resold)):
            steps = known.earlier.get(pair.claim.series, ())
            before.setdefault(official_price.series, {})[pair.claim.source] = steps
    return before


def _resold(known: Known, pairs: Iterable[_Pair]) -> _Resold:
    """Give what resellers charge and charged, in the currency of the official price."""
    resold: dict[tuple[str, Meter], dict[str, tuple[Step, ...]]] = {}
    for pair in pairs:
        if pair.is_resold and pair.claim.currency == pair.official.price.currency:
            steps = known.earlier.get(pair.claim.series, ())
            resold.setdefault((pair.model.id, pair.claim.meter), {})[pair.claim.source] = steps
    return resold


def _factor(pair: _Pair) -> Decimal | None:
    own, stated = pair.official.price.amount, pair.claim.amount
    if not own or not stated or pair.claim.currency != pair.official.price.currency:
        return None
    return CONTEXT.divide(stated, own).quantize(STEP, context=CONTEXT)


def _judged(known: Known, pair: _Pair, about: _About) -> Discrepancy:
    model, claim, price = pair.model, pair.claim, pair.official.price
    factor = _factor(pair)
    family = about.kin.get((model.maker, model.family), {})
    case = Case(
        model=model,
        official=price,
        stated=claim,
        own=tuple(one for one in about.own[model.id] if one.currency == claim.currency),
        steps=known.earlier.get(price.series, ()),
        elsewhere=_without(about.before.get(price.series, {}), claim.source),
        resold=about.resold.get((model.id, claim.meter), {}),
        said=plain_amounts(_beside(known.prices[model.id], claim)),
        relatives={name: amounts for name, amounts in family.items() if name != model.id},
        retired=known.retired.get(model.id),
        delisted=known.delisted.get((claim.source, claim.label)),
        regional=_regional(known.prices[model.id], claim, price),
        margins=about.margins.get((claim.source, factor), 0) if factor is not None else 0,
        open_weights=known.open_weights.get(model.id),
    )
    (rule, because), *others = reasons(case)
    return Discrepancy(case, rule, because, tuple(other for other, _ in others), known.at)


def _without(before: Mapping[str, tuple[Step, ...]], source: str) -> Mapping[str, tuple[Step, ...]]:
    return {name: steps for name, steps in before.items() if name != source}


def _regional(prices: Iterable[Price], claim: Price, price: Price) -> Mapping[str, str]:
    """Find the lists that state this amount for everywhere, and the official one for a region."""
    alike = [
        one
        for one, meaning in claims(prices)
        if (one.meter, one.unit, one.currency) == (claim.meter, claim.unit, claim.currency)
        and meaning is not None
        and meaning.provider == price.provider
    ]
    everywhere = {
        one.source for one in alike if one.region == GLOBAL and one.amount == claim.amount
    }
    return {
        one.source: one.region
        for one in alike
        if one.source in everywhere and one.region != GLOBAL and one.amount == price.amount
    }


def _beside(prices: Iterable[Price], claim: Price) -> list[Price]:
    """Give what the same source states of the same offer."""
    offer = (claim.source, claim.provider, claim.region, claim.currency)
    return [
        price
        for price in prices
        if (price.source, price.provider, price.region, price.currency) == offer
        and price.amount is not None
    ]
