"""OpenRouter's measured speed: latency and throughput of each provider of a model (JSON)."""

from datetime import timedelta

from spiders import kit

UNKNOWN = frozenset({"", "--s", "--tps"})
SPEEDS = kit.PriceList(
    records="[].providers[]",
    model="^model",
    scores={
        "latency": kit.Result("openrouter latency (s) at {provider}", "s", UNKNOWN),
        "throughput": kit.Result("openrouter throughput (tokens/s) at {provider}", "tps", UNKNOWN),
    },
)


class OpenrouterSpeed(kit.Benchmark):
    """A collector's hourly list; OpenRouter shows the same on each model's page."""

    cadence = timedelta(hours=6)
    document = kit.Document(
        "metrics",
        "https://raw.githubusercontent.com/MrFlynn/openrouter-model-metrics/HEAD/model-metrics.json",
        (kit.Form("metrics", kit.json_with("providers", "latency", "throughput"), (SPEEDS,)),),
        minimum_models=3,
        minimum_points=4,
    )
