"""The reference page of the sources: what each declares, and what is read on its test pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from tables import listed, page, section, table

from catalog.identity import load
from catalog.reading import Reading
from catalog.vocabulary import Meter
from spiders.source import Document, Source, read, source_named, source_names

PAGES = Path(__file__).parent.parent / "tests" / "pages"
ABOUT = """\
What each source declares, and what is read on its pages under `tests/pages/`: excerpts that have
every layout and every oddity of the live page, so the live ones hold more models. A source is
declared in `spiders/sources/<source>.py`; `tokentape check` shows how a page is read."""
UNMAPPED = """\
Names on the test pages that no row of `catalog/identity/` maps to a model. Their prices are kept
and served under the printed name."""


@dataclass(frozen=True)
class Sample:
    """What all test pages of one source state together."""

    source: Source
    readings: tuple[Reading, ...]

    @property
    def models(self) -> list[str]:
        """The printed names, each once, in order."""
        stated = (one for r in self.readings for some in (r.points, r.scores) for one in some)
        return sorted({one.model for one in stated})

    @property
    def unmapped(self) -> list[str]:
        """The printed names that no model is known by."""
        return [name for name in self.models if not load().resolve(name, self.source.name)]

    @property
    def meters(self) -> list[Meter]:
        """The meters that are priced, in the order of the closed list."""
        priced = {point.meter for reading in self.readings for point in reading.points}
        return [meter for meter in Meter if meter in priced]

    @property
    def counted(self) -> str:
        """How much of each kind is read."""
        kinds = ("points", "facts", "scores", "rates", "adjustments")
        counts = {kind: sum(len(getattr(r, kind)) for r in self.readings) for kind in kinds}
        return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)


def sources_page() -> str:
    """Every source: its documents and forms, and what its test pages state."""
    every = samples()
    return page(
        "Sources",
        ABOUT,
        table(
            ("source", "kind", "read every", "test pages", "model names", "read there", "unmapped"),
            map(_summary, every),
        ),
        section("Meters read", table(("source", "meters"), map(_meters, every))),
        section("Documents", table(("source", "document", "forms", "at least"), _documents(every))),
        section("Unmapped names", UNMAPPED, table(("source", "names"), _unmapped(every))),
    )


@cache
def samples() -> tuple[Sample, ...]:
    """Read all test pages, by source."""
    return tuple(_sample(source_named(name)) for name in sorted(source_names()))


def _sample(source: Source) -> Sample:
    expected = sorted((PAGES / source.name).glob("*.expected.tsv"))
    stems = {path.name.removesuffix(".expected.tsv") for path in expected}
    pages = (p for p in sorted((PAGES / source.name).glob("*")) if p.stem in stems)
    return Sample(source, tuple(read(source, p.read_bytes()) for p in pages))


def _summary(sample: Sample) -> Sequence[object]:
    source = sample.source
    counts = len(sample.readings), len(sample.models), sample.counted, len(sample.unmapped)
    return (f"`{source.name}`", source.kind, worded(source.cadence), *counts)


def worded(span: timedelta) -> str:
    """Word a time span in its largest whole unit."""
    seconds = int(span.total_seconds())
    units = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
    unit = next(unit for unit, length in units.items() if seconds % length == 0)
    count = seconds // units[unit]
    return f"{count} {unit}{'s' if count > 1 else ''}"


def _meters(sample: Sample) -> Sequence[object]:
    return f"`{sample.source.name}`", listed(sample.meters) or "none"


def _documents(every: Sequence[Sample]) -> Iterator[Sequence[object]]:
    for sample in every:
        for document in sample.source.documents:
            forms = listed(form.name for form in document.forms)
            named = f"[{document.name}]({document.url})"
            yield f"`{sample.source.name}`", named, forms, _least(document)


def _least(document: Document) -> str:
    return f"{document.minimum_points} entries of {document.minimum_models} models"


def _unmapped(every: Sequence[Sample]) -> Iterator[Sequence[object]]:
    for sample in every:
        if sample.unmapped:
            yield f"`{sample.source.name}`", listed(sample.unmapped)
