"""models.dev: its list of providers, each with the models it sells (JSON), in USD per 1M tokens."""

import re

from spiders import kit

NAMES = ("input", "output", "reasoning", "cache_read", "cache_write", "input_audio", "output_audio")
COST = re.compile(
    rf"(?:experimental\.modes\.(?P<tier>fast|priority|flex|batch)\.)?cost\."
    rf"(?:(?P<tiers>tiers\[\])\.|context_over_(?P<over>\d+)(?P<thousands>[km])\.)?"
    rf"(?P<name>{'|'.join(NAMES)})"
)
THOUSANDS = {"k": 1_000, "m": 1_000_000}
TIER = "cost.tiers[].tier"


def named(path: str, tiers: str) -> kit.FieldPrice | str | None:
    """Read prices of service tiers, and of longer prompts: by threshold, or in the older form.

    The older form says 200k whatever the threshold is, and is left out where the tiers say it.
    """
    found = COST.fullmatch(path)
    if found is None:
        return None
    if found["over"] and tiers:
        return "the tiers beside it state the same prices and their real thresholds"
    over = threshold(path, found)
    tier = found["tier"] or "standard"
    return kit.tokens(path, found["name"], tier=tier, context_over=over, places=12)[path]


def threshold(path: str, found: re.Match[str]) -> int | str:
    """Give the tokens that a prompt is longer than, or the path of the field that says it."""
    if found["tiers"]:
        return f"{path.rpartition('.')[0]}.tier.size"
    return int(found["over"]) * THOUSANDS[found["thousands"]] if found["over"] else 0


def context_alone(value: kit.Json) -> str:
    """Refuse tiers by anything else than the length of the prompt."""
    if value != "context":
        raise kit.changed(
            f"a tier is by {value!r}, and not by context; say what its prices hold for"
        )
    return ""


def only_if_so(value: kit.Json) -> str:
    """Word a capability that a model has; the list says false of all it has not asked."""
    return "yes" if value is True else ""


MODELS = kit.PriceList(
    records="*.models.*",
    model="@",
    kind="cost.tiers",
    named=named,
    ignored={f"{TIER}.size": "the threshold that the prices beside it hold above"},
    priced_names=r"(?i)pric|cost|currenc",
    columns={"provider": "^@"},
    facts={
        f"{TIER}.type": kit.Says("tiers", context_alone),
        "limit.context": "context_tokens",
        "limit.output": "max_output_tokens",
        "modalities.input": "input_modalities",
        "modalities.output": "output_modalities",
        "input_modalities": "input_modalities",
        "output_modalities": "output_modalities",
        "knowledge": "knowledge_cutoff",
        "release_date": "released_on",
        "open_weights": "open_weights",
        "reasoning": kit.Says("reasoning", only_if_so),
        "tool_call": kit.Says("function_calling", only_if_so),
        "structured_output": kit.Says("structured_output", only_if_so),
        "status": "listed_status",
    },
)


class ModelsDev(kit.Catalog):
    """Models under each provider that sells them, by the provider's own keys."""

    document = kit.Document(
        "api",
        "https://models.dev/api.json",
        (kit.Form("providers", kit.json_with("models", "cost", "env"), (MODELS,)),),
        minimum_models=4,
        minimum_points=8,
    )
