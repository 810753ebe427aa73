"""genai-prices: a list of providers' models (JSON), in USD, with dated prices and hours."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from catalog.vocabulary import Meter
from spiders import kit

NAMES = (
    *("input", "output", "cache_read", "cache_write", "cache_write_1h", "output_reasoning"),
    *("input_audio", "cache_audio_read", "output_audio", "input_video", "output_video"),
    *("input_image", "cache_image_read", "output_image"),
)
URL = "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json"
TIERS = "prices.{}_mtok.tiers[]"
CITATIONS = kit.FieldPrice(meter=Meter.OTHER, variant="citation tokens", places=12)
TIME = re.compile(r"(\d\d:\d\d)(?::00)?Z")


def entries(page: kit.Page) -> kit.Json:
    """Give each set of prices by its place, with its model and the days and hours it holds."""
    return {
        place: {"provider": model.text("^id"), "model": model.value, **said}
        for model in kit.records(page.data, "[].models[]")
        for place, said in conditional(model)
    }


def conditional(model: kit.Record) -> Iterator[tuple[str, Mapping[str, kit.Json]]]:
    """Give a model's sets of prices: the last one whose condition holds is the one in force."""
    stated = model.value.get("prices")
    place = f"{model.locator}.prices"
    if isinstance(stated, Mapping):
        yield model.locator, {"prices": stated}
        return
    sets = list(kit.records(stated, "[]"))
    holds = when([one.at("constraint") for one in sets], place)
    for one, said in zip(sets, holds, strict=True):
        yield f"{place}{one.locator}", {"prices": one.at("prices"), **said}


def when(constraints: Sequence[kit.Json], place: str) -> list[dict[str, kit.Json]]:
    """Say when each set holds: until the next day, or outside the hours of the next one."""
    first, *rest = constraints
    named = [tuple(sorted(set(c) - {"type"})) if isinstance(c, Mapping) else () for c in rest]
    if first is None and set(named) == {("start_date",)}:
        days = [None, *(c["start_date"] for c in rest if isinstance(c, Mapping)), None]
        return [{"from": start, "to": end} for start, end in pairwise(days)]
    if first is None and named == [("end_time", "start_time")] and isinstance(rest[0], Mapping):
        start, end = clock(rest[0]["start_time"]), clock(rest[0]["end_time"])
        return [{"window": f"{end}-{start} UTC"}, {"window": f"{start}-{end} UTC"}]
    raise kit.changed(
        f"{place} has the conditions {kit.as_printed(constraints)}; say when each holds"
    )


def clock(time: kit.Json) -> str:
    """Read a time of day in UTC."""
    found = TIME.fullmatch(str(time))
    if found is None:
        raise kit.changed(f"{kit.as_printed(time)} is no time of day in UTC")
    return found[1]


SETS = kit.PriceList(
    records="*",
    model="model.id",
    data=entries,
    prices=kit.tokens("prices.{}_mtok", *NAMES, places=12)
    | kit.tokens("prices.{}_mtok.base", *NAMES, places=12)
    | kit.tokens(f"{TIERS}.price", *NAMES, context_over=f"{TIERS}.start", places=12)
    | kit.counted("prices.{}_kcount", "requests", "web_searches", places=12)
    | {"prices.output_citation_mtok": CITATIONS},
    ignored={
        "model.prices": "read as the sets of prices it holds",
        "model.price_comments": "prose",
        "model.prices_checked": "the day somebody compared them",
        "model.price_discrepancies": "what other lists say",
    },
    priced_names=r"(?i)pric|cost|currenc|mtok|kcount",
    columns={"provider": "provider", "valid_from": "from", "valid_to": "to", "window": "window"},
    facts=kit.facts("context_window", within="model.{}")
    | {"model.deprecated": kit.Says("listed_status", kit.flag("deprecated"))},
)
DATA = kit.Form("providers", kit.json_with("models", "prices", "input_mtok"), (SETS,))


class GenaiPrices(kit.Catalog):
    """Providers with their models; dated entries are history, and some hold by the hour."""

    cadence = kit.DAILY
    document = kit.Document("data", URL, (DATA,), minimum_models=4, minimum_points=10)
