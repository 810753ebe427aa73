"""The roles that a table's columns have, and how column headings are matched and read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TypeAlias

from catalog.reading import fold
from catalog.vocabulary import Meter
from spiders.bounds import read_bound
from spiders.measures import Measure, QuoteError, read_currency, read_measure
from spiders.names import Names, read_names
from spiders.page import changed
from spiders.terms import UNSAID, Terms


@dataclass(frozen=True)
class Ignored:
    """A column, row or section that is no price of a model, and why."""

    reason: str


Says: TypeAlias = "Mapping[str, Terms | Ignored]"
"""Patterns of whole texts, the first that fits, and what a text says of the prices it is for."""


@dataclass(frozen=True)
class Price(Terms):
    """A column of prices, and what all its cells are the price of."""

    _: KW_ONLY
    meters: tuple[Meter, ...] = ()
    """For cells that list several prices by position: "$3.00 / $0.30 / $15.00".

    Where a row, or a group of rows, names its one meter, it is that.
    """
    words: Mapping[str, Terms] = field(default_factory=dict)
    """Further words its cells may hold (patterns), and what they say of their price."""
    thousands: bool = False
    """Whether "1,250" in it is an amount, and not perhaps 1.25 with a decimal comma."""
    absent: tuple[str, ...] = ()
    """Patterns of whole cells that state no price in words of the page's own."""
    long: bool = False
    """Whether it is for long prompts: those that the row's model cell bounds, or label ``long``."""
    only_free: bool = False
    """Whether its cells may say no more than "free": no text says what an amount would be per."""
    optional: bool = False
    """Whether the column may be missing."""

    @cached_property
    def own_words(self) -> Mapping[str, str]:
        """Give its words to the grammar, each as a word of its own."""
        return {pattern: pattern for pattern in self.words}

    @cached_property
    def own_measures(self) -> Mapping[str, Measure]:
        """Give those of its words that also say what their price is per."""
        return {word: said.measure for word, said in self.words.items() if said.measure}


@dataclass(frozen=True)
class Model:
    """The column that names the model."""

    _: KW_ONLY
    read: Callable[[str], Names] = read_names
    carried: bool = False
    """An empty cell means the model of the row above."""
    notes: Says = field(default_factory=dict)
    """Further lines in the cell; others are refused."""
    says: Says = field(default_factory=dict)
    """What a name says of its row's prices: that a "Web Search" is a search."""
    optional: bool = False
    """Whether the column may be missing, the model then being named above the table."""


@dataclass(frozen=True)
class Choice:
    """A column whose words say something of the row's prices; unknown words are refused."""

    says: Says
    _: KW_ONLY
    of: str | None = None
    """A pattern of the only column of prices that it says something of; none is all."""
    apart: bool = False
    """Text is a modality apart where another row prices another one of its model alike."""
    quoted: bool = False
    """Whether its words belong to the evidence of the row's prices."""
    carried: bool = False
    """An empty cell means the word of the row above."""
    optional: bool = False


@dataclass(frozen=True)
class Context:
    """A column of prompt lengths: "(32K, 128K]"."""

    _: KW_ONLY
    thousands: bool = False
    """Whether bare numbers count thousands of tokens."""
    carried: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Condition:
    """A column whose words a function of the source reads; None refuses them."""

    read: Callable[[str], Terms | None]
    _: KW_ONLY
    carried: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Per:
    """A column that says what the row's prices are per: "1M tokens"."""


@dataclass(frozen=True)
class States:
    """A column that states a fact of the model."""

    name: str
    """context_tokens, max_output_tokens, released_on …"""
    worded: Callable[[str], str] = fold
    """From the cell's words to the fact's value; an empty value states nothing."""


Role: TypeAlias = "Price | Model | Choice | Context | Condition | Per | States | Ignored"

_USUAL: Mapping[str, Role] = {
    "Model": Model(),
    "Input": Price(Meter.INPUT_TOKENS),
    "Cached input": Price(Meter.CACHE_READ_TOKENS),
    "Output": Price(Meter.OUTPUT_TOKENS),
    "Price": Price(),
}


def columns(*headings: str, pattern: str = "{}") -> dict[str, Role]:
    """Map columns with usual headings, in any case; KeyError where one is not usual.

    ``{}`` in the pattern stands for the heading: "{} price".
    """
    return {pattern.format(heading): _USUAL[heading.capitalize()] for heading in headings}


_PLACEHOLDERS = {
    "{unit}": r"(?P<unit>.+?)",
    "{currency}": r"(?P<currency>US\$|\$|¥|￥|€|USD|CNY|RMB|EUR|美元|元|人民币)",
    "{context}": r"(?P<context>.+?)",
    "{region}": r"(?P<region>[a-z]{2,}(?:-[a-z]+-?\d+)?)",
    "{variant}": r"(?P<variant>.+?)",
    "{window}": r"(?P<window>\d\d:\d\d ?- ?\d\d:\d\d|off-peak|peak|(?:非高峰|空闲|高峰)(?:时段)?)",
}
"""What a text may itself state of its prices; each is read by its own grammar."""
_WINDOWS = {
    "peak": "peak",
    "off-peak": "off-peak",
    "高峰": "peak",
    "非高峰": "off-peak",
    "空闲": "off-peak",
}
_MARKS = re.compile(r"(?:\s*(?:\[\d+\]|\^[^\s^]*\^|[*†‡§⁰¹²³⁴-⁹①-⑳]))+$")


def is_needed(role: Role) -> bool:
    """Tell whether a table without such a column isn't the one that is declared."""
    return not isinstance(role, Ignored | States) and not getattr(role, "optional", False)


@lru_cache(maxsize=1 << 13)
def matches(pattern: str, text: str) -> re.Match[str] | None:
    """Match a whole text, white space folded and footnote marks gone, in any case."""
    return whole_pattern(pattern).fullmatch(_MARKS.sub("", fold(text)))


@cache
def whole_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a declared pattern with its placeholders."""
    for placeholder, group in _PLACEHOLDERS.items():
        pattern = pattern.replace(placeholder, group)
    return re.compile(pattern, re.IGNORECASE)


def stated(found: re.Match[str]) -> Terms:
    """Read what the placeholders of a pattern caught; raises NotRead where they can't be read."""
    caught = found.groupdict()
    if not any(caught.values()):
        return UNSAID
    try:
        return Terms(
            unit=read_measure(caught["unit"]) if caught.get("unit") else None,
            currency=read_currency(caught["currency"]) if caught.get("currency") else None,
            context_over=_context(caught.get("context")),
            window=_window(caught.get("window")),
            region=caught["region"].lower() if caught.get("region") else None,
            variant=caught["variant"].lower() if caught.get("variant") else None,
        )
    except QuoteError as problem:
        raise changed(f"{found.group()!r}: {problem}") from None


def choose(says: Says, text: str, what: str) -> Terms | Ignored:
    """Find what a text says by the first pattern that fits; raises NotRead where none does."""
    for pattern, said in says.items():
        if found := matches(pattern, text):
            return said if isinstance(said, Ignored) else stated(found).under(said)
    raise changed(f"{what} {text!r} is neither mapped nor ignored; look at the page and declare it")


def _context(words: str | None) -> int | None:
    over = read_bound(words) if words else None
    if words and over is None:
        raise changed(f"{words!r} is no prompt length")
    return over


def _window(words: str | None) -> str | None:
    """Give the hours, or the page's "peak", in the words of price points."""
    if not words:
        return None
    return _WINDOWS.get(words.casefold().removesuffix("时段")) or f"{words.replace(' ', '')} UTC"
