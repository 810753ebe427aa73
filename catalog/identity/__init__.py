"""Which model a printed name means, and which label a printed label means: declared, never guessed.

The tables stand beside this file. ``models.tsv`` and ``providers.tsv`` say what there is;
``aliases.tsv`` maps a printed name to a model, for one source or for all (``*``); ``rules.tsv``
says which parts of a printed name may be read otherwise, and counts only where the result is a
known name exactly; ``labels.tsv`` maps the words for tiers, regions, variants, windows and
context thresholds.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

from catalog.reading import fold
from catalog.vocabulary import Edge

ANY = "*"
Kind = Literal["model", "tool"]
Column = Literal["tier", "region", "variant", "window", "context_over"]

_DASHES = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")
_DAYS = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)\b")


class IdentityError(ValueError):
    """A row of the identity tables that contradicts another, or names nothing known."""


@dataclass(frozen=True)
class Model:
    """What is run, or a tool that is priced, whoever sells it."""

    id: str
    """The maker and a slug: ``anthropic/claude-opus-4.7``."""
    maker: str
    name: str
    family: str
    kind: Kind
    """A tool (web search, containers …) is priced, never ranked."""
    home_region: str | None = None
    """The region whose price is the reference where the maker has no global one."""


@dataclass(frozen=True)
class Provider:
    """Who sells inference."""

    id: str
    name: str


@dataclass(frozen=True)
class Alias:
    """A printed name of a model, as one source or any (``*``) prints it."""

    source: str
    printed: str
    model: str
    edge: Edge
    why: str


@dataclass(frozen=True)
class Rule:
    """One way a printed name may be read otherwise, where that makes it a known name exactly."""

    source: str
    pattern: re.Pattern[str]
    replacement: str
    edge: Edge
    why: str


@dataclass(frozen=True)
class LabelAlias:
    """A source's word for a tier, region, variant, window or threshold, and its normal form."""

    source: str
    column: Column
    printed: str
    normal: str
    since: date | None
    """The day from which the source prints the normal form, where it was a renaming."""
    why: str


@dataclass(frozen=True)
class Match:
    """The model a printed name means, by which kind of edge, and why."""

    model: Model
    edge: Edge
    why: str


def slug(printed: str) -> str:
    """Fold case, and spaces, underscores and dashes to one dash; everything else tells apart."""
    folded = unicodedata.normalize("NFKC", fold(printed)).casefold()
    return _DASHES.sub("-", folded).strip("-")


@dataclass(frozen=True)
class Identity:
    """All declared names. ``load`` reads them; nothing here depends on a store."""

    models: Mapping[str, Model]
    providers: Mapping[str, Provider]
    aliases: tuple[Alias, ...]
    rules: tuple[Rule, ...]
    labels: tuple[LabelAlias, ...]

    def resolve(self, printed: str, source: str | None = None) -> Match | None:
        """Say which model a source means by a name; without a source, what any of them means.

        None where no row and no rule gives exactly one model.
        """
        return self._known(slug(printed), source) or self._by_rule(printed, source)

    def candidates(self, printed: str, limit: int = 5) -> tuple[Model, ...]:
        """List the models whose names look most alike: a hint for a person, never a match."""
        wanted = slug(printed)
        holding = [name for name in self._spellings if wanted and wanted in name]
        alike = get_close_matches(wanted, self._spellings, n=limit)
        ids = dict.fromkeys(self._spellings[name] for name in (*holding, *alike))
        return tuple(self.models[model] for model in ids)[:limit]

    def normal(self, source: str, column: Column, printed: str) -> str:
        """Give a label's normal form: the declared one, else its folded lower case."""
        folded = fold(printed).lower()
        declared = self._normal.get((source, column, folded))
        if declared is not None:
            return declared
        return _print_window(folded) if column == "window" else folded

    def _known(self, name: str, source: str | None) -> Match | None:
        own = self._names.get((source or ANY, name)) or self._names.get((ANY, name))
        return own if own or source else self._only(self._sources_by_name.get(name, ()))

    def _by_rule(self, printed: str, source: str | None) -> Match | None:
        rules = [rule for rule in self.rules if rule.source in (ANY, source)]
        found = (
            Match(known.model, rule.edge, rule.why)
            for form, rule in _read_otherwise(fold(printed), rules)
            if (known := self._known(slug(form), source))
        )
        return self._only(found)

    @staticmethod
    def _only(matches: Iterable[Match]) -> Match | None:
        by_model = {match.model.id: match for match in matches}
        return next(iter(by_model.values())) if len(by_model) == 1 else None

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], Match]:
        names: dict[tuple[str, str], Match] = {}
        for source, printed, match in self._rows():
            before = names.setdefault((source, slug(printed)), match)
            if before.model != match.model:
                raise IdentityError(
                    f"{printed!r} of {source} means {before.model.id} and {match.model.id};"
                    " keep one row, or make it a row of one source"
                )
        return names

    def _rows(self) -> Iterator[tuple[str, str, Match]]:
        for model in self.models.values():
            for printed in _own_names(model):
                yield ANY, printed, Match(model, Edge.EXACT, "the model's own name or id")
        for alias in self.aliases:
            match = Match(self._declared(alias), alias.edge, alias.why)
            yield alias.source, alias.printed, match

    def _declared(self, alias: Alias) -> Model:
        try:
            return self.models[alias.model]
        except KeyError:
            raise IdentityError(
                f"{alias.printed!r} means {alias.model}, which models.tsv does not list; add it"
            ) from None

    @cached_property
    def _sources_by_name(self) -> Mapping[str, list[Match]]:
        by_name: dict[str, list[Match]] = {}
        for (_, name), match in self._names.items():
            by_name.setdefault(name, []).append(match)
        return by_name

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        return {name: match.model.id for (_, name), match in self._names.items()}

    @cached_property
    def _normal(self) -> Mapping[tuple[str, str, str], str]:
        return {(row.source, row.column, row.printed): row.normal for row in self.labels}


def _own_names(model: Model) -> tuple[str, ...]:
    if model.kind == "tool":  # "Web search" is a tool of several makers: only its id is its own.
        return (model.id,)
    return (model.id, model.id.removeprefix(f"{model.maker}/"), model.name)


def _read_otherwise(printed: str, rules: Iterable[Rule]) -> Iterator[tuple[str, Rule]]:
    """Give every form that one use of one or more rules makes, with the first rule used."""
    forms: list[tuple[str, Rule | None]] = [(printed, None)]
    for rule in rules:
        made = [(new, first or rule) for form, first in forms for new in _replaced(form, rule)]
        forms.extend(made)
        yield from made


def _replaced(form: str, rule: Rule) -> Iterator[str]:
    for found in rule.pattern.finditer(form):
        yield form[: found.start()] + rule.replacement + form[found.end() :]


def _print_window(folded: str) -> str:
    named = _DAYS.sub(lambda day: day[0].title(), folded)
    return named.replace("utc", "UTC")


def _table(name: str) -> list[dict[str, str]]:
    text = files(__name__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    return list(rows)


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


def _model(row: Mapping[str, str]) -> Model:
    home = row["home_region"] or None
    kind = _kind(row["kind"])
    return Model(row["model"], row["maker"], row["name"], row["family"], kind, home)


def _alias(row: Mapping[str, str]) -> Alias:
    return Alias(row["source"], row["printed"], row["model"], Edge(row["edge"]), row["why"])


def _rule(row: Mapping[str, str]) -> Rule:
    pattern = re.compile(row["pattern"])
    return Rule(row["source"], pattern, row["replacement"], Edge(row["edge"]), row["why"])


def _label(row: Mapping[str, str]) -> LabelAlias:
    since = date.fromisoformat(row["since"]) if row["since"] else None
    column = _column(row["column"])
    return LabelAlias(
        row["source"], column, row["printed"].lower(), row["normal"], since, row["why"]
    )


@cache
def load() -> Identity:
    """Read the tables, once; raise IdentityError where two rows contradict each other."""
    models = [_model(row) for row in _table("models")]
    providers = [Provider(row["provider"], row["name"]) for row in _table("providers")]
    identity = Identity(
        models=MappingProxyType({model.id: model for model in models}),
        providers=MappingProxyType({provider.id: provider for provider in providers}),
        aliases=tuple(_alias(row) for row in _table("aliases")),
        rules=tuple(_rule(row) for row in _table("rules")),
        labels=tuple(_label(row) for row in _table("labels")),
    )
    identity._names  # noqa: B018, SLF001 contradictions show at load, not at a later lookup
    return identity
