"""Atlas Cloud: its list of models (JSON), in USD per 1M tokens, the regular price beside each."""

from spiders import kit

URL = "https://console.atlascloud.ai/api/v1/models"
NAMES = (
    *("input", "output", "cache", "cache_creation", "cache_creation_1h"),
    *("input_audio", "cache_audio", "input_image", "output_image"),
)
REGULAR = ("actual", "origin")
LONGER = "price.actual.prompt_thresholds[]"
MODELS = kit.PriceList(
    model="model",
    prices=kit.tokens("price.actual.{}_price", *NAMES, regular=REGULAR, none=kit.ZERO)
    | kit.tokens(
        f"{LONGER}.{{}}_price",
        *NAMES,
        context_over=f"{LONGER}.threshold",
        regular=REGULAR,
        none=kit.ZERO,
    ),
    ignored={
        "price.origin": "the regular price, kept beside the one that holds",
        "price.discount": "the percentage between the two",
        "price.dynamic_discount": "whether the percentage may move",
        "price.tiered_price": "whether there are thresholds",
        **kit.ignore("a word", "type", "unit", within="price.actual.{}"),
    },
    facts=kit.facts(
        "contextLength", "maxCompletionTokens", "input_modalities", "output_modalities"
    ),
    skipped={"not sold by the token, by a unit that is not said": kit.other_than("type", "Text")},
)
LIST = kit.Form("models", kit.json_with("actual", "origin"), (MODELS,))


class Atlascloud(kit.Reseller):
    """Models of many makers behind one gateway, some at a discount."""

    document = kit.Document("models", URL, (LIST,), minimum_models=5, minimum_points=10)
