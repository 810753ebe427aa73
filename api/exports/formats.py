"""The exports there are: each one's name, its path, whose format it is and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from api.exports import genai_prices, litellm, llm_prices, models_dev, openrouter
from api.exports.ledger import Exported
from api.exports.material import Material


@dataclass(frozen=True)
class Format:
    """One export."""

    name: str
    """What its account is asked by: ``/exports/{name}/loss``."""
    path: str
    """Below ``/exports/``."""
    summary: str
    """Whose format it is, and what reads it how."""
    make: Callable[[Material], Exported]


FORMATS = (
    Format(
        "litellm",
        "litellm.json",
        "LiteLLM's cost map: our prices laid over the last that it published;"
        " for LITELLM_MODEL_COST_MAP_URL, and for tokencost's PRICES_URL",
        litellm.overlaid,
    ),
    Format(
        "litellm.official",
        "litellm.official.json",
        "LiteLLM's cost map, our prices alone; for litellm.register_model with"
        " MODEL_COST_MAP_MAX_SHRINK_RATIO=0, because LiteLLM refuses a map so much smaller",
        litellm.official,
    ),
    Format(
        "models.dev",
        "models.dev/api.json",
        "models.dev's api.json; for what reads models.dev",
        models_dev.export,
    ),
    Format(
        "openrouter",
        "openrouter/v1/models",
        "OpenRouter's list of models, the makers' own prices; its SDK's server_url is"
        " …/exports/openrouter/v1",
        openrouter.export,
    ),
    Format(
        "llm-prices",
        "llm-prices/current-v1.json",
        "llm-prices' current prices; beside its page",
        llm_prices.current,
    ),
    Format(
        "llm-prices.historical",
        "llm-prices/historical-v1.json",
        "llm-prices' prices with the days they held",
        llm_prices.historical,
    ),
    Format(
        "genai-prices",
        "genai-prices/data.json",
        "genai-prices' data with dates, tiers and lengths; for UpdatePrices(url=…)",
        genai_prices.export,
    ),
)
BY_NAME = {one.name: one for one in FORMATS}
