"""What the number in a field of JSON is the price of, and the usual names of such fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict, Unpack

from catalog.vocabulary import Meter, Unit

PER_TOKEN = 1_000_000
"""The scale of prices in USD per token."""
ZERO = frozenset({"0"})
"""Any zero is no price: in lists with every field for every model, also for what is not sold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPrice:
    """What the number in one field is the price of."""

    meter: Meter
    unit: Unit = Unit.MILLION_TOKENS
    scale: Decimal | int = 1
    """The printed number times this is the currency per unit: 1000000 for "USD per token"."""
    currency: str = "USD"
    tier: str = "standard"
    region: str = "global"
    variant: str = ""
    context_over: int | str = 0
    """Tokens, or the path of the field that holds them (or a list: from, to)."""
    context_from: str = ""
    """The path of the field that holds the fewest tokens it is for.

    200001 is over 200000, and so is the round 200000, as everywhere where pages say "from".
    """
    none: frozenset[str] = frozenset()
    """Printed values that mean that there is no such price: "-1", or "0" where the page says so.

    "0" is any zero, however many places it is printed with.
    """
    places: int | None = None
    """Decimal places to trust where the page prints binary noise (2.5999999999999996)."""
    regular: tuple[str, str] | None = None
    """Two steps: where its path goes through the first one, the regular price goes the second."""


class Common(TypedDict, total=False):
    """What several fields have in common: what FieldPrice says beside the meter."""

    scale: Decimal | int
    currency: str
    tier: str
    region: str
    variant: str
    context_over: int | str
    context_from: str
    none: frozenset[str]
    places: int | None
    regular: tuple[str, str] | None


_NAMED_LIKE_METERS = {
    meter.removesuffix("_tokens"): meter for meter in Meter if meter.endswith("_tokens")
}
TOKEN_FIELDS: Mapping[str, Meter] = {
    **_NAMED_LIKE_METERS,
    "prompt": Meter.INPUT_TOKENS,
    "completion": Meter.OUTPUT_TOKENS,
    "output_reasoning": Meter.REASONING_TOKENS,
    "internal_reasoning": Meter.REASONING_TOKENS,
    **dict.fromkeys(
        ("cache", "cached", "cached_input", "cache_input", "input_cached", "input_cache_read"),
        Meter.CACHE_READ_TOKENS,
    ),
    **dict.fromkeys(
        ("caching", "cache_creation", "input_cache_write"),
        Meter.CACHE_WRITE_TOKENS,
    ),
    **dict.fromkeys(
        ("cache_creation_1h", "input_cache_write_1h"),
        Meter.CACHE_WRITE_1H_TOKENS,
    ),
    "image": Meter.INPUT_IMAGE_TOKENS,
    "image_output": Meter.OUTPUT_IMAGE_TOKENS,
    "cache_image_read": Meter.CACHE_READ_IMAGE_TOKENS,
    **dict.fromkeys(("audio", "audio_input"), Meter.INPUT_AUDIO_TOKENS),
    "audio_output": Meter.OUTPUT_AUDIO_TOKENS,
    **dict.fromkeys(
        ("cache_audio", "cache_audio_read", "input_audio_cache"),
        Meter.CACHE_READ_AUDIO_TOKENS,
    ),
}
"""The names by which price lists call prices of tokens, and what is counted."""


def tokens(paths: str, *names: str, **common: Unpack[Common]) -> dict[str, FieldPrice]:
    """Map fields that are named for the tokens they count; KeyError where a name is not usual.

    ``{}`` in the paths stands for the name: ``tokens("pricing.{}.usd", "input", "output")``.
    """
    return {paths.format(name): _price(name, common) for name in names}


_COUNTED: Mapping[str, tuple[Meter, Unit]] = {
    **dict.fromkeys(("request", "requests"), (Meter.REQUESTS, Unit.THOUSAND_REQUESTS)),
    **dict.fromkeys(("web_search", "web_searches"), (Meter.SEARCHES, Unit.THOUSAND_REQUESTS)),
    "image": (Meter.IMAGES, Unit.IMAGE),
}


def counted(paths: str, *names: str, **common: Unpack[Common]) -> dict[str, FieldPrice]:
    """Map fields that are named for what they count beside tokens, as ``tokens`` maps others."""
    return {
        paths.format(name): FieldPrice(meter=_COUNTED[name][0], unit=_COUNTED[name][1], **common)
        for name in names
    }


def _price(name: str, common: Common) -> FieldPrice:
    said = common.copy()
    if isinstance(over := said.get("context_over", 0), str):
        said["context_over"] = over.format(name)
    said["context_from"] = said.get("context_from", "").format(name)
    return FieldPrice(meter=TOKEN_FIELDS[name], **said)


def ignore(why: str, *names: str, within: str = "{}") -> dict[str, str]:
    """Ignore fields or columns for one reason; ``{}`` in the path stands for each name."""
    return {within.format(name): why for name in names}
