"""Azure's meters: what their names say, and what is refused rather than guessed."""

import json
from pathlib import Path

import pytest

from catalog.reading import NotRead, PricePoint
from catalog.vocabulary import Outcome
from spiders.source import read, source_named
from spiders.sources.azure import named
from tests.spiders.expectations import PAGES

ITEMS = PAGES / "azure" / "2026-10-15-items.json"
LINES = PAGES / "azure" / "2025-08-25-lines.ndjson"


def points(page: Path, old: str = "", new: str = "") -> tuple[PricePoint, ...]:
    """Read a page of ours with one text put in the place of another, once."""
    text = page.read_text("utf-8")
    assert old in text
    return read(source_named("azure"), text.replace(old, new, 1).encode()).points


@pytest.mark.parametrize(
    ("name", "model", "said"),
    [
        ("gpt-4o-0806-cached-FT-inp-glbl", "gpt-4o-0806", {"cached", "input"}),
        ("gpt aud mn txt in DZ 1215", "gpt aud mn 1215", {"input", "text alone"}),
        ("gpt-4o-aud-1217 Outp glbl", "gpt-4o-aud-1217", {"audio", "output"}),
        ("Image 2 txt cd inp DZ", "Image 2", {"cached", "input", "text alone"}),
        ("gpt4o realtimePrvwAudInp DataZone", "gpt4o realtimePrvw", {"audio", "input"}),
        ("o3-deep research 0626-inp-cchd-glbl", "o3-deep research 0626", {"cached", "input"}),
        ("FW GLM 5.2 Cache Inp DZ", "FW GLM 5.2", {"cached", "input"}),
        ("gpt-4o-mini-transcribe-txt-out-glbl", "gpt-4o-mini-transcribe", {"output"}),
        ("embedding-ada-datazone", "embedding-ada", {"input"}),
    ],
)
def test_a_meters_name_holds_the_model_and_what_is_counted(
    name: str, model: str, said: set[str]
) -> None:
    found = named(name)
    assert found is not None
    assert found.model == model
    assert set(found.said) == said


@pytest.mark.parametrize("name", ["3.3 70b FT regnl", "4.3 Outp Glbl L", "Inp glbl 5.4 mini"])
def test_a_name_with_words_of_unknown_meaning_is_not_understood(name: str) -> None:
    assert named(name) is None


def test_training_is_for_no_tuned_model() -> None:
    found = named("gpt 4.1 dev ft training glbl")
    assert found is not None
    assert (found.model, found.tier, found.variant) == ("gpt 4.1", "developer", "global")


def test_a_count_in_the_name_that_contradicts_the_unit_is_refused() -> None:
    with pytest.raises(NotRead, match="is per '1K' from 0"):
        points(LINES, '"unitOfMeasure": "1M"', '"unitOfMeasure": "1K"')


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(NotRead, match="is per '100K'"):
        points(LINES, '"unitOfMeasure": "1K"', '"unitOfMeasure": "100K"')


def test_a_price_for_large_volumes_only_is_refused() -> None:
    with pytest.raises(NotRead, match="is per '1M' from 500"):
        points(LINES, '"tierMinimumUnits": 0.0', '"tierMinimumUnits": 500.0')


def test_a_unit_price_beside_another_retail_price_is_refused() -> None:
    with pytest.raises(NotRead, match="a unit price beside another retail price"):
        points(LINES, '"unitPrice": 10.0', '"unitPrice": 11.0')


def test_one_page_of_several_is_refused() -> None:
    with pytest.raises(NotRead, match="goes on at its NextPageLink") as refusal:
        points(ITEMS, '"NextPageLink": null', '"NextPageLink": "https://prices.azure.com/2"')
    assert refusal.value.outcome is Outcome.PAGE_CHANGED


def test_an_answer_with_fewer_items_than_it_counts_is_refused() -> None:
    answer = json.loads(ITEMS.read_text("utf-8"))
    answer["Items"].pop()
    with pytest.raises(NotRead, match="the answer is cut off"):
        read(source_named("azure"), json.dumps(answer).encode())


def test_another_currency_is_read_as_stated() -> None:
    first, second, *_ = points(LINES, '"currencyCode": "USD"', '"currencyCode": "EUR"')
    assert (first.currency, second.currency) == ("EUR", "USD")
