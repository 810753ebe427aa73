"""The reference page of exports: what each carries of the bundled history, and what it loses."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from tables import page, section, table

from api.exports.formats import FORMATS, Format
from api.exports.ledger import Exported, Loss
from api.exports.material import gather
from catalog.current.view import Views
from catalog.migrating import migrate
from catalog.past.history import Price
from catalog.store import open_store
from spiders.loading import load_history

AT = datetime(2026, 11, 22, tzinfo=UTC)
ABOUT = f"""\
What the bundled history says on {AT.date()}, in each export. Every price is carried or lost:
`/exports/{{name}}/loss` says of each one where it stands, or why it does not. A store that has read
more sources carries more: LiteLLM's own list, for one, names further ids."""
CLIENTS = {
    "litellm": "litellm (source `remote`) and tokencost, over HTTP",
    "litellm.official": "litellm.register_model, over HTTP",
    "models.dev": "models.dev's own rules, strictly, over HTTP",
    "openrouter": "OpenRouter's SDK for Python, over HTTP",
    "llm-prices": "llm-prices' own rules, strictly, over HTTP",
    "llm-prices.historical": "llm-prices' own rules, strictly, over HTTP; the first and last day",
    "genai-prices": "genai-prices' UpdatePrices, calc_price and extract_usage, over HTTP",
}
TRIED = """\
The tests load each export with these, and compare what they make of it with our own price for every
model and tier that it carries, over a grid of usages."""
KNOWN_LIMITS = """\
Where a client has no field at all for a number, it takes another one, and no export can prevent it:

- LiteLLM bills writes to the cache for an hour in the batch, flex and priority tiers, and writes in
  the priority tier of prompts over 200,000 tokens, by other fields.
- tokencost knows neither lengths of prompts, tiers nor writes, and no key with capitals.
- LiteLLM's `mode` and most of its `supports_…` are no prices, so `litellm.json` lacks them: what
  asks LiteLLM for a model's abilities, or has models that answer only as `responses`, is better off
  with `litellm.official.json` and `register_model`, which leave its other fields alone.
- genai-prices' clients, once updated, find only the sellers of our data. Its extractors read a
  number under one name: an answer that has it only under a second one is taken to lack it.
- A static host must serve `openrouter/v1/models` as `application/json`, or OpenRouter's SDKs refuse
  it: `tokentape publish` writes a `_headers` file that says so, which some hosts do not read.
- OpenRouter's own API lists models of text unless asked for others; ours lists all. Parameters that
  it cannot answer (`category`, `arch`, `providers`, `region`, `zdr`, `distillable`, those of
  indices and success rates, popularity and speed to sort by) are refused by name.
- models.dev demands facts that nobody states of some models: the account lists them as `filled`."""


def exports_page() -> str:
    """What each export carries and loses of the bundled history, which is loaded for it."""
    with TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'tokentape.db'}")
        migrate(engine)
        load_history(engine, now=lambda: AT)
        return page_of(engine)


def page_of(engine: Engine) -> str:
    """What each export carries and loses of a store."""
    views = Views(engine, now=lambda: AT)
    material = gather(views, views.look())
    made = {one.name: (one, one.make(material)) for one in FORMATS}
    prices = material.view.by_series
    heads = ("export", "models", "sellers", "prices carried", "lost", "filled")
    return page(
        "Exports",
        ABOUT,
        table(heads, (_counts(*one, prices) for one in made.values())),
        section("Tried with", TRIED, table(("export", "by"), _tried())),
        section("Lost, by reason", table(("reason", *made, "means"), _lost(made))),
        section("What clients cannot be told", KNOWN_LIMITS),
    )


def _counts(format_: Format, made: Exported, prices: Mapping[str, Price]) -> tuple[str, ...]:
    carried = [prices[series] for series in made.account.carried]
    models = len({price.model for price in carried})
    sellers = len({price.provider for price in carried})
    numbers = (models, sellers, len(carried), len(made.account.lost), len(made.account.filled))
    return (f"`{format_.path}`", *(f"{number:,}" for number in numbers))


def _tried() -> Iterator[tuple[str, str]]:
    yield from ((f"`{one.path}`", CLIENTS[one.name]) for one in FORMATS)


def _lost(made: Mapping[str, tuple[Format, Exported]]) -> Iterator[tuple[str, ...]]:
    counted = {name: Counter(one.account.lost.values()) for name, (_, one) in made.items()}
    for loss in Loss:
        numbers = [counts[loss] for counts in counted.values()]
        if any(numbers):
            yield (f"`{loss}`", *(f"{number:,}" for number in numbers), loss.meaning)
