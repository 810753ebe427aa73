"""OpenRouter's measured speed: latency and throughput of each provider of a model (JSON)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from catalog.reading import Score
from spiders import kit

MEASURES = {
    "latency": ("s", "openrouter latency (s)"),
    "throughput": ("tps", "openrouter throughput (tokens/s)"),
}


def speeds(page: kit.Page, _: date | None) -> kit.Found:
    """Read what is measured of each provider of each model."""
    every = kit.records(page.data, "[].providers[]")
    return kit.Found(scores=tuple(score for record in every for score in measured(record)))


def measured(record: kit.Record) -> Iterator[Score]:
    """Read one provider's measures; the unit is printed with the number, or there is none."""
    for field, (unit, benchmark) in MEASURES.items():
        printed = record.text(field)
        if printed in ("", "--s", "--tps"):
            continue
        number = printed.removesuffix(unit)
        if number == printed or not re.fullmatch(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?", number):
            raise kit.changed(f"{record.locator}.{field} is {printed!r}; say in which unit that is")
        yield Score(
            model=record.text("^model"),
            benchmark=f"{benchmark} at {record.text('provider')}",
            score=kit.number(number.replace(",", ""), field),
            evidence=f'"{field}": "{printed}"',
        )


class OpenrouterSpeed(kit.Benchmark):
    """A collector's hourly list; OpenRouter shows the same on each model's page."""

    cadence = timedelta(hours=6)
    document = kit.Document(
        "metrics",
        "https://raw.githubusercontent.com/MrFlynn/openrouter-model-metrics/HEAD/model-metrics.json",
        (kit.Form("metrics", kit.json_with("providers", "latency", "throughput"), read=speeds),),
        minimum_models=3,
        minimum_points=4,
    )
