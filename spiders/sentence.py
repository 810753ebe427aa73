"""Prices, multipliers and facts that a page states only in prose, read by declared sentences."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field
from decimal import Decimal

from catalog.reading import Adjustment, Fact, PricePoint, fold
from spiders.grid import Prose
from spiders.ledger import amounts
from spiders.measures import QuoteError
from spiders.names import listed_names
from spiders.page import Page, changed
from spiders.quotes import Setting, read_quotes
from spiders.reader import Claim, Found, together
from spiders.terms import Terms, meters_for, point


@dataclass(frozen=True)
class Sentence:
    """One price that prose states: "$10 per 1,000 searches".

    Where its section no longer states any amount, and the sentence stands nowhere else, the page
    just doesn't state the price.
    """

    pattern: str
    """With a group ``price``, which the quote grammar reads."""
    terms: Terms
    _: KW_ONLY
    section: str | None = None
    after: str | None = None
    """A pattern of one of the three paragraphs before it, whole: whose price it is."""
    titled: bool = False
    """Whether the innermost heading above it is the model's name, as on a card."""
    expect: int | range = 1
    """How many paragraphs say it."""

    def read(self, page: Page) -> Found:
        """Read every such sentence."""
        if self._is_unstated(page):
            return Found()
        return together(
            Found(
                points=tuple(self._points(said, block)),
                claims=tuple(_claims(said["price"], block)),
            )
            for block, said in _said(page, self)
        )

    def _is_unstated(self, page: Page) -> bool:
        if self.section is None or re.search(self.pattern, page.words, re.IGNORECASE):
            return False
        section = self.section
        own = (b for b in page.blocks if any(_whole(section, heading) for heading in b.headings))
        return not any(amount for block in own for amount in amounts(block))

    def _points(self, said: re.Match[str], block: Prose) -> Iterator[PricePoint]:
        setting = Setting(self.terms.currency, self.terms.measure)
        try:
            quotes = read_quotes(said["price"], setting)
        except QuoteError as problem:
            raise changed(f"{block.locator}: {problem}") from None
        for quote in quotes:
            for meter in meters_for(self.terms.meter, quote.words):
                terms = self.terms.under(Terms(meter, model=self._title(block)))
                evidence = said.group() if self.titled else f"prose only: {said.group()}"
                yield point(terms, quote, evidence=evidence, locator=block.locator)

    def _title(self, block: Prose) -> str | None:
        return block.headings[-1] if self.titled and block.headings else None


@dataclass(frozen=True)
class Multiplier:
    """A factor that prose states for some prices: kept beside them, never multiplied in."""

    name: str
    pattern: str
    """With groups ``factor`` (a number, or per cent more where it ends in %) and ``scope``.

    A group ``share`` takes the place of ``factor`` where per cent of the price are meant: "50%".
    """
    _: KW_ONLY
    section: str | None = None
    expect: int | range = field(default_factory=lambda: range(2))

    def read(self, page: Page) -> Found:
        """Read every such sentence."""
        said = _said(page, self)
        return Found(adjustments=tuple(self._adjustment(found) for _, found in said))

    def _adjustment(self, found: re.Match[str]) -> Adjustment:
        return Adjustment(
            name=self.name,
            factor=_share(found) or _factor(found["factor"]),
            scope=found["scope"],
            evidence=found.group(),
        )


@dataclass(frozen=True)
class Repeats:
    """Prose that says amounts of the page's tables again; any other amount in it is left over."""

    pattern: str
    """Found in the paragraph."""
    _: KW_ONLY
    section: str | None = None

    def read(self, page: Page) -> Found:
        """Account for the amounts that a table of the page states, too."""
        tabled = {amount.number for table in page.grids for amount in amounts(table)}
        said = (amount for block, _ in _matched(page, self) for amount in amounts(block))
        again = (amount for amount in said if amount.number in tabled)
        return Found(claims=tuple(Claim(amount.locator, amount.number) for amount in again))


@dataclass(frozen=True)
class Told:
    """A fact that prose tells of the models it names; prose that doesn't tell it is no change."""

    name: str
    """retired_on, knowledge_cutoff …"""
    pattern: str
    """With groups ``models`` and ``value``; it may span paragraphs, which are lines."""
    _: KW_ONLY
    worded: Callable[[str], str] = fold
    """From the page's words to the fact's value; an empty value states nothing."""

    def read(self, page: Page) -> Found:
        """Read each time that the prose tells it."""
        told = re.finditer(self.pattern, page.words)
        return Found(facts=tuple(fact for found in told for fact in self._facts(found)))

    def _facts(self, found: re.Match[str]) -> Iterator[Fact]:
        value = self.worded(found["value"])
        for model in listed_names(found["models"]) if value else ():
            yield Fact(model=model, name=self.name, value=value, evidence=found.group())


def _share(found: re.Match[str]) -> Decimal | None:
    share = found.groupdict().get("share")
    return Decimal(share.rstrip("%")) / 100 if share else None


def _factor(text: str) -> Decimal:
    if text.endswith("%"):
        return 1 + Decimal(text.rstrip("%")) / 100
    return Decimal(text.rstrip("x×"))


def _said(page: Page, rule: Sentence | Multiplier) -> list[tuple[Prose, re.Match[str]]]:
    """Find the paragraphs that a rule reads; their number must be as it expects."""
    said = _matched(page, rule)
    one = range(rule.expect, rule.expect + 1) if isinstance(rule.expect, int) else rule.expect
    if len(said) not in one:
        raise changed(f"{len(said)} paragraphs match {rule.pattern!r}; {rule.expect} expected")
    return said


def _matched(
    page: Page, rule: Sentence | Multiplier | Repeats
) -> list[tuple[Prose, re.Match[str]]]:
    return [
        (block, found)
        for i, block in enumerate(page.prose)
        if _is_there(rule, block, page.prose[max(i - 3, 0) : i])
        and (found := re.search(rule.pattern, block.text, re.IGNORECASE))
    ]


def _is_there(rule: Sentence | Multiplier | Repeats, block: Prose, before: Sequence[Prose]) -> bool:
    section, after = rule.section, getattr(rule, "after", None)
    under = section is None or any(_whole(section, heading) for heading in block.headings)
    return under and (after is None or any(_whole(after, said.text) for said in before))


def _whole(pattern: str, text: str) -> bool:
    return bool(re.fullmatch(pattern, text, re.IGNORECASE))


def _claims(price: str, block: Prose) -> Iterator[Claim]:
    for number in re.findall(r"\d[\d,]*(?:\.\d+)?|\.\d+", price):
        yield Claim(block.locator, number)
