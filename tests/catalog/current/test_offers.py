"""Offers: what one provider asks for one model, in one tier and region."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from catalog.current.offers import Offer, offers
from catalog.vocabulary import Meter
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"


@pytest.fixture
def catalog(sqlite_store: Engine) -> Catalog:
    return Catalog(sqlite_store)


def of(catalog: Catalog) -> dict[str, Offer]:
    return {one.tier: one for one in offers(catalog.prices())}


def test_an_offer_gathers_the_plain_prices_of_a_tier(catalog: Catalog) -> None:
    output = point(OPUS, "25", meter=Meter.OUTPUT_TOKENS)
    batch = point(OPUS, "2.5", tier="batch")
    catalog.take(visit("2026-05-01", point(OPUS, "5"), output, batch))
    found = of(catalog)
    assert found["standard"].amounts == {
        Meter.INPUT_TOKENS: Decimal(5),
        Meter.OUTPUT_TOKENS: Decimal(25),
    }
    assert found["batch"].amounts == {Meter.INPUT_TOKENS: Decimal("2.5")}


def test_a_price_with_conditions_counts_and_is_not_shown_as_plain(catalog: Catalog) -> None:
    long = point(OPUS, "10", context_over=200_000)
    catalog.take(visit("2026-05-01", point(OPUS, "5"), long))
    offer = of(catalog)["standard"]
    assert (offer.amounts[Meter.INPUT_TOKENS], offer.prices) == (Decimal(5), 2)


def test_of_several_windows_the_dearest_is_shown(catalog: Catalog) -> None:
    night = point(OPUS, "3", window="off-peak")
    catalog.take(visit("2026-05-01", point(OPUS, "5", window="peak"), night))
    assert of(catalog)["standard"].amounts[Meter.INPUT_TOKENS] == Decimal(5)


def test_a_name_that_is_no_known_model_has_no_offer(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("Claude Ode 1", "5")))
    assert of(catalog) == {}
