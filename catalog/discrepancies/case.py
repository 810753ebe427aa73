"""A case: two sources state two prices of one thing, with all that may tell why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.discrepancies.earlier import Step
from catalog.identity import Model
from catalog.past.history import Price
from catalog.vocabulary import Meter


@dataclass(frozen=True, eq=False)
class Case:
    """One disagreement."""

    model: Model
    official: Price
    """The maker's own price, as its source states it."""
    stated: Price
    """What the other source states."""
    own: tuple[Price, ...]
    """All that the maker states of its own offers of the model, in the claim's currency."""
    steps: tuple[Step, ...]
    """What the official price was, is, and is announced to be, in order of time."""
    elsewhere: Mapping[str, tuple[Step, ...]]
    """What other lists stated of it before they came to the official price, or before that was
    first seen, by source."""
    resold: Mapping[str, tuple[Step, ...]]
    """What resellers charge for the model, and charged, by source."""
    said: Mapping[Meter, Decimal]
    """What the other source states of the same offer, by meter."""
    relatives: Mapping[str, Mapping[Meter, Decimal]]
    """What the maker states of other models of the family, by model and meter."""
    margins: int
    """For how many models in all a reseller's prices are the makers' times this factor."""
    open_weights: bool | None
    retired: datetime | None
    """From when on the maker sells the model no more."""
    delisted: datetime | None
    """From when on the other source itself has the model as one that has ended."""
    regional: Mapping[str, str]
    """The lists that state this amount for everywhere and the official one for a region: which."""

    @property
    def amount(self) -> Decimal:
        """What the other source states."""
        return self.stated.amount or Decimal(0)

    @property
    def own_amount(self) -> Decimal:
        """What the maker states."""
        return self.official.amount or Decimal(0)

    @property
    def same_currency(self) -> bool:
        """Whether the two amounts can be compared."""
        return self.stated.currency == self.official.currency

    @property
    def is_reseller(self) -> bool:
        """Whether the other source speaks of an offer of its own."""
        return self.stated.provider == self.stated.source

    @property
    def official_seen_at(self) -> datetime:
        """When the official price was last seen."""
        return seen_at(self.official)

    @property
    def stated_seen_at(self) -> datetime:
        """When the other one was."""
        return seen_at(self.stated)

    def before(self) -> Iterable[Step]:
        """Give what the official price was before, latest first."""
        return [step for step in self.steps if step.since < self.official.valid_from][::-1]

    def ahead(self) -> Iterable[Step]:
        """Give what it is announced to become."""
        return [step for step in self.steps if step.since > self.official.valid_from]


def seen_at(price: Price) -> datetime:
    """Give the last sighting of a price, else the time of the page that is its evidence."""
    return price.confirmed_at or price.evidence.fetched_at
