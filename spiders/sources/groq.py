"""Groq: the list of models in its console's documentation (markdown), prices glued in one cell."""

import re
from dataclasses import replace
from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind, Unit
from spiders.facts import token_count
from spiders.names import Names
from spiders.page import Kind, Page, changed
from spiders.price_table import ONE_OR_MORE, Ignored, Model, Price, PriceTable, States, Terms
from spiders.source import Document, Form, PriceSource, all_of, has_column, is_kind

LINKED = re.compile(r"\|\s*\[[^|\n]*\]\((?P<link>[^)\s]*/docs/[^)\s]+)\)(?P<rest>[^|\s]+)\s*\|")
"""A model's cell: its linked name, then a badge and the API id, glued."""
GLUED = re.compile(r"(?P<badge>Enterprise|Preview|New|)(?P<id>[a-z0-9][a-z0-9._/-]*)")


def parted(page: Page) -> Page:
    """Put the API id alone on the first line of its cell; the link names it, too."""
    return replace(page, text=LINKED.sub(_id_first, page.text))


def _id_first(cell: re.Match[str]) -> str:
    link, rest = cell["link"].rstrip("/"), cell["rest"]
    glued = GLUED.fullmatch(rest)
    if glued is None or not _alike(glued["id"].rpartition("/")[2], link.rpartition("/")[2]):
        raise changed(f"{rest!r} is linked to {link}, which does not name the same model")
    return f"| {glued['id']}<br>{glued['badge']} |" if glued["badge"] else f"| {glued['id']} |"


def _alike(name: str, linked: str) -> bool:
    """Tell whether one name only says more closely what the other says."""
    return name.startswith(linked) or linked.startswith(name)


def api_id(text: str) -> Names:
    """Read an API id; a cell that still holds anything else is refused."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._/-]*", text):
        raise changed(f"{text!r} is no API id; look at how the cell is linked")
    return Names((text,))


MODELS = PriceTable(
    None,
    {
        "Model ID": Model(read=api_id, notes={"Enterprise|Preview|New": Terms()}),
        "Price per {unit}": Price(
            words={
                "per hour": Terms(Meter.AUDIO, unit=Unit.HOUR),
                "per 1M characters": Terms(Meter.CHARACTERS, unit=Unit.MILLION_CHARACTERS),
            }
        ),
        r"Speed \(T/sec\)": Ignored("how fast it answers"),
        "Rate limits.*": Ignored("how much may be asked"),
        r"Context window \(tokens\)": States("context_tokens", token_count),
        "Max completion tokens": States("max_output_tokens", token_count),
        "Max file size": Ignored("how much may be uploaded"),
    },
    expect=ONE_OR_MORE,
)


class Groq(PriceSource):
    """Open models on Groq's own chips; Enterprise ones have no public price."""

    name = "groq"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://console.groq.com/docs/models.md",
            forms=(
                Form(
                    "models",
                    recognise=all_of(
                        is_kind(Kind.MARKDOWN), has_column("Model ID", "Price per .+")
                    ),
                    prepare=parted,
                    tables=(MODELS,),
                ),
            ),
            minimum_models=3,
            minimum_points=4,
        ),
    )
