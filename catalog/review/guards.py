"""Guards: what publishes itself, and what waits for a person, with the reason.

Each guard is a pure function from a judged visit to reasons. They hold what a crawl observed;
a backfill they only annotate. Those of models judge the prices of every day that a page newly
states, today's and announced ones.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.identity.own_offers import own_offers
from catalog.money import from_pico, plain
from catalog.past.series import Key
from catalog.vocabulary import Meter, SourceKind, Word


class HoldScope(Word):
    """What a guard holds."""

    DOCUMENT = "document", "everything that this visit of the document newly says"
    MODEL = "model", "what it newly says of one model"
    SERIES = "series", "what it newly says of one price"


class Lift(Word):
    """What lifts a hold."""

    PERSON = "person", "a person"
    REPEATS = "repeats", "two more identical readings"
    AGREEMENT = "agreement", "the maker's own source or two resellers that agree, also later"


FEWEST_MODELS = Decimal("0.8")
MOST_MOVED = Decimal("0.2")
FEW_MOVES = 10
"""Fewer moved prices than this never hold a document."""
LARGEST_FACTOR = 5
SLIPS = (1000, 1_000_000)
SLIP_TOLERANCE = Decimal("0.02")
SMALLEST_OUTPUT = Decimal("0.01")
REPEATS_THAT_LIFT = 2
RESELLERS_THAT_AGREE = 2


@dataclass(frozen=True)
class Move:
    """One price in force that a visit states otherwise."""

    key: Key
    old: int
    new: int

    @property
    def factor(self) -> Decimal:
        """The larger amount in terms of the smaller one; 0 where one of them is zero."""
        low, high = sorted((self.old, self.new))
        return Decimal(high) / low if low else Decimal(0)

    @property
    def is_large(self) -> bool:
        """Whether it is too far to be believed of one source alone."""
        return self.factor == 0 or self.factor >= LARGEST_FACTOR

    def __str__(self) -> str:
        """Print it for a person."""
        old, new = plain(from_pico(self.old)), plain(from_pico(self.new))
        return f"{self.key.subject} {self.key.tier} {self.key.meter}: {old} -> {new}"


@dataclass(frozen=True)
class Witness:
    """What another source states of the same price, lately."""

    source: str
    kind: SourceKind
    provider: str
    """Whom the source is of."""
    amount: int


def agreed(move: Move, witnesses: Iterable[Witness]) -> bool:
    """Whether the maker's own source, or two resellers, state the new amount."""
    same = [witness for witness in witnesses if witness.amount == move.new]
    makers = {offer.provider for offer in own_offers(move.key.subject.partition("/")[0])}
    own = any(w.kind is SourceKind.OFFICIAL and w.provider in makers for w in same)
    resellers = {w.source for w in same if w.kind is SourceKind.RESELLER}
    return own or len(resellers) >= RESELLERS_THAT_AGREE


@dataclass(frozen=True)
class Judged:
    """A visit before it is published."""

    models_before: int
    """How many models the last good reading of this document in this form had; 0 at first."""
    models: int
    prices_before: int
    moves: Sequence[Move]
    amounts: Mapping[Key, int]
    """What the visit says holds now, of each model of which it newly says anything."""
    contradictions: Sequence[Key]
    agreed: Collection[Move] = ()
    """The large moves whose new amount other sources state."""


@dataclass(frozen=True)
class Reason:
    """Why something is held."""

    about: str
    """The model or series it is about; empty for the document."""
    text: str


@dataclass(frozen=True)
class Guard:
    """A guard as the table of guards declares it."""

    judge: Callable[[Judged], Iterable[Reason]]
    scope: HoldScope
    lifts: tuple[Lift, ...]

    @property
    def name(self) -> str:
        """The guard's name."""
        return self.judge.__name__

    @property
    def holds(self) -> str:
        """What it holds for, in words."""
        return (self.judge.__doc__ or "").strip()

    @property
    def lifted_by(self) -> str:
        """What lifts it, in words."""
        return "; ".join(lift.meaning for lift in self.lifts)


def few_models(visit: Judged) -> Iterator[Reason]:
    """Fewer than 80 % of the document's last good models."""
    if visit.models < FEWEST_MODELS * visit.models_before:
        yield Reason("", f"{visit.models} models where {visit.models_before} were")


def many_moved(visit: Judged) -> Iterator[Reason]:
    """More than 20 % of a document's prices moved, ten at least, unless by one common factor."""
    moved = len(visit.moves)
    if moved < FEW_MOVES or moved <= MOST_MOVED * visit.prices_before:
        return
    ratios = {Decimal(move.new) / move.old if move.old else None for move in visit.moves}
    if len(ratios) > 1:
        yield Reason("", f"{moved} of {visit.prices_before} prices moved")


def large_factor(visit: Judged) -> Iterator[Reason]:
    """Up or down by ×5 or more; to or from zero."""
    for move in visit.moves:
        if move.is_large and move not in visit.agreed:
            yield Reason(move.key.subject, str(move))


def unit_slip(visit: Judged) -> Iterator[Reason]:
    """A factor near 1,000 or 1,000,000 (a unit slip)."""
    for move in visit.moves:
        if any(abs(move.factor / slip - 1) <= SLIP_TOLERANCE for slip in SLIPS):
            yield Reason(move.key.subject, f"{move}, by about {move.factor:.0f}")


def dear_cache(visit: Judged) -> Iterator[Reason]:
    """A cached read dearer than input."""
    for key, amount in visit.amounts.items():
        if key.meter == Meter.CACHE_READ_TOKENS:
            plain_input = visit.amounts.get(key._replace(meter=Meter.INPUT_TOKENS.value))
            if plain_input is not None and amount > plain_input:
                yield Reason(key.subject, f"{key.tier}: cached reads cost more than input")


def dear_batch(visit: Judged) -> Iterator[Reason]:
    """Batch dearer than standard."""
    for key, amount in visit.amounts.items():
        standard = visit.amounts.get(key._replace(tier="standard"))
        if key.tier == "batch" and standard is not None and amount > standard:
            yield Reason(key.subject, f"{key.meter}: batch costs more than standard")


def cheap_output(visit: Judged) -> Iterator[Reason]:
    """Output a hundredth of input or less, unless it is free."""
    for key, amount in visit.amounts.items():
        if key.meter == Meter.OUTPUT_TOKENS and amount:
            given = visit.amounts.get(key._replace(meter=Meter.INPUT_TOKENS.value))
            if given is not None and amount <= SMALLEST_OUTPUT * given:
                yield Reason(key.subject, f"{key.tier}: output costs a hundredth of input")


TABS = ("tier", "region", "window")
"""What the tabs of a page tell apart: the prices in them are of the same things."""


def other_tab(visit: Judged) -> Iterator[Reason]:
    """A price that became the unmoved one of another tier, region or window: a stale tab."""
    moved = {move.key for move in visit.moves}
    unmoved = {
        (tab, _but(tab, key), amount)
        for key, amount in visit.amounts.items()
        if key not in moved
        for tab in TABS
    }
    for move in visit.moves:
        if any((tab, _but(tab, move.key), move.new) in unmoved for tab in TABS):
            yield Reason(move.key.subject, f"{move}, as under another label")


def _but(tab: str, key: Key) -> tuple[str | int, ...]:
    named = zip(Key._fields, tuple[str | int, ...](key), strict=True)
    return tuple(part for name, part in named if name != tab)


def contradiction(visit: Judged) -> Iterator[Reason]:
    """Two amounts for one series in one reading."""
    for key in visit.contradictions:
        yield Reason(name_of(key), "the page states two amounts")


def name_of(key: Key) -> str:
    """Print a series' key as the subject of a hold."""
    return "|".join(str(part) for part in key)


GUARDS: tuple[Guard, ...] = (
    Guard(few_models, HoldScope.DOCUMENT, (Lift.PERSON, Lift.REPEATS)),
    Guard(many_moved, HoldScope.DOCUMENT, (Lift.PERSON, Lift.REPEATS)),
    Guard(large_factor, HoldScope.MODEL, (Lift.PERSON, Lift.AGREEMENT)),
    Guard(unit_slip, HoldScope.MODEL, (Lift.PERSON,)),
    Guard(dear_cache, HoldScope.MODEL, (Lift.PERSON,)),
    Guard(dear_batch, HoldScope.MODEL, (Lift.PERSON,)),
    Guard(cheap_output, HoldScope.MODEL, (Lift.PERSON,)),
    Guard(other_tab, HoldScope.MODEL, (Lift.PERSON,)),
    Guard(contradiction, HoldScope.SERIES, (Lift.PERSON,)),
)
OF_MODELS = tuple(guard for guard in GUARDS if guard.scope is HoldScope.MODEL)


def lifted_by(lift: Lift) -> frozenset[str]:
    """Name the guards whose holds one thing lifts."""
    return frozenset(guard.name for guard in GUARDS if lift in guard.lifts)


@dataclass(frozen=True)
class Held:
    """One thing that one guard holds of a visit, with all its reasons."""

    guard: Guard
    about: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        """Print it for a person."""
        shown = "; ".join(self.reasons[:3])
        return f"{self.guard.name}: {shown}" + (" …" if len(self.reasons) > len("abc") else "")


def judge(visit: Judged, guards: Sequence[Guard] = GUARDS) -> list[Held]:
    """Ask every guard; give what is held, each thing once for each guard."""
    held: list[Held] = []
    for guard in guards:
        reasons = list(guard.judge(visit))
        for about in Counter(reason.about for reason in reasons):
            texts = tuple(reason.text for reason in reasons if reason.about == about)
            held.append(Held(guard, about, texts))
    return held
