"""Model cells: the names in them, their notes on availability, and the dates they hold."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from catalog.reading import Fact, fold
from spiders.bounds import read_bound
from spiders.dates import find_dates, find_day
from spiders.page import changed

_NOTE = re.compile(r"\s*[(（](?P<note>[^()（）]*)[)）]")
_EMPTY = re.compile(r"\s*[(（]\s*[)）]")
"""The brackets that are left of dates in brackets."""
_STATUSES = {
    "deprecated": re.compile(r"deprecat|弃用|下线", re.IGNORECASE),
    "retired": re.compile(r"retired|discontinued|已下线", re.IGNORECASE),
    "limited": re.compile(r"limited availability|early access|waitlist|invite", re.IGNORECASE),
    "legacy": re.compile(r"legacy", re.IGNORECASE),
    "preview": re.compile(r"(?:research |public |in )?(?:preview|beta)|公测", re.IGNORECASE),
    "new": re.compile(r"new|新品", re.IGNORECASE),
}
_SAID_AS_FACT = ("retired", "deprecated")
_DEPRECATES = re.compile(r"deprecat|弃用", re.IGNORECASE)
_BADGE = re.compile(r"\s+(?:new|新品|推荐|预览|邀测中?|公测中?|即将下线)$", re.IGNORECASE)
_ID = re.compile(r"[\w.:/@-]+", re.ASCII)
_MARKS = re.compile(r"(?:\s*(?:\[\d+\]|\(\d{1,2}\)|\^[^\s^]*\^|[*†‡§]|[⁰¹²³⁴-⁹]))+$")
_BETWEEN = re.compile(r"\s+/\s+|,\s*(?:and|or|&)\s+|\s+(?:and|or)\s+|,\s+|、|\s*&\s+")


@dataclass(frozen=True, slots=True)
class Names:
    """The models that one cell or sentence names."""

    names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """Notes on availability, in the page's words."""
    valid_from: date | None = None
    valid_to: date | None = None
    context_over: int | None = None
    """Where the cell says for which prompts: the tokens that they are longer than."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """State what the notes say of each model: that it is deprecated or retired, and when."""
        return tuple(
            Fact(model=name, name=said, value=value, evidence=f"{name} ({note})")
            for note in self.notes
            for said, value in _said(note)
            for name in self.names
        )


def _said(note: str) -> Iterator[tuple[str, str]]:
    status, day = status_in(note), find_day(note)
    if status not in _SAID_AS_FACT:
        return
    yield "status", status
    if day:
        yield "deprecated_on" if _DEPRECATES.search(note) else "retired_on", day.isoformat()


def is_note(text: str) -> bool:
    """Tell whether a text is nothing but a note on availability: "（2026-08-31 下线）"."""
    found = _NOTE.fullmatch(text)
    return bool(found and status_in(found["note"]))


def status_in(note: str) -> str | None:
    """Name what a note says of a model's availability; None where it says something else."""
    found = [status for status, pattern in _STATUSES.items() if pattern.search(note)]
    return "retired" if "retired" in found else next(iter(found), None)


def read_names(text: str, *, several: bool = True) -> Names:
    """Read a model cell: names without footnote marks, availability notes and dates.

    "Claude Sonnet 4.6 / 4.5" names two models; a part that begins with a digit continues the
    first one's name. Notes that say nothing of availability stay part of the name.
    """
    undated, dates = find_dates(fold(text))
    bare, notes = _without_notes(_EMPTY.sub("", undated))
    parts = re.split(r"\s+/\s+", bare) if several else [bare]
    return Names(
        tuple(_continued([_unmarked(part) for part in parts])),
        tuple(notes),
        dates.valid_from if dates else None,
        dates.valid_to if dates else None,
    )


def named_as(pattern: str, refusal: str) -> Callable[[str], Names]:
    """Read model cells by the pattern's group ``model``; a cell that is otherwise is refused.

    ``{}`` in the refusal stands for the cell's text.
    """

    def read(text: str) -> Names:
        found = re.fullmatch(pattern, text)
        if found is None:
            raise changed(refusal.format(repr(text)))
        return read_names(found["model"])

    return read


def read_bounded_names(text: str) -> Names:
    """Read a model cell that may say for which prompts: "(for prompts over 100,000 tokens)"."""
    bounds = {
        over for n in _NOTE.finditer(text) if (over := read_bound(fold(n["note"]))) is not None
    }
    if len(bounds) > 1:
        raise changed(f"{text!r} says more than one prompt length")
    bare = _NOTE.sub(lambda n: n.group() if read_bound(fold(n["note"])) is None else "", text)
    return replace(read_names(bare), context_over=bounds.pop() if bounds else None)


def read_id(text: str) -> Names:
    """Read a cell that holds one API id; a badge behind it is left out, other words are refused."""
    names = read_names(_BADGE.sub("", fold(text)), several=False)
    if not all(_ID.fullmatch(name) for name in names.names):
        raise changed(f"{text!r} is no API id; look at the page and declare what its words say")
    return names


def listed_names(text: str, *, prefix: str = "") -> tuple[str, ...]:
    """Read the models that a sentence lists: "Claude Opus 4.6, Sonnet 4.5, or Sonnet 4".

    The prefix is put before each that lacks it.
    """
    parts = [_unmarked(part) for part in _BETWEEN.split(fold(text)) if part.strip()]
    whole = _continued(parts)
    return tuple(name if name.startswith(prefix) else prefix + name for name in whole)


def _without_notes(text: str) -> tuple[str, list[str]]:
    notes = [n["note"] for n in _NOTE.finditer(text) if status_in(n["note"])]
    bare = _NOTE.sub(lambda found: "" if status_in(found["note"]) else found.group(), text)
    return bare, notes


def _unmarked(name: str) -> str:
    return fold(_MARKS.sub("", name.strip()).strip(" ,;:"))


def _continued(parts: list[str]) -> list[str]:
    """Give parts that are only a version the name of the part before them."""
    names: list[str] = []
    for part in parts:
        stem = names[-1].rpartition(" ")[0] if names and part[:1].isdigit() else ""
        names.append(f"{stem} {part}".strip())
    return names
