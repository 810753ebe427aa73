"""Bedrock's price list: products beside terms, and what is refused rather than guessed."""

import pytest

from catalog.reading import NotRead, PricePoint
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

LIST = PAGES / "bedrock" / "2026-09-11-price-list.json"


def points(old: str = "", new: str = "", times: int = 1) -> tuple[PricePoint, ...]:
    """Read the page of ours with one text put in the place of another."""
    text = LIST.read_text("utf-8")
    assert old in text
    return read(source_named("bedrock"), text.replace(old, new, times).encode()).points


def test_a_price_per_thousand_tokens_is_given_per_million() -> None:
    price = points()[0]
    assert (price.model, price.meter, str(price.amount)) == ("Nova Lite", "input_tokens", "0.06")
    assert price.evidence == "USE1-NovaLite-input-tokens | 1K tokens | 0.0000600000"
    assert price.locator == ("QRGWJ3P8FT28EYX2.JRTCKXETXF.6YS6EN2CT7.price.pricePerUnit.USD")


def test_a_unit_that_its_description_contradicts_is_not_read() -> None:
    with pytest.raises(NotRead, match="1 meters of 13 are worded in a way that is not known"):
        points('"unit": "1K tokens"', '"unit": "1M tokens"')


def test_a_price_for_a_range_of_use_is_refused() -> None:
    with pytest.raises(NotRead, match="holds for a range of use only"):
        points('"endRange": "Inf"', '"endRange": "1000"')


def test_a_word_of_unknown_meaning_is_not_read() -> None:
    with pytest.raises(NotRead, match="NovaPro-input-tokens-flex"):
        points("Input tokens flex", "Input tokens turbo")


def test_terms_beside_those_on_demand_are_refused() -> None:
    with pytest.raises(NotRead, match="other terms than OnDemand: Reserved, OnDemand"):
        points('"terms": {', '"terms": {"Reserved": {},')


def test_terms_of_a_product_that_is_not_there_are_refused() -> None:
    with pytest.raises(NotRead, match="terms of products that it does not hold: QRGWJ3P8FT28EYX2"):
        points('"QRGWJ3P8FT28EYX2": {', '"ANOTHER": {')


def test_another_currency_is_refused() -> None:
    with pytest.raises(NotRead, match="is null, which is no number"):
        points('"USD": "0.0000600000"', '"EUR": "0.0000600000"')
