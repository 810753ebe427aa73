"""Artificial Analysis: results of evaluations, latency and throughput of models (JSON, by key)."""

from spiders import kit

URL = "https://artificialanalysis.ai/api/v2/data/llms/models"
PAGES = kit.NumberedPages(number="pagination.page", of="pagination.total_pages", items="data")
KEY = kit.Key("x-api-key", "TOKENTAPE_ARTIFICIAL_ANALYSIS_KEY")
SPEEDS = {
    "output_tokens_per_second": "throughput (tokens/s)",
    "time_to_first_token_seconds": "latency to first token (s)",
    "time_to_first_answer_token": "latency to first answer token (s)",
    "time_to_first_answer_token_seconds": "latency to first answer token (s)",
    "end_to_end_response_time_seconds": "latency of a whole response (s)",
}
NAMED = "artificial-analysis"
MODELS = kit.PriceList(
    model="name",
    ignored={
        "pricing": "medians of the providers that it measures, which nobody sells at",
        "artificial_analysis_intelligence_index_cost": "what running the index cost",
    },
    facts=kit.facts("release_date", "model_creator.name")
    | kit.facts(
        *("context_window_tokens", "is_open_weights", "is_reasoning", "license_name"),
        within="metadata.{}",
    ),
    scores=dict.fromkeys(("evaluations.artificial_analysis_*", "evaluations.*"), f"{NAMED} {{*}}")
    | {f"*median_{n}": kit.Result(f"{NAMED} {of}", none=kit.ZERO) for n, of in SPEEDS.items()},
)
IS_LIST = kit.json_with("evaluations", "model_creator")
LIST = kit.Form("models", IS_LIST, (MODELS,))
PAGE = kit.Form("free-tier", kit.all_of(IS_LIST, kit.json_with("tier", "performance")), (MODELS,))


class ArtificialAnalysis(kit.Benchmark):
    """Its API's list of models: whole, or in the pages that a free key may see."""

    document = kit.Document(
        "models", URL, (PAGE, LIST), parts=PAGES, key=KEY, minimum_models=3, minimum_points=9
    )
