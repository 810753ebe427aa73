"""One format of usage, compiled: walks an object once and counts each token once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from catalog.cost.counted import Counted, Usage, UsageError
from catalog.cost.levels import Again, Level, Passes, Rule, Word
from catalog.cost.rules import MODALITIES
from catalog.cost.usage_format import Field, Format
from catalog.vocabulary import Meter

MOST = 10**15
"""No usage counts more of anything."""
USUAL = frozenset(
    {
        *("", "standard", "default", "global", "not_available"),
        *("on_demand", "traffic_type_unspecified"),
    }
)
"""What usages say where the tier or region is the usual one."""
PREFIX = "on_demand_"
"""Before what Google calls a tier."""
LISTED = (("modality", "tokenCount"), ("modality", "token_count"), ("ttl", "inputTokens"))
"""How lists of parts name a part and its number."""
INPUTS = frozenset(
    {
        Meter.INPUT_TOKENS,
        Meter.CACHE_READ_TOKENS,
        Meter.CACHE_WRITE_TOKENS,
        Meter.CACHE_WRITE_1H_TOKENS,
        Meter.INPUT_AUDIO_TOKENS,
        Meter.INPUT_IMAGE_TOKENS,
        Meter.INPUT_VIDEO_TOKENS,
        Meter.CACHE_READ_AUDIO_TOKENS,
        Meter.CACHE_READ_IMAGE_TOKENS,
    }
)
_NOTHING: Mapping[str, int] = {}
_TOLD: frozenset[Meter] = frozenset()
_BOTH = frozenset(MODALITIES)


@dataclass(slots=True)
class Aside:
    """What a usage holds beside plain numbers."""

    words: list[tuple[str, str]] = field(default_factory=list)
    again: list[tuple[str, int]] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    breakdowns: list[str] = field(default_factory=list)
    """Fields the format does not know that are no number, or part of one: they change no sum."""


Found = tuple[dict[str, int], str, Aside | None]
"""The numbers of one usage by their paths; which total it states that its parts do not add up to,
or nothing; and what else it holds."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A format, ready to read many usages."""

    format: Format
    top: Level
    places: Mapping[str, tuple[Meter, bool]]
    """By path: the meter, and whether it is of the input."""
    tools: Mapping[str, str]
    canonical: Mapping[str, str]
    """The format's own key for each spelling of one, at the top."""
    inside: tuple[tuple[str, tuple[str, ...]], ...]
    """The fields that lie inside others, innermost first, and those others."""
    totals: tuple[tuple[str, tuple[str, ...]], ...]
    reasoning: str
    """The field that counts reasoning, or nothing."""
    modalities: tuple[tuple[frozenset[Meter], frozenset[str]], ...]
    """Of input and output: the fields that count other modalities than text."""

    def fits(self, keys: Iterable[str]) -> bool:
        """Tell whether the format's marks are among some keys."""
        known = {self.canonical.get(key, key) for key in keys}
        return any(mark <= known for mark in self.format.marks)

    def known(self, keys: Iterable[str]) -> int:
        """Tell how many of these keys the format has."""
        return sum(key in self.top.keys for key in keys)

    def read(self, usage: Usage) -> Found:
        """Take a usage's numbers and words; raise UsageError for a number that is none."""
        counts: dict[str, int] = {}
        aside = _walk(usage, self.top, counts, None)
        if aside and aside.again:
            _agree(counts, aside.again)
        if self.format.required.isdisjoint(counts):
            need = " or ".join(sorted(self.format.required))
            raise UsageError(f"a usage of the format {self.format.name} has a number in {need}")
        return counts, self._off(counts), aside

    def _off(self, counts: dict[str, int]) -> str:
        for total, parts in self.totals:
            stated = counts.pop(total, None)
            if stated is not None:
                for part in parts:
                    if part in counts:
                        stated -= counts[part]
                if stated:
                    return f"{total} is {stated:+} beside what its parts add up to"
        return ""

    def counted(self, found: Found) -> Counted:
        """Take each part out of what holds it; raise UsageError where more is in than was."""
        counts, off, aside = found
        reasoned = counts.get(self.reasoning)
        for part, wholes in self.inside:
            if part in counts:
                _take_out(counts, part, wholes)
        tools = self._called(counts) if self.tools else _NOTHING
        untold = _TOLD
        for alone, paths in self.modalities:
            if paths.isdisjoint(counts):
                untold = _BOTH if untold else alone
        amounts: dict[Meter, int] = {}
        whole = whole_input = 0
        for path, number in counts.items():
            if number:
                meter, is_input = self.places[path]
                amounts[meter] = amounts[meter] + number if meter in amounts else number
                whole += number
                if is_input:
                    whole_input += number
        tier, region = _words(aside.words) if aside else ("", "")
        return Counted(
            self.format.name,
            amounts,
            tools,
            whole_input,
            whole - whole_input,
            None if reasoned is None else reasoned > 0,
            tier,
            region,
            tuple(aside.unknown) if aside else (),
            _warnings(off, aside) if aside or off else (),
            untold,
        )

    def _called(self, counts: dict[str, int]) -> Mapping[str, int]:
        calls = {tool: counts.pop(path, 0) for path, tool in self.tools.items()}
        return {tool: number for tool, number in calls.items() if number}


def reader(declared: Format) -> Reader:
    """Compile a format."""
    top, canonical = Level(is_sum=True), {}
    for path, rule in _rules(declared):
        keys = path.split(".")
        for spelled in product(*({key: 0, declared.respelled(key): 0} for key in keys)):
            top.put(spelled, rule)
            canonical[spelled[0]] = keys[0]
    fields = [one for one in declared.fields if not one.same_as]
    inside = sorted((one for one in fields if one.inside), key=_depth, reverse=True)
    reasoning = (one.path for one in fields if one.meter == Meter.REASONING_TOKENS)
    return Reader(
        declared,
        top,
        {one.path: (one.meter, one.meter in INPUTS) for one in fields},
        {one.path: one.tool for one in fields if one.tool},
        canonical,
        tuple((one.path, one.inside) for one in inside),
        tuple(declared.totals.items()),
        next(reasoning, ""),
        tuple(_modalities(fields)),
    )


def _modalities(fields: Iterable[Field]) -> Iterator[tuple[frozenset[Meter], frozenset[str]]]:
    for meter, others in MODALITIES.items():
        paths = frozenset(one.path for one in fields if one.meter in others)
        if paths:
            yield frozenset({meter}), paths


def _rules(declared: Format) -> Iterator[tuple[str, Rule]]:
    for one in declared.fields:
        yield one.path, Again(one.same_as) if one.same_as else one.path
    for path in declared.totals:
        yield path, path
    for path in declared.unread:
        yield path, None
    for path, kind in declared.words.items():
        yield path, Word(kind)
    for path, known in declared.passes.items():
        yield path, Passes(known)


def _depth(one: Field) -> int:
    return len(one.inside)


def _walk(usage: Usage, level: Level, counts: dict[str, int], aside: Aside | None) -> Aside | None:
    """Put the numbers of a level into the counts; give what there is beside them."""
    keys = level.keys
    for key, value in usage.items():
        rule = keys.get(key, keys)
        if rule.__class__ is str:
            if value.__class__ is int and 0 <= value <= MOST:
                counts[rule] = value
            elif value is not None:
                _number(value, level.above + key)
        elif value.__class__ is dict and rule.__class__ is Level:
            aside = _walk(value, rule, counts, aside)
        elif rule is not None and value is not None:
            aside = aside or Aside()
            if rule is keys:
                _unknown(level, key, value, aside)
            else:
                _step(rule, level.above + key, value, counts, aside)
    return aside


def _step(rule: object, path: str, value: object, counts: dict[str, int], aside: Aside) -> None:
    """Go on where a key stands for something else than a number or an object of them."""
    if isinstance(rule, Level):
        _walk(_as_object(value, path), rule, counts, aside)
    elif isinstance(rule, Word):
        aside.words.append((rule.kind, _word(value, path)))
    elif isinstance(rule, Again):
        aside.again.append((rule.path, _number(value, path)))
    elif isinstance(rule, Passes):
        aside.unknown += _other_passes(rule, path, value)


def _unknown(level: Level, key: str, value: object, aside: Aside) -> None:
    """Keep what the format does not name: a count beside the known ones, or what is none."""
    if not value:
        return
    if level.is_sum and isinstance(value, int) and value.__class__ is int:
        aside.unknown.append((level.above + key, value))
    else:
        aside.breakdowns.append(level.above + key)


def _other_passes(rule: Passes, path: str, value: object) -> Iterator[tuple[str, int]]:
    """Give the tokens of passes that the numbers of the usage leave out."""
    for one in value if isinstance(value, list) else ():
        kind = one.get("type") if isinstance(one, Mapping) else None
        if kind != rule.known:
            numbers = [n for n in one.values() if n.__class__ is int] if kind else []
            yield f"{path} of {kind}", sum(numbers)


def _number(value: object, path: str) -> int:
    if isinstance(value, int) and value.__class__ is int and 0 <= value <= MOST:
        return value
    raise UsageError(_no_number(path, value))


def _word(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{path} is {value!r}; an API gives a word there")
    return value.lower().removeprefix(PREFIX)


def _agree(counts: dict[str, int], again: Iterable[tuple[str, int]]) -> None:
    for path, number in again:
        if counts.setdefault(path, number) != number:
            raise UsageError(f"{path} is {counts[path]} in one place and {number} in another")


def _as_object(value: object, path: str) -> Mapping[str, object]:
    """Give an object, or a list of named parts as one; what is named twice is summed."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list):
        parts: dict[str, object] = {}
        for name, number in (_part(item, path) for item in value):
            before = parts.get(name)
            parts[name] = number if before is None else _sum(before, number, f"{path}.{name}")
        return parts
    raise UsageError(f"{path} is {value!r}; an API gives an object or a list there")


def _sum(before: object, number: object, path: str) -> int:
    return _number(before, path) + _number(number, path)


def _part(item: object, path: str) -> tuple[str, object]:
    if isinstance(item, Mapping):
        for name, number in LISTED:
            if name in item and number in item:
                return str(item[name]), item[number]
    raise UsageError(f"{path} holds {item!r}; an API gives a modality and its tokenCount there")


def _no_number(path: str, value: object) -> str:
    if value.__class__ is int:
        return f"{path} is {value}; a usage counts from 0 to {MOST}"
    return f"{path} is {value!r}; a usage counts in whole numbers"


def _take_out(counts: dict[str, int], part: str, wholes: Iterable[str]) -> None:
    number = counts[part]
    for whole in wholes:
        if whole in counts:
            left = counts[whole] - number
            if left < 0:
                raise UsageError(
                    f"{part} is {-left} more than what is left of {whole}, which it is a part of"
                )
            counts[whole] = left


def _words(words: Iterable[tuple[str, str]]) -> tuple[str, str]:
    said = {"tier": "", "region": ""}
    for kind, word in words:
        if word not in USUAL and word != said[kind]:
            said[kind] = f"{said[kind]} and {word}" if said[kind] else word
    return said["tier"], said["region"]


def _warnings(off: str, aside: Aside | None) -> tuple[str, ...]:
    told = [off] if off else []
    if aside:
        told += [f"{name} is no known field; it changes no sum" for name in aside.breakdowns]
    return tuple(told)
