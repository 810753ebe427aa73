"""Atlas Cloud: its list of models (JSON), in USD per 1M tokens, with the regular price beside."""

from catalog.vocabulary import Meter
from spiders import kit

METERS = {
    "input_price": Meter.INPUT_TOKENS,
    "output_price": Meter.OUTPUT_TOKENS,
    "cache_price": Meter.CACHE_READ_TOKENS,
    "cache_creation_price": Meter.CACHE_WRITE_TOKENS,
    "cache_creation_1h_price": Meter.CACHE_WRITE_1H_TOKENS,
    "input_audio_price": Meter.INPUT_AUDIO_TOKENS,
    "cache_audio_price": Meter.CACHE_READ_AUDIO_TOKENS,
    "input_image_price": Meter.INPUT_IMAGE_TOKENS,
    "output_image_price": Meter.OUTPUT_IMAGE_TOKENS,
}
REGULAR = ("actual", "origin")
NOT_SOLD = frozenset({"0"})
"""The list has every field for every model: words of a model of images, say."""
LONGER = "price.actual.prompt_thresholds[]"


def by_another_measure(record: kit.Record) -> bool:
    """Tell images, videos and speech: the list does not say what their numbers are per."""
    return record.text("type") != "Text"


MODELS = kit.PriceList(
    records="data[]",
    model="model",
    prices={
        **{
            f"price.actual.{name}": kit.FieldPrice(meter=m, regular=REGULAR, none=NOT_SOLD)
            for name, m in METERS.items()
        },
        **{
            f"{LONGER}.{name}": kit.FieldPrice(
                meter=m, context_over=f"{LONGER}.threshold", regular=REGULAR, none=NOT_SOLD
            )
            for name, m in METERS.items()
        },
    },
    ignored={
        "price.origin": "the regular price, kept beside the one that holds",
        "price.discount": "the percentage between the two",
        "price.dynamic_discount": "whether the percentage may move",
        "price.tiered_price": "whether there are thresholds",
        "price.actual.type": "a word",
        "price.actual.unit": "a word",
    },
    facts={
        "contextLength": kit.Says("context_tokens", kit.above_zero),
        "maxCompletionTokens": kit.Says("max_output_tokens", kit.above_zero),
        "input_modalities": "input_modalities",
        "output_modalities": "output_modalities",
    },
    skipped={"not sold by the token": by_another_measure},
)


class Atlascloud(kit.Reseller):
    """Models of many makers behind one gateway, some at a discount."""

    document = kit.Document(
        "models",
        "https://console.atlascloud.ai/api/v1/models",
        forms=(
            kit.Form(
                "models",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.JSON), kit.has_text(r'"actual"', r'"origin"')
                ),
                tables=(MODELS,),
            ),
        ),
        minimum_models=5,
        minimum_points=10,
    )
