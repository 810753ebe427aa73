"""What Google's pages might do next, and what is then refused rather than misread."""

from collections.abc import Callable

import pytest

from catalog.reading import NotRead, Reading
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

READER = (PAGES / "google/2026-05-08-reader.md").read_text("utf-8")
HTML = (PAGES / "google/2026-08-13-reader-html.html").read_text("utf-8")
CLOUD = (PAGES / "vertex/2026-05-08-page.html").read_text("utf-8")


def _gemini(text: str) -> Reading:
    return read(source_named("google"), text.encode())


def _cloud(text: str) -> Reading:
    return read(source_named("vertex"), text.encode())


@pytest.mark.parametrize(
    ("reader", "page", "old", "new", "said"),
    [
        (_gemini, READER, "[Priority](", "[Turbo](", "2 tables .* below 1 tab labels"),
        (_gemini, READER, "[Batch](", "[Flex](x)[Batch](", "2 tables .* below 3 tab labels"),
        (_gemini, READER, "| Input price |", "| Prompt price |", "'Prompt price' is neither"),
        (_gemini, READER, "per 1M tokens in USD", "per 1M things in USD", "names no unit"),
        (_gemini, READER, "per 4K image", "per huge image", "'per huge image"),
        (_gemini, HTML, "Image input is set", "Images are set", "no note says what '\\$0.0006"),
        (_gemini, HTML, "$0.0006 (image)", "$0.06 (image)<sup>*</sup> each", "not understood"),
        (_gemini, HTML, 'data-text="Batch" tabindex="-1">Batch', ">Turbo", "'Turbo' is neither"),
        (_gemini, READER, "[File search](", "[File seek](", "'File seek' is neither mapped"),
        (_gemini, READER, "3.1 Lite video", "3.1 Mini video", "for none, or several"),
        (_cloud, CLOUD, "Flex/Batch</h3>", "Bulk</h3>", "of two tiers, which no heading"),
        (_cloud, CLOUD, "tokens with Flex/Batch", "tokens with Luck", "with Luck' is neither"),
        (_cloud, CLOUD, ">us-east5<", ">Elsewhere<", "heading 'Elsewhere' is neither"),
        (_cloud, CLOUD, ">Input (audio)<", ">Input (smell)<", "'Input \\(smell\\)' is neither"),
        (_cloud, CLOUD, "(Global)", "(Worldwide)", "Worldwide"),
        (_cloud, CLOUD, "$45 per", "$45 or $50 per", "states not one price"),
        (_cloud, CLOUD, "Cache Hit:", "Cache Touch:", "'Cache Touch' is neither"),
    ],
)
def test_a_surprise_is_refused_by_name(
    reader: Callable[[str], Reading], page: str, old: str, new: str, said: str
) -> None:
    assert old in page
    with pytest.raises(NotRead, match=said):
        reader(page.replace(old, new))


def test_a_table_without_tabs_is_of_the_standard_tier() -> None:
    points = _gemini(READER).points
    assert {p.tier for p in points if p.model == "gemini-3.1-flash-live-preview"} == {"standard"}


def test_a_shut_down_is_a_fact_with_its_day() -> None:
    facts = {(fact.name, fact.value) for fact in _gemini(READER).facts}
    assert facts == {("status", "deprecated"), ("retired_on", "2026-06-01")}


def test_what_batches_cost_less_is_an_adjustment() -> None:
    (adjustment,) = _gemini(READER).adjustments
    assert (adjustment.name, str(adjustment.factor)) == ("batch", "0.5")


def test_a_new_region_of_cloud_is_read_as_it_is_named() -> None:
    points = _cloud(CLOUD.replace(">us-east5<", ">us-west9<")).points
    assert "us-west9" in {price.region for price in points}


def test_prices_without_a_currency_are_refused_though_the_table_is_known() -> None:
    with pytest.raises(NotRead, match=r"no one currency|not one price"):
        _cloud(CLOUD.replace("$", ""))


def test_prices_of_two_tiers_are_given_once_for_each() -> None:
    tiers = [p.tier for p in _cloud(CLOUD).points if "Flex/Batch" in p.evidence]
    assert tiers == ["flex", "flex", "batch", "batch"]


def test_a_price_of_images_far_above_what_its_note_says_is_of_tokens() -> None:
    points = _gemini(HTML.replace("$0.0006 (image)", "$1.10 (image)")).points
    found = {p.meter for p in points if (p.model, p.tier) == ("gemini-3-pro-image", "batch")}
    assert "input_image_tokens" in found


def test_a_size_of_images_that_no_page_had_yet_is_a_variant() -> None:
    points = _gemini(READER.replace("per 4K image", "per 8K image")).points
    assert "8k" in {price.variant for price in points}


def test_a_column_of_batches_beside_those_of_the_standard_tier_is_of_batches() -> None:
    old = "<th>Price (/1M tokens) &lt;= 200K cached input tokens</th>"
    assert old in CLOUD
    new = old.replace("cached input tokens", "input tokens with batch API")
    tiers = {p.tier for p in _cloud(CLOUD.replace(old, new)).points if "batch API" in p.evidence}
    assert tiers == {"batch"}
