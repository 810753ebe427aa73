"""Cerebras: its public list of models (JSON), and its pricing page with a table in its data."""

from spiders import kit, portable_text

MODELS = kit.PriceList(
    prices=kit.tokens("pricing.{}", "prompt", "completion", scale=kit.PER_TOKEN),
    facts=kit.facts("max_context_length", "max_completion_tokens", within="limits.{}")
    | kit.facts("vision", "reasoning", "function_calling", within="capabilities.{}")
    | kit.facts("modality", within="architecture.{}", worded=kit.listed("+", vision="image"))
    | kit.facts("hugging_face_id", worded=kit.given("yes"))
    | kit.facts("deprecated", worded=kit.flag("deprecated"))
    | kit.facts("quantization"),
)
LIST = kit.Form("models", kit.json_with("pricing", "datacenter_locations"), (MODELS,))
TABLE = kit.PriceTable(
    r"(?:developer|exploration)(?: tier)? pricing",
    kit.columns("Model", "Input", "Output") | {"Speed": kit.Ignored("how fast it answers")},
)
NOT_READ = (
    kit.Unread("subscriptions of a coding plan", section="Cerebras Code"),
    kit.Unread("the least that is paid in advance", text=r"payment starting at"),
)
PAGE = kit.Form(
    "pricing",
    kit.html_with(r"__next_f", r"tableRow"),
    (TABLE,),
    grids=portable_text.tables,
    ignored=NOT_READ,
)


class Cerebras(kit.Official):
    """Open models on Cerebras' own chips."""

    documents = (
        kit.Document(
            "models", "https://api.cerebras.ai/public/v1/models", (LIST,), minimum_points=2
        ),
        kit.Document("pricing", "https://www.cerebras.ai/pricing", (PAGE,), minimum_points=2),
    )
