"""A price sheet: one offer's prices in one currency, by what is counted."""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass

from catalog.cost.counted import Counted
from catalog.cost.rules import MODALITIES
from catalog.cost.slots import LONG, Slot, with_fallbacks
from catalog.cost.stacked import Stacked, longer, not_stated
from catalog.vocabulary import Meter

NOTHING: frozenset[Meter] = frozenset()
NEVER = 10**18
"""A length that no prompt has."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an offer states in one currency, by meter, fallbacks taken in."""

    currency: str
    slots: Mapping[Meter, Slot]
    stacked: Mapping[Meter, Stacked]
    """How a price follows from others, of meters it states none of."""
    longer: Mapping[Meter, Stacked]
    """The same in prompts longer than ``long_over``, of meters it states only one price of."""
    long_over: int
    texts: frozenset[Meter]
    """Of input and output: which have a price of text alone, beside those of other modalities."""

    def odd(self, counted: Counted) -> Container[Meter]:
        """Give the meters whose price is not simply the one that is stated."""
        untold = counted.untold & self.texts if self.texts else NOTHING
        long = self.longer if counted.whole_input > self.long_over else NOTHING
        return {*untold, *long} if untold and long else untold or long


def sheet(
    currency: str,
    own: Mapping[Meter, Slot],
    standard: Mapping[Meter, Slot],
    elsewhere: Collection[Meter],
    sold: tuple[str, str],
) -> Sheet:
    """Make a sheet of what a tier states and what the standard one does.

    ``elsewhere`` are the cache meters that have a price apart from input, ``sold`` is the provider
    and the tier.
    """
    slots, plain = with_fallbacks(own, elsewhere), with_fallbacks(standard, elsewhere)
    more = dict(longer(slots, plain, *sold))
    steps = (over for one in more.values() for slot in one.over for over, _ in slot.steps)
    long_over = min((over for over in steps if over > LONG), default=NEVER)
    texts = frozenset(
        meter
        for meter, others in MODALITIES.items()
        if meter not in own and not others.isdisjoint(own)
    )
    return Sheet(currency, slots, dict(not_stated(slots, plain, *sold)), more, long_over, texts)
