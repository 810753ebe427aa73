"""A standing told in another currency: by what each price was stated in, and the day's rate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from catalog.exchange import Rates
from catalog.ranking.reference import Reference, ReferenceAmount
from catalog.ranking.standing import Standing
from catalog.ranking.worth import Mix, blend
from catalog.vocabulary import Meter


@dataclass(frozen=True)
class Into:
    """A currency to tell amounts in, and the day whose rates count."""

    currency: str
    rates: Rates
    day: date


def converted(standing: Standing, mix: Mix, into: Into) -> Standing:
    """Tell a standing's prices in a currency; value, stars and band stay those in dollars.

    What was stated in that currency is given as stated. An amount without a rate is left out.
    """
    amounts = {meter: _told(one, into) for meter, one in standing.reference.amounts.items()}
    reference = Reference(_known(amounts), standing.reference.reason)
    return replace(standing, reference=reference, blended=blend(reference, mix))


def _known(amounts: Mapping[Meter, ReferenceAmount | None]) -> Mapping[Meter, ReferenceAmount]:
    return MappingProxyType({meter: one for meter, one in amounts.items() if one})


def _told(one: ReferenceAmount, into: Into) -> ReferenceAmount | None:
    quote = one.quote
    if quote.amount is None or quote.currency == into.currency:
        return None if quote.amount is None else ReferenceAmount(quote.amount, quote)
    made = into.rates.convert(quote.amount, quote.currency, to=into.currency, at=into.day)
    return ReferenceAmount(made.amount, quote, made) if made else None
