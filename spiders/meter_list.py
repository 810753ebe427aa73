"""JSON lists of billing meters: each record is one price, and words in it say what it is for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.reading import NotRead, PricePoint
from spiders.columns import Ignored
from spiders.exact_json import Json, number
from spiders.page import Page, changed
from spiders.quotes import Quote
from spiders.reader import Found
from spiders.records import Record, records
from spiders.terms import Terms, meanings, point

_START = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
_END = r"(?:(?![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
_PRICED = re.compile(r"pric|cost", re.IGNORECASE)
_MOST_UNREAD = 20
"""One price in so many may be worded in a way that nobody knows; else the list has changed."""


@dataclass(frozen=True)
class MeterList:
    """How one list of billing meters is read."""

    records: str
    """The path of the records, as in a PriceList."""
    amount: str
    """The path of a record's one price."""
    terms: Callable[[Record], Terms | Ignored | None]
    """What a record says of its price; None where its words are not understood."""
    quoted: Sequence[str]
    """The paths of the fields that the evidence quotes."""
    ignored: Mapping[str, str] = field(default_factory=dict)
    """Further fields of the record whose names speak of prices, and why they are none."""
    data: Callable[[Page], Json] = lambda page: page.data

    def read(self, page: Page) -> Found:
        """Read every meter; refuses a list of which more than a few are not understood."""
        points: list[PricePoint] = []
        unread: list[str] = []
        every = [(record, self._terms(record)) for record in records(self.data(page), self.records)]
        for record, terms in every:
            if isinstance(terms, Ignored):
                continue
            meant = _meant(terms)
            unread += [] if meant else [self._evidence(record)]
            points.extend(self._points(record, meant))
        if len(unread) * _MOST_UNREAD > len(unread) + len(points):
            raise changed(
                f"{len(unread)} meters of {len(unread) + len(points)} are worded in a way that is"
                f" not known: {'; '.join(dict.fromkeys(unread))[:400]}. Declare the words"
            )
        return Found(points=tuple(points))

    def _terms(self, record: Record) -> Terms | Ignored | None:
        unknown = [name for name in record.value if _PRICED.search(name)]
        unknown = [n for n in unknown if n not in self.ignored and not self.amount.startswith(n)]
        if unknown:
            raise changed(f"{record.locator} has the fields {unknown}, which no rule names")
        return self.terms(record)

    def _points(self, record: Record, meant: Sequence[Terms]) -> Iterator[PricePoint]:
        place = f"{record.locator}.{self.amount}"
        for terms in meant:
            printed, measure = number(record.at(self.amount), place), terms.measure
            if measure is None:
                raise changed(f"{place}: no rule says what {printed} is per")
            quote = Quote(measure.normalised(printed), terms.currency, measure.unit)
            yield point(terms, quote, evidence=self._evidence(record), locator=place)

    def _evidence(self, record: Record) -> str:
        return " | ".join(record.text(path) for path in (*self.quoted, self.amount))


def _meant(terms: Terms | None) -> Sequence[Terms]:
    """Give the terms by meter; none where no meter counts what they say."""
    if terms is None or not terms.model:
        return ()
    try:
        return tuple(meanings(terms, (), terms.measure.unit if terms.measure else None))
    except NotRead:
        return ()


@dataclass(frozen=True)
class Worded:
    """What the words of a meter's name come to."""

    name: str
    """What is left before the first word that was taken out: the model, as printed."""
    after: str
    """What is left behind it."""
    terms: Terms


def take_words(
    name: str, says: Mapping[str, Terms], loose: Mapping[str, Terms] | None = None
) -> Worded:
    """Take the words out of a meter's name that say something of its price.

    Words are patterns, in any case, and may be run together in camel case ("BatchOutp"). Loose ones
    ("audio") may be part of the model's name, too: they are taken out only next to others, and
    where none is, the last one counts and stays. The first word of a name is always the model's.
    """
    every = {**says, **(loose or {})}
    taken: list[str] = []
    left: list[str] = []
    end = 0
    for run in re.finditer(rf"(?:[ -]*{_pattern(every)})+", name):
        words = _words(run.group(), every)
        if run.start() and any(word in says for word in words):
            left.append(name[end : run.start()])
            end = run.end()
            taken += words
    left.append(name[end:])
    if loose and not any(word in loose for word in taken):
        taken += _words(re.sub(r"^[A-Za-z]+", "", left[0]), loose)[-1:]
    return Worded(left[0].strip(" -"), _joined(left[1:]), _all_of(every[word] for word in taken))


def words_in(text: str) -> frozenset[str]:
    """Give the words of a text that is made of them, in lower case: "USE1-NovaLite-batch"."""
    return frozenset(re.findall(r"[a-z0-9]+", text.lower()))


def _joined(parts: Sequence[str]) -> str:
    return " ".join(part.strip(" -") for part in parts if part.strip(" -"))


def _all_of(said: Iterable[Terms]) -> Terms:
    terms = Terms()
    for nearer in said:
        terms = terms.under(nearer)
    return terms


def _words(text: str, known: Mapping[str, Terms]) -> list[str]:
    """Find the words in a text, by the patterns that know them."""
    return [
        next(p for p in known if re.fullmatch(p, word, re.IGNORECASE))
        for word in re.findall(_pattern(known), text)
    ]


def _pattern(words: Mapping[str, Terms]) -> str:
    return rf"{_START}(?i:{'|'.join(words)}){_END}"
