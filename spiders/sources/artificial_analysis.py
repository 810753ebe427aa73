"""Artificial Analysis: results of evaluations, latency and throughput of models (JSON, by key)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from catalog.reading import Score
from catalog.vocabulary import SourceKind
from spiders.exact_json import Json, as_printed
from spiders.keys import Key
from spiders.page import Kind, Page
from spiders.price_list import PriceList, Record, Says, above_zero, number, records
from spiders.reader import Found
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

BENCHMARK = "artificial-analysis {}"
SPEEDS = {
    "median_output_tokens_per_second": "throughput (tokens/s)",
    "median_time_to_first_token_seconds": "latency to first token (s)",
    "median_time_to_first_answer_token": "latency to first answer token (s)",
    "median_time_to_first_answer_token_seconds": "latency to first answer token (s)",
    "median_end_to_end_response_time_seconds": "latency of a whole response (s)",
}
MODELS = PriceList(
    records="data[]",
    model="name",
    prices={},
    ignored={
        "pricing": "medians of the providers that it measures, which nobody sells at",
        "artificial_analysis_intelligence_index_cost": "what running the index cost",
    },
    facts={
        "release_date": "released_on",
        "model_creator.name": "maker",
        "metadata.context_window_tokens": Says("context_tokens", above_zero),
        "metadata.is_open_weights": "open_weights",
        "metadata.is_reasoning": "reasoning",
        "metadata.license_name": "licence",
    },
)


def scores(page: Page, _: date | None) -> Found:
    """Read all evaluations by their names, and the speeds."""
    every = (score for model in records(page.data, "data[]") for score in measured(model))
    return Found(scores=tuple(every))


def measured(model: Record) -> Iterator[Score]:
    """Read what is known of one model; a speed of zero was not measured."""
    for name, value in fields(model.at("evaluations")).items():
        if value is not None:
            words = name.removeprefix("artificial_analysis_").replace("_", " ")
            yield result(model, name, value, words)
    speeds = {**model.value, **fields(model.at("performance"))}
    for name, words in SPEEDS.items():
        value = speeds.get(name)
        if value is not None and number(value, name) > 0:
            yield result(model, name, value, words)


def fields(value: Json) -> Mapping[str, Json]:
    """Give an object's fields; what is no object has none."""
    return value if isinstance(value, Mapping) else {}


def result(model: Record, name: str, value: Json, words: str) -> Score:
    """Make one result of a field of a model."""
    return Score(
        model=model.text("name"),
        benchmark=BENCHMARK.format(words),
        score=number(value, f"{model.locator}.{name}"),
        evidence=f'"{name}": {as_printed(value)}',
    )


class ArtificialAnalysis(PriceSource):
    """Its API's list of models: whole, or a page of what a free key may see."""

    name = "artificial-analysis"
    kind = SourceKind.BENCHMARK
    cadence = timedelta(days=1)
    documents = (
        Document(
            "models",
            "https://artificialanalysis.ai/api/v2/data/llms/models",
            forms=(
                Form(
                    "free-tier",
                    recognise=all_of(
                        is_kind(Kind.JSON), has_text(r'"tier"', r'"performance"', r'"evaluations"')
                    ),
                    tables=(MODELS,),
                    read=scores,
                ),
                Form(
                    "models",
                    recognise=all_of(
                        is_kind(Kind.JSON), has_text(r'"evaluations"', r'"model_creator"')
                    ),
                    tables=(MODELS,),
                    read=scores,
                ),
            ),
            key=Key("x-api-key", "TOKENTAPE_ARTIFICIAL_ANALYSIS_KEY"),
            minimum_models=3,
            minimum_points=9,
        ),
    )
