"""Reads the identity tables that stand beside this file."""

import re
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import get_args

from catalog.identity.forms import Beginnings
from catalog.identity.rows import (
    Alias,
    Column,
    IdentityError,
    Kind,
    LabelAlias,
    Model,
    Part,
    Provider,
    Rule,
    Target,
)
from catalog.vocabulary import Edge


def models() -> list[Model]:
    """Read what is run."""
    return [_model(row) for row in _table("models")]


def providers() -> list[Provider]:
    """Read who makes and who sells."""
    return [Provider(row["provider"], row["name"]) for row in _table("providers")]


def aliases() -> tuple[Alias, ...]:
    """Read the printed names."""
    return tuple(_alias(row) for row in _table("aliases"))


def pointers() -> tuple[Target, ...]:
    """Read what moving names pointed at, and when."""
    return tuple(_target(row) for row in _table("pointers"))


def beginnings() -> Beginnings:
    """Read what may stand in front of a name; a row that starts with ``^`` is a pattern."""
    rows = [(row["prefix"], _part(row)) for row in _table("prefixes")]
    patterns = [(re.compile(form), part) for form, part in rows if form.startswith("^")]
    return Beginnings({form: part for form, part in rows if not form.startswith("^")}, patterns)


def endings() -> dict[str, tuple[Part, ...]]:
    """Read what ends of an id say; one ending may say one thing of one maker's and of another's."""
    found: dict[str, tuple[Part, ...]] = {}
    for row in _table("endings"):
        found[row["ending"]] = (*found.get(row["ending"], ()), _part(row))
    return found


def rules() -> tuple[Rule, ...]:
    """Read the patterns by which a name may be read otherwise."""
    return tuple(
        Rule(row["source"], re.compile(row["pattern"]), row["replacement"], _part(row))
        for row in _table("rules")
    )


def labels() -> tuple[LabelAlias, ...]:
    """Read the normal forms of labels."""
    return tuple(_label(row) for row in _table("labels"))


def _table(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    heading, *rows = (line.split("\t") for line in text.splitlines())
    for row in rows:
        if len(row) != len(heading):
            raise IdentityError(f"{name}.tsv: {row} has not the columns {heading}; add or cut some")
    return [dict(zip(heading, row, strict=True)) for row in rows]


def _model(row: Mapping[str, str]) -> Model:
    home = row["home_region"] or None
    kind = _kind(row["kind"])
    return Model(row["model"], row["maker"], row["name"], row["family"], kind, home)


def _alias(row: Mapping[str, str]) -> Alias:
    edge = Edge(row["edge"])
    return Alias(row["source"], row["printed"], row["model"], edge, row["why"], row["variant"])


def _target(row: Mapping[str, str]) -> Target:
    return Target(
        row["printed"], _day(row["since"]), _day(row["until"]), row["model"], row["source"]
    )


def _part(row: Mapping[str, str]) -> Part:
    return Part(
        edge=Edge(row["edge"]),
        why=row["why"],
        example=row["example"],
        means=row["model"],
        makers=frozenset(row["makers"].split()),
        provider=row.get("provider", ""),
        tier=row.get("tier", ""),
        region=row.get("region", ""),
        variant=row.get("variant", ""),
    )


def _label(row: Mapping[str, str]) -> LabelAlias:
    column = _column(row["column"])
    printed, since = row["printed"].lower(), _day(row["since"])
    return LabelAlias(row["source"], column, printed, row["normal"], since, row["why"])


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _kind(text: str) -> Kind:
    for kind in get_args(Kind):
        if text == kind:
            return kind  # type: ignore[no-any-return] # get_args forgets the literal's type
    raise IdentityError(f"{text!r} is no kind; write one of {get_args(Kind)}")


def _column(text: str) -> Column:
    for column in get_args(Column):
        if text == column:
            return column  # type: ignore[no-any-return] # get_args forgets the literal's type
    raise IdentityError(f"{text!r} is no labelled column; write one of {get_args(Column)}")
