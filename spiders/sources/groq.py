"""Groq: the list of models in its console's documentation (markdown), prices glued in one cell."""

import re
from dataclasses import replace

from catalog.vocabulary import Meter, Unit
from spiders import kit

LINKED = re.compile(r"\|\s*\[[^|\n]*\]\((?P<link>[^)\s]*/docs/[^)\s]+)\)(?P<rest>[^|\s]+)\s*\|")
"""A model's cell: its linked name, then a badge and the API id, glued."""
GLUED = re.compile(r"(?P<badge>Enterprise|Preview|New|)(?P<id>[a-z0-9][a-z0-9._/-]*)")


def parted(page: kit.Page) -> kit.Page:
    """Put the API id alone on the first line of its cell; the link names it, too."""
    return replace(page, text=LINKED.sub(_id_first, page.text))


def _id_first(cell: re.Match[str]) -> str:
    link, rest = cell["link"].rstrip("/"), cell["rest"]
    glued = GLUED.fullmatch(rest)
    if glued is None or not _alike(glued["id"].rpartition("/")[2], link.rpartition("/")[2]):
        raise kit.changed(f"{rest!r} is linked to {link}, which does not name the same model")
    return f"| {glued['id']}<br>{glued['badge']} |" if glued["badge"] else f"| {glued['id']} |"


def _alike(name: str, linked: str) -> bool:
    """Tell whether one name only says more closely what the other says."""
    return name.startswith(linked) or linked.startswith(name)


def api_id(text: str) -> kit.Names:
    """Read an API id; a cell that still holds anything else is refused."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._/-]*", text):
        raise kit.changed(f"{text!r} is no API id; look at how the cell is linked")
    return kit.Names((text,))


MODELS = kit.PriceTable(
    None,
    {
        "Model ID": kit.Model(read=api_id, notes={"Enterprise|Preview|New": kit.Terms()}),
        "Price per {unit}": kit.Price(
            words={
                "per hour": kit.Terms(Meter.AUDIO, unit=Unit.HOUR),
                "per 1M characters": kit.Terms(Meter.CHARACTERS, unit=Unit.MILLION_CHARACTERS),
            }
        ),
        r"Speed \(T/sec\)": kit.Ignored("how fast it answers"),
        "Rate limits.*": kit.Ignored("how much may be asked"),
        r"Context window \(tokens\)": kit.States("context_tokens", kit.token_count),
        "Max completion tokens": kit.States("max_output_tokens", kit.token_count),
        "Max file size": kit.Ignored("how much may be uploaded"),
    },
    expect=kit.ONE_OR_MORE,
)


class Groq(kit.Official):
    """Open models on Groq's own chips; Enterprise ones have no public price."""

    document = kit.Document(
        "models",
        "https://console.groq.com/docs/models.md",
        forms=(
            kit.Form(
                "models",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.MARKDOWN), kit.has_column("Model ID", "Price per .+")
                ),
                prepare=parted,
                tables=(MODELS,),
            ),
        ),
        minimum_models=3,
        minimum_points=4,
    )
