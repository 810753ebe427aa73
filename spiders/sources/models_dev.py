"""models.dev: its list of providers, each with the models it sells (JSON), in USD per 1M tokens."""

from spiders import kit

URL = "https://models.dev/api.json"
NAMES = ("input", "output", "reasoning", "cache_read", "cache_write", "input_audio", "output_audio")
MODE = r"(?:experimental\.modes\.{tier}\.)?"
PATH = MODE + r"cost\.(?:(?P<longer>tiers\[\])\.|context_over_{over}\.)?{name}"
COST = kit.token_paths(PATH, names=NAMES, over="tier.size", places=12)
BY_LENGTH = kit.one_of({"context": ""}, "a tier is by {}, not by context; say what it is for")


def named(path: str, tiers: str) -> kit.FieldPrice | str | None:
    """Leave out longer prompts in the older form, which says 200k for any, beside the tiers."""
    older = tiers and "context_over_" in path
    return "the tiers beside it state the same" if older and COST(path) else COST(path)


MODELS = kit.PriceList(
    records="*.models.*",
    model="@",
    kind="cost.tiers",
    named=named,
    ignored={"cost.tiers[].tier.size": "the threshold that the prices beside it hold above"},
    priced_names=r"(?i)pric|cost|currenc",
    columns={"provider": "^@"},
    facts=kit.facts(
        *("limit.context", "limit.output", "modalities.input", "modalities.output"),
        *("input_modalities", "output_modalities", "knowledge", "release_date", "open_weights"),
    )
    | kit.facts("reasoning", "tool_call", "structured_output", worded=kit.flag())
    | {"cost.tiers[].tier.type": kit.Says("tiers", BY_LENGTH), "status": "listed_status"},
)
LIST = kit.Form("providers", kit.json_with("models", "cost", "env"), (MODELS,))


class ModelsDev(kit.Catalog):
    """Models under each provider that sells them, by the provider's own keys."""

    document = kit.Document("api", URL, (LIST,), minimum_models=4, minimum_points=8)
