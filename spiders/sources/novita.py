"""Novita AI: its list of models (JSON), in ten-thousandths of a USD per 1M tokens.

Later lists say the same in decimals of a USD, too, and have tiers by the prompt's length; where
there are tiers, the plain numbers are zero.
"""

from dataclasses import replace
from decimal import Decimal

from spiders import kit

URL = "https://api.novita.ai/v3/openai/models"
TEN_THOUSANDTHS = Decimal("0.0001")
NOT_SOLD = frozenset({"-1"})
SOLD, CACHED = ("prompt", "completion"), ("input_cache_read", "input_cache_write")
BANDS = "tiered_billing_configs[].pricing"
DECIMALS = "price_per_m_decimal"
DIGITS = ("price_per_m", "origin_price_per_m", f"origin_{DECIMALS}")


def has_tiers(record: kit.Record) -> bool:
    """Tell models whose price depends on the prompt's length."""
    return record.at("is_tiered_billing") is True or bool(record.at("tiered_billing_configs"))


def has_object(record: kit.Record) -> bool:
    """Tell models with an object of prices."""
    return bool(record.at("pricing"))


def priced(above: str, digits: str, context_from: str = "") -> dict[str, kit.FieldPrice]:
    """Map one object of prices, each of which has its regular price beside it."""
    said = kit.Common(
        scale=1 if digits == DECIMALS else TEN_THOUSANDTHS,
        regular=(f".{digits}", f".origin_{digits}"),
        context_from=context_from,
        none=NOT_SOLD,
    )
    cached = said | kit.Common(none=NOT_SOLD | kit.ZERO)
    path = f"{above}.{{}}.{digits}"
    return kit.tokens(path, *SOLD, **said) | kit.tokens(path, *CACHED, **cached)


FLAT = kit.PriceList(
    prices=kit.tokens(
        "{}_token_price_per_m", "input", "output", scale=TEN_THOUSANDTHS, none=NOT_SOLD
    ),
    facts=kit.facts(
        *("context_size", "max_output_tokens", "input_modalities", "output_modalities", "features")
    ),
    skipped={"priced by an object": lambda record: has_object(record) or has_tiers(record)},
)


def tables(digits: str) -> tuple[kit.PriceList, ...]:
    """Declare the models without and with an object of prices, and those with tiers."""
    others = [
        f"{above}.{name}.{other}"
        for above in ("pricing", BANDS)
        for name in (*SOLD, *CACHED)
        for other in DIGITS
        if other != digits
    ]
    sound = "sound and pictures, by numbers that no unit is said of"
    ignored = (
        kit.ignore("the same as in the object of prices, or zero", *FLAT.prices)
        | kit.ignore(sound, "pricing", BANDS, within="{}.multimodal_input")
        | kit.ignore("the regular price, or the price in other digits", *others)
    )
    objects = replace(
        FLAT,
        prices=priced("pricing", digits),
        ignored=ignored,
        skipped={
            "has tiers": has_tiers,
            "has no object of prices": lambda record: not has_object(record),
        },
    )
    bands = replace(
        FLAT,
        prices=priced(BANDS, digits, "tiered_billing_configs[].min_tokens"),
        ignored=ignored | {"pricing": "the prices of one tier"},
        skipped={"has no tiers": lambda record: not has_tiers(record)},
    )
    return (FLAT, objects, bands)


IS_LIST = kit.all_of(
    kit.json_with("input_token_price_per_m"), kit.none_of(kit.has_text(r'"currency":\s*"(?!USD")'))
)
HAS_DECIMALS = kit.json_with(DECIMALS)
FORMS = (
    kit.Form("decimals", kit.all_of(IS_LIST, HAS_DECIMALS), tables(DECIMALS)),
    kit.Form("models", kit.all_of(IS_LIST, kit.none_of(HAS_DECIMALS)), tables(DIGITS[0])),
)


class Novita(kit.Reseller):
    """Open models hosted by Novita; its integers count 1/10,000 USD."""

    document = kit.Document("models", URL, FORMS, minimum_models=5, minimum_points=10)
