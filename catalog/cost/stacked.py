"""Prices that no list states and that follow from others: of cached tokens, and of long prompts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from catalog.cost.counted import Counted
from catalog.cost.rates import Found, Rate
from catalog.cost.rules import CACHE, LONG_CONTEXT, STACKS, Stack
from catalog.cost.slots import Slot
from catalog.vocabulary import Meter


@dataclass(frozen=True, slots=True)
class Derived:
    """A price, what it is multiplied with, and by whose word; or why that is not known."""

    base: Found
    factor: Fraction | None
    doubt: Rate | None = None
    """A rate that may have held already, of all that it follows from."""
    doubt_atto: Fraction | None = None
    """Atto-units for one of the meter, if so."""
    by: Stack | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stacked:
    """A price as another one times what a longer prompt, or a tier, makes of others."""

    base: Slot
    """Of a short prompt."""
    over: tuple[Slot, ...]
    """Of the prompt as long as it is."""
    under: tuple[Slot, ...]
    """Of a short prompt."""
    tier_by: Stack | None
    """Who states that a tier multiplies; None: nobody does."""
    long_by: Stack | None
    """Who states that long prompts do."""

    def find(self, at: datetime, counted: Counted) -> Derived:
        """Find the price for a usage; it is not known where nobody states that they multiply."""
        short = counted._replace(whole_input=0)
        base = self.base.find(at, short)
        over = [slot.find(at, counted) for slot in self.over]
        under = [slot.find(at, short) for slot in self.under]
        every = (base, *over, *under)
        factor = _ratio((one.atto for one in over), (one.atto for one in under))
        if base.atto is None or factor is None:
            return Derived(base, None, reason=_why_none(every))
        longest = max(one.rate.context_over for one in over if one.rate)
        by = self.long_by if longest else self.tier_by
        doubt = next((one.doubt for one in every if one.doubt), None)
        told = tuple(dict.fromkeys(text for one in every for text in one.warnings))
        if factor != 1 and by is None:
            reason = f"no price of {self.base.meter} in prompts longer than {longest} is stated"
            return Derived(base, None, reason=reason)
        known = doubt is not None and by is not None
        atto = _in_doubt(base, over, under) if known else None
        return Derived(base, factor, doubt, atto, by if factor != 1 else None, "", told)


def _ratio(over: Iterable[int | None], under: Iterable[int | None]) -> Fraction | None:
    ratio = Fraction(1)
    for one, by in zip(over, under, strict=True):
        if one is None or not by:
            return None
        ratio *= Fraction(one, by)
    return ratio


def _in_doubt(base: Found, over: Iterable[Found], under: Iterable[Found]) -> Fraction | None:
    """Give the price if each rate that may have held already did."""
    ratio = _ratio(map(_if_held, over), map(_if_held, under))
    atto = _if_held(base)
    return None if ratio is None or atto is None else ratio * atto


def _if_held(found: Found) -> int | None:
    return found.doubt_atto if found.doubt else found.atto


def _why_none(every: Iterable[Found]) -> str:
    missing = next((one.reason for one in every if one.atto is None), "")
    return missing or f"no price of {Meter.INPUT_TOKENS} to take its factor from"


def not_stated(
    slots: Mapping[Meter, Slot], standard: Mapping[Meter, Slot], provider: str, tier: str
) -> Iterator[tuple[Meter, Stacked]]:
    """Give the meters a tier states no price of: the standard one, times what it makes of input."""
    by, plain = _rule(STACKS, provider, tier), Meter.INPUT_TOKENS
    if by is None or plain not in slots or plain not in standard:
        return
    stretched = standard[plain].longer and not slots[plain].longer
    over = (slots[plain], standard[plain]) if stretched else (slots[plain],)
    under = (standard[plain],) * len(over)
    for meter in sorted(by.meters & standard.keys() - slots.keys()):
        long_by = _rule(LONG_CONTEXT, provider, tier) or by
        yield meter, Stacked(standard[meter], over, under, by, long_by)


def longer(
    slots: Mapping[Meter, Slot], standard: Mapping[Meter, Slot], provider: str, tier: str
) -> Iterator[tuple[Meter, Stacked]]:
    """Give the meters an offer states no price of in long prompts, where others have one."""
    by = _rule(LONG_CONTEXT, provider, tier)
    for meter, slot in slots.items():
        like = None if slot.longer else _like(meter, slots, standard)
        if like is not None:
            yield meter, Stacked(slot, (like,), (like,), None, by)


def _like(meter: Meter, slots: Mapping[Meter, Slot], standard: Mapping[Meter, Slot]) -> Slot | None:
    """Find the prices that say from which length on a meter costs more."""
    plain = Meter.INPUT_TOKENS if meter in CACHE else meter
    likely = (slots.get(plain), standard.get(meter), standard.get(plain))
    return next((one for one in likely if one is not None and one.longer), None)


def _rule(rules: Iterable[Stack], provider: str, tier: str) -> Stack | None:
    fitting = (one for one in rules if one.provider == provider and tier in one.tiers)
    return next(fitting, None)
