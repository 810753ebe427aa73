"""Novita AI: its list of models (JSON), in ten-thousandths of a USD per 1M tokens.

Later lists say the same in decimals of a USD, too, and have tiers by the prompt's length; where
there are tiers, the plain numbers are zero.
"""

from dataclasses import replace
from decimal import Decimal

from catalog.vocabulary import Meter
from spiders import kit

TEN_THOUSANDTHS = Decimal("0.0001")
NOT_SOLD = frozenset({"-1"})
NOT_CACHED = NOT_SOLD | {"0"}
"""Nobody caches for nothing."""
PRICES = {
    "prompt": kit.FieldPrice(meter=Meter.INPUT_TOKENS, none=NOT_SOLD),
    "completion": kit.FieldPrice(meter=Meter.OUTPUT_TOKENS, none=NOT_SOLD),
    "input_cache_read": kit.FieldPrice(meter=Meter.CACHE_READ_TOKENS, none=NOT_CACHED),
    "input_cache_write": kit.FieldPrice(meter=Meter.CACHE_WRITE_TOKENS, none=NOT_CACHED),
}
BANDS = "tiered_billing_configs[]"
DECIMALS = "price_per_m_decimal"
UNIT_UNSAID = "sound and pictures, by numbers that no unit is said of"


def has_tiers(record: kit.Record) -> bool:
    """Tell models whose price depends on the prompt's length."""
    return record.at("is_tiered_billing") is True or bool(record.at("tiered_billing_configs"))


def has_object(record: kit.Record) -> bool:
    """Tell models with an object of prices."""
    return bool(record.at("pricing"))


def priced(above: str, digits: str, context_from: str = "") -> dict[str, kit.FieldPrice]:
    """Map one object of prices, each of which has its regular price beside it."""
    return {
        f"{above}.{name}.{digits}": replace(
            price,
            scale=1 if digits == DECIMALS else TEN_THOUSANDTHS,
            regular=(f".{digits}", f".origin_{digits}"),
            context_from=context_from,
        )
        for name, price in PRICES.items()
    }


FLAT = kit.PriceList(
    records="data[]",
    model="id",
    prices={
        "input_token_price_per_m": replace(PRICES["prompt"], scale=TEN_THOUSANDTHS),
        "output_token_price_per_m": replace(PRICES["completion"], scale=TEN_THOUSANDTHS),
    },
    facts={
        "context_size": kit.Says("context_tokens", kit.above_zero),
        "max_output_tokens": kit.Says("max_output_tokens", kit.above_zero),
        "input_modalities": "input_modalities",
        "output_modalities": "output_modalities",
        "features": kit.Says("capabilities"),
    },
    skipped={"priced by an object": lambda record: has_object(record) or has_tiers(record)},
)


def tables(digits: str) -> tuple[kit.PriceList, ...]:
    """Declare the models without and with an object of prices, and those with tiers."""
    regular = {
        f"{above}.{name}.{other}": "the regular price, or the price in other digits"
        for above in ("pricing", f"{BANDS}.pricing")
        for name in PRICES
        for other in ("price_per_m", "origin_price_per_m", f"origin_{DECIMALS}")
        if other != digits
    }
    plain = {
        "input_token_price_per_m": "the same as in the object of prices, or zero",
        "output_token_price_per_m": "the same as in the object of prices, or zero",
        "pricing.multimodal_input": UNIT_UNSAID,
        f"{BANDS}.pricing.multimodal_input": UNIT_UNSAID,
    }
    objects = replace(
        FLAT,
        prices=priced("pricing", digits),
        ignored=regular | plain,
        skipped={
            "has tiers": has_tiers,
            "has no object of prices": lambda record: not has_object(record),
        },
    )
    bands = replace(
        FLAT,
        prices=priced(f"{BANDS}.pricing", digits, f"{BANDS}.min_tokens"),
        ignored=regular | plain | {"pricing": "the prices of one tier"},
        skipped={"has no tiers": lambda record: not has_tiers(record)},
    )
    return (FLAT, objects, bands)


IS_LIST = kit.all_of(
    kit.is_kind(kit.Kind.JSON),
    kit.has_text(r'"input_token_price_per_m"'),
    kit.none_of(kit.has_text(r'"currency":\s*"(?!USD")')),
)


class Novita(kit.Reseller):
    """Open models hosted by Novita; its integers count 1/10,000 USD."""

    document = kit.Document(
        "models",
        "https://api.novita.ai/v3/openai/models",
        forms=(
            kit.Form(
                "decimals",
                recognise=kit.all_of(IS_LIST, kit.has_text(f'"{DECIMALS}"')),
                tables=tables(DECIMALS),
            ),
            kit.Form(
                "models",
                recognise=kit.all_of(IS_LIST, kit.none_of(kit.has_text(f'"{DECIMALS}"'))),
                tables=tables("price_per_m"),
            ),
        ),
        minimum_models=5,
        minimum_points=10,
    )
