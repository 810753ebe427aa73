"""Who sells for which maker: declared, and of known providers."""

import pytest

from catalog.identity import load
from catalog.identity.own_offers import declared, own_offers


@pytest.mark.parametrize(
    ("maker", "providers"),
    [
        ("anthropic", ["anthropic"]),
        ("amazon", ["bedrock"]),
        ("google", ["google", "vertex"]),
        ("microsoft", ["azure"]),
    ],
)
def test_a_maker_sells_under_its_own_name_unless_declared(maker: str, providers: list[str]) -> None:
    assert [offer.provider for offer in own_offers(maker)] == providers


def test_every_declared_seller_is_a_known_provider() -> None:
    sellers = {offer.provider for offers in declared().values() for offer in offers}
    assert sellers <= load().providers.keys()
