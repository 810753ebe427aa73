"""OpenRouter's measured speed: latency and throughput of each provider of a model (JSON)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from catalog.reading import Score
from spiders import kit

NUMBER = r"\d{1,3}(?:,\d{3})*(?:\.\d+)?"
MEASURES = {
    "latency": (re.compile(rf"({NUMBER})s"), "openrouter latency (s)"),
    "throughput": (re.compile(rf"({NUMBER})tps"), "openrouter throughput (tokens/s)"),
}
NOT_MEASURED = re.compile(r"--(?:s|tps)|")


def speeds(page: kit.Page, _: date | None) -> kit.Found:
    """Read what is measured of each provider of each model."""
    every = (one for record in kit.records(page.data, "[].providers[]") for one in measured(record))
    return kit.Found(scores=tuple(every))


def measured(record: kit.Record) -> Iterator[Score]:
    """Read one provider's measures; the unit is printed with the number, or there is none."""
    for field, (unit, benchmark) in MEASURES.items():
        printed = record.text(field)
        if NOT_MEASURED.fullmatch(printed):
            continue
        found = unit.fullmatch(printed)
        if found is None:
            raise kit.changed(f"{record.locator}.{field} is {printed!r}; say in which unit that is")
        yield Score(
            model=record.text("^model"),
            benchmark=f"{benchmark} at {record.text('provider')}",
            score=kit.number(found[1].replace(",", ""), field),
            evidence=f'"{field}": "{printed}"',
        )


class OpenrouterSpeed(kit.Benchmark):
    """A collector's hourly list; OpenRouter shows the same on each model's page."""

    cadence = timedelta(hours=6)
    document = kit.Document(
        "metrics",
        "https://raw.githubusercontent.com/MrFlynn/openrouter-model-metrics/HEAD/model-metrics.json",
        forms=(
            kit.Form(
                "metrics",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.JSON),
                    kit.has_text(r'"providers"', r'"latency"', r'"throughput"'),
                ),
                read=speeds,
            ),
        ),
        minimum_models=3,
        minimum_points=4,
    )
