"""Which model a printed name means, and which label a printed label means: declared, never guessed.

The tables stand beside this file. ``models.tsv`` and ``providers.tsv`` say what there is;
``aliases.tsv`` maps a printed name to a model, for one source or for all (``*``); ``prefixes.tsv``,
``endings.tsv`` and ``rules.tsv`` say which parts of a name say something else than the model, and
count only where the rest is a known name exactly; ``pointers.tsv`` says what a moving name pointed
at, and when; ``labels.tsv`` maps the words for tiers, regions, variants, windows and thresholds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType

from catalog.identity import tables
from catalog.identity.forms import Beginnings, Form, by_ending, by_prefix
from catalog.identity.likeness import Likeness
from catalog.identity.rows import (
    ANY,
    Alias,
    Column,
    IdentityError,
    Kind,
    LabelAlias,
    Match,
    Model,
    Part,
    Provider,
    Rule,
    Target,
)
from catalog.identity.spelling import skeleton, slug, underscored
from catalog.reading import fold
from catalog.vocabulary import Edge

__all__ = [
    "ANY",
    "Alias",
    "Identity",
    "IdentityError",
    "Kind",
    "LabelAlias",
    "Match",
    "Model",
    "Part",
    "Provider",
    "Rule",
    "Target",
    "load",
    "slug",
]

LONGEST = 300
"""No id is longer; what is longer is no id."""
REMEMBERED = 20_000
"""So many answers are kept; then they are forgotten together."""
LOUDEST_FIRST = (
    Edge.POINTER,
    Edge.FINE_TUNE,
    Edge.QUANTISED,
    Edge.VARIANT,
    Edge.REGION_FORM,
    Edge.DATED_RELEASE,
    Edge.RESELLER,
    Edge.ALIAS,
    Edge.EXACT,
)
"""Which edge is told of a name that has several parts: the one that says most of what is run."""
_DAYS = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)\b")
_Row = tuple[str, Edge, str, str]
"""A model's id, how the name stands to it, why, and what tells the offer apart."""
_Names = Mapping[str, Mapping[str, _Row]]
"""Each source's names, and those of any under ``*``."""


@dataclass(frozen=True)
class Identity:
    """All declared names. ``load`` reads them; nothing here depends on a store."""

    models: Mapping[str, Model]
    providers: Mapping[str, Provider]
    aliases: tuple[Alias, ...]
    rules: tuple[Rule, ...]
    labels: tuple[LabelAlias, ...]
    pointers: tuple[Target, ...] = ()
    beginnings: Beginnings = field(default_factory=lambda: Beginnings({}, ()))
    endings: Mapping[str, Sequence[Part]] = field(default_factory=dict)

    def resolve(self, printed: str, source: str | None = None) -> Match | None:
        """Say which model a source means by a name; without a source, what any of them means.

        None where no row and no rule gives exactly one model.
        """
        asked = (printed[: LONGEST + 1], source)
        if asked not in self._answered:
            if len(self._answered) >= REMEMBERED:
                self._answered.clear()
            self._answered[asked] = self._find(printed, source)
        return self._answered[asked]

    def resolve_on(self, day: date, printed: str, source: str | None = None) -> Match | None:
        """Say which model a name meant on a day; None where nobody states what it pointed at."""
        match = self.resolve(printed, source)
        if match is None or match.edge is not Edge.POINTER:
            return match
        held = [one for one in self.targets(printed, source) if one.holds_on(day)]
        if not held:
            return None
        return replace(match, model=self.models[held[0].model], why=_pointing(held[0]))

    def targets(self, printed: str, source: str | None = None) -> tuple[Target, ...]:
        """Give what a name that its owner moves pointed at, in order; none of any other name.

        The maker may stand in front of it, a seller may not: whose pointer that is, nobody states.
        """
        asked = self.resolve(printed, source)
        for form in by_prefix(slug(printed), self.beginnings):
            targets = self._targets.get(form.name, ())
            if targets and all(part.makers for part in form.parts):
                pointer = self.resolve(form.name, source)
                return targets if _are_one(asked, pointer) else ()
        return ()

    def candidates(self, printed: str, limit: int = 5) -> tuple[Model, ...]:
        """List the models whose names look most alike: a hint for a person, never a match."""
        forms = reversed(tuple(by_prefix(slug(printed[:LONGEST]), self.beginnings)))
        found = (self._likeness.nearest(form.name, 4 * limit) for form in forms)
        alike: Sequence[str] = next(filter(None, found), ())
        ids = dict.fromkeys(self._spellings[each] for each in alike)
        return tuple(self.models[model] for model in ids)[:limit]

    def normal(self, source: str, column: Column, printed: str) -> str:
        """Give a label's normal form: the declared one, else its folded lower case."""
        folded = fold(printed).lower()
        declared = self._normal.get((source, column, folded))
        if declared is not None:
            return declared
        return _print_window(folded) if column == "window" else folded

    def _find(self, printed: str, source: str | None) -> Match | None:
        if len(printed) > LONGEST:
            return None
        found = self._resolve(slug(printed), source)
        return found if found or "_" not in printed else self._resolve(underscored(printed), source)

    def _resolve(self, name: str, source: str | None) -> Match | None:
        forms = tuple(by_prefix(name, self.beginnings))
        match = self._as_known(forms, source) or self._shortened(forms, source)
        return match and replace(match, provider=match.provider or _seller(forms[-1].parts))

    def _as_known(self, forms: Iterable[Form], source: str | None) -> Match | None:
        found = (self._match(form, source) for form in forms)
        return next(filter(None, found), None)

    def _shortened(self, forms: Iterable[Form], source: str | None) -> Match | None:
        rules = self._rules_of(source)
        for form in forms:
            for shorter in by_ending(form, self.endings, rules):
                found = [match for each in shorter if (match := self._match(each, source))]
                if found:
                    return _only(found)
        return None

    def _match(self, form: Form, source: str | None) -> Match | None:
        known = self._known(form.name, source)
        if known is None:
            return None
        model = self.models[known[0]]
        if any(part.makers and model.maker not in part.makers for part in form.parts):
            return None
        return _joined(model, known, form.parts)

    def _known(self, name: str, source: str | None) -> _Row | None:
        of_any, of_source = self._names[ANY], self._of(source, self._names)
        if found := of_source.get(name) or of_any.get(name):
            return found
        spelled = skeleton(name)
        return self._of(source, self._skeletons).get(spelled) or self._skeletons[ANY].get(spelled)

    def _of(self, source: str | None, names: _Names) -> Mapping[str, _Row]:
        """Give a source's own names; without a source those that all sources with it agree on."""
        return names.get(source, {}) if source else self._agreed

    @cached_property
    def _agreed(self) -> Mapping[str, _Row]:
        agreed: dict[str, _Row | None] = {}
        for names in (names for source, names in self._names.items() if source != ANY):
            for name, row in names.items():
                before = agreed.setdefault(name, row)
                agreed[name] = row if before and before[0] == row[0] else None
        return {name: row for name, row in agreed.items() if row and name not in self._names[ANY]}

    def _rules_of(self, source: str | None) -> tuple[Rule, ...]:
        return self._rules_by_source.get(source or ANY, self._rules_by_source[ANY])

    @cached_property
    def _answered(self) -> dict[tuple[str, str | None], Match | None]:
        return {}

    @cached_property
    def _rules_by_source(self) -> Mapping[str, tuple[Rule, ...]]:
        sources = {ANY, *(rule.source for rule in self.rules)}
        return {
            source: tuple(rule for rule in self.rules if rule.source in (ANY, source))
            for source in sources
        }

    @cached_property
    def _names(self) -> _Names:
        names: dict[str, dict[str, _Row]] = {ANY: {}}
        for source, printed, row in self._rows():
            before = names.setdefault(source, {}).setdefault(slug(printed), row)
            if before[0] != row[0]:
                raise _contradiction(printed, source, before[0], row[0])
        for target in self.pointers:
            if target.until is None:  # A pointer that is sold under a price of its own is a model.
                names[ANY].setdefault(slug(target.printed), self._pointed(target))
        return names

    @cached_property
    def _skeletons(self) -> _Names:
        spelled: dict[str, dict[str, _Row]] = {source: {} for source in self._names}
        for source, names in self._names.items():
            for name, row in names.items():
                before = spelled[source].setdefault(skeleton(name), row)
                if before[0] != row[0]:
                    raise _contradiction(name, source, before[0], row[0])
        return spelled

    def _rows(self) -> Iterator[tuple[str, str, _Row]]:
        for model in self.models.values():
            row = (model.id, Edge.EXACT, "the model's own name or id", "")
            for printed in _own_names(model):
                yield ANY, printed, row
        for alias in self.aliases:
            row = (self._declared(alias.printed, alias.model), alias.edge, alias.why, alias.variant)
            yield alias.source, alias.printed, row

    def _declared(self, printed: str, model: str) -> str:
        if model not in self.models:
            raise IdentityError(
                f"{printed!r} means {model}, which models.tsv does not list; add it"
            )
        return model

    def _pointed(self, target: Target) -> _Row:
        model = self._declared(target.printed, target.model)
        return model, Edge.POINTER, _pointing(target), ""

    @cached_property
    def _targets(self) -> Mapping[str, tuple[Target, ...]]:
        targets: dict[str, tuple[Target, ...]] = {}
        for target in self.pointers:
            printed = slug(target.printed)
            targets[printed] = (*targets.get(printed, ()), target)
        return targets

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        return {name: row[0] for names in self._names.values() for name, row in names.items()}

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self._spellings)

    @cached_property
    def _normal(self) -> Mapping[tuple[str, str, str], str]:
        return {(row.source, row.column, row.printed): row.normal for row in self.labels}


def _own_names(model: Model) -> tuple[str, ...]:
    if model.kind == "tool":  # "Web search" is a tool of several makers: only its id is its own.
        return (model.id,)
    return (model.id, model.id.removeprefix(f"{model.maker}/"), model.name)


def _contradiction(printed: str, source: str, one: str, other: str) -> IdentityError:
    return IdentityError(
        f"{printed!r} of {source} means {one} and {other};"
        " keep one row, or make it a row of one source"
    )


def _joined(model: Model, known: _Row, parts: Sequence[Part]) -> Match:
    """Put together what the name says and what the parts around it say."""
    _, edge, why, variant = known
    if not parts:
        return Match(model, edge, why, variant=variant)
    edges = {edge, *(part.edge for part in parts)}
    whys = [part.why for part in parts] + ([why] if edge is not Edge.EXACT else [])
    return Match(
        model,
        next(each for each in LOUDEST_FIRST if each in edges),
        "; ".join(dict.fromkeys(whys)),
        provider=_seller(parts),
        tier=_first(part.tier for part in parts),
        region=_first(part.region for part in parts),
        variant=", ".join(
            dict.fromkeys(filter(None, (variant, *(part.variant for part in parts))))
        ),
    )


def _pointing(target: Target) -> str:
    since = f" since {target.since}" if target.since else ""
    return f"an id that its owner moves; points at it{since}: {target.source}"


def _are_one(left: Match | None, right: Match | None) -> bool:
    return (left and left.model.id) == (right and right.model.id)


def _seller(parts: Sequence[Part]) -> str | None:
    return _first(part.provider for part in parts) or None


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _only(matches: Sequence[Match]) -> Match | None:
    return matches[0] if len({match.model.id for match in matches}) == 1 else None


def _print_window(folded: str) -> str:
    named = _DAYS.sub(lambda day: day[0].title(), folded)
    return named.replace("utc", "UTC")


@cache
def load() -> Identity:
    """Read the tables, once; raise IdentityError where two rows contradict each other."""
    identity = Identity(
        models=MappingProxyType({model.id: model for model in tables.models()}),
        providers=MappingProxyType({provider.id: provider for provider in tables.providers()}),
        aliases=tables.aliases(),
        rules=tables.rules(),
        labels=tables.labels(),
        pointers=tables.pointers(),
        beginnings=tables.beginnings(),
        endings=tables.endings(),
    )
    identity._skeletons  # noqa: B018, SLF001 contradictions show at load, not at a later lookup
    return identity
