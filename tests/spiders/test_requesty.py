"""Requesty's keys name a tier by their ending, where it is one."""

import pytest

from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

PAGE = PAGES / "requesty" / "2025-07-25-models.json"


@pytest.mark.parametrize(("ending", "tier"), [("flex", "flex"), ("turbo", "standard")])
def test_only_known_endings_are_tiers(ending: str, tier: str) -> None:
    body = PAGE.read_bytes().replace(b'"openai/o3:flex"', f'"openai/o3:{ending}"'.encode())
    reading = read(source_named("requesty"), body)
    found = {price.tier for price in reading.points if price.model == f"openai/o3:{ending}"}
    assert found == {tier}
