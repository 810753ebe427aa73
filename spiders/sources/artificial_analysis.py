"""Artificial Analysis: results of evaluations, latency and throughput of models (JSON, by key)."""

from collections.abc import Iterator, Mapping
from datetime import date

from catalog.reading import Score
from spiders import kit

BENCHMARK = "artificial-analysis {}"
SPEEDS = {
    "median_output_tokens_per_second": "throughput (tokens/s)",
    "median_time_to_first_token_seconds": "latency to first token (s)",
    "median_time_to_first_answer_token": "latency to first answer token (s)",
    "median_time_to_first_answer_token_seconds": "latency to first answer token (s)",
    "median_end_to_end_response_time_seconds": "latency of a whole response (s)",
}
MODELS = kit.PriceList(
    records="data[]",
    model="name",
    ignored={
        "pricing": "medians of the providers that it measures, which nobody sells at",
        "artificial_analysis_intelligence_index_cost": "what running the index cost",
    },
    facts={
        "release_date": "released_on",
        "model_creator.name": "maker",
        "metadata.context_window_tokens": "context_tokens",
        "metadata.is_open_weights": "open_weights",
        "metadata.is_reasoning": "reasoning",
        "metadata.license_name": "licence",
    },
)


def scores(page: kit.Page, _: date | None) -> kit.Found:
    """Read all evaluations by their names, and the speeds."""
    every = (score for model in kit.records(page.data, "data[]") for score in measured(model))
    return kit.Found(scores=tuple(every))


def measured(model: kit.Record) -> Iterator[Score]:
    """Read what is known of one model; a speed of zero was not measured."""
    for name, value in fields(model.at("evaluations")).items():
        if value is not None:
            words = name.removeprefix("artificial_analysis_").replace("_", " ")
            yield result(model, name, value, words)
    speeds = {**model.value, **fields(model.at("performance"))}
    for name, words in SPEEDS.items():
        value = speeds.get(name)
        if value is not None and kit.number(value, name) > 0:
            yield result(model, name, value, words)


def fields(value: kit.Json) -> Mapping[str, kit.Json]:
    """Give an object's fields; what is no object has none."""
    return value if isinstance(value, Mapping) else {}


def result(model: kit.Record, name: str, value: kit.Json, words: str) -> Score:
    """Make one result of a field of a model."""
    return Score(
        model=model.text("name"),
        benchmark=BENCHMARK.format(words),
        score=kit.number(value, f"{model.locator}.{name}"),
        evidence=f'"{name}": {kit.as_printed(value)}',
    )


IS_LIST = kit.json_with("evaluations", "model_creator")
IS_PAGE = kit.all_of(IS_LIST, kit.json_with("tier", "performance"))


IS_LIST = kit.json_with("evaluations", "model_creator")
IS_PAGE = kit.all_of(IS_LIST, kit.json_with("tier", "performance"))


class ArtificialAnalysis(kit.Benchmark):
    """Its API's list of models: whole, or in the pages that a free key may see."""

    document = kit.Document(
        "models",
        "https://artificialanalysis.ai/api/v2/data/llms/models",
        (
            kit.Form("free-tier", IS_PAGE, (MODELS,), read=scores),
            kit.Form("models", IS_LIST, (MODELS,), read=scores),
        ),
        parts=kit.NumberedPages(
            number="pagination.page", of="pagination.total_pages", items="data"
        ),
        key=kit.Key("x-api-key", "TOKENTAPE_ARTIFICIAL_ANALYSIS_KEY"),
        minimum_models=3,
        minimum_points=9,
    )
