"""The ledger: every amount in the part of a page that is read is claimed or ignored by name."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog.reading import NotRead, fold
from catalog.vocabulary import Outcome
from spiders.grid import Block, Grid, Prose
from spiders.reader import EVERYTHING, Claim

_SIGNED = (
    r"(?:US\$|CN¥|\$|¥|￥|€|£|₩)\s*(?P<a>\d+(?:,\d+)*(?:\.\d+)?|\.\d+)"
    r"|(?P<b>\d+(?:,\d+)*(?:\.\d+)?)\s*(?:USD|CNY|RMB|EUR|美元|元|人民币|cents?(?![a-z]))"
)
_AMOUNT = re.compile(_SIGNED, re.IGNORECASE)
_NUMBER = r"\d+(?:,\d+)*(?:\.\d+)?"
_PRICED_AMOUNT = re.compile(rf"{_SIGNED}|(?<![\w.])(?P<c>{_NUMBER})(?![\w%])", re.IGNORECASE)
_PRICED = re.compile(
    r"\b(?:price|pricing|cost|rate)s?\b(?! limit)|价格|单价|计费|费用|[$¥￥元]", re.IGNORECASE
)
_METERED = re.compile(r"(?:base |cached |batch )?(?:input|output)s?|输入|输出", re.IGNORECASE)
"""Headings that name a price where the cell is a number alone: other cells count tokens."""


@dataclass(frozen=True)
class Unread:
    """A part of a page whose amounts are no prices of models, and why."""

    reason: str
    section: str | None = None
    """A pattern of one of the headings above it, whole; none is any."""
    text: str | None = None
    """A pattern found in the paragraph, or in the table's column headings; none is any."""

    def holds_for(self, block: Block) -> bool:
        """Tell whether this rule accounts for the amounts of a block."""
        return self._is_under(block) and self._says(block)

    def _is_under(self, block: Block) -> bool:
        if self.section is None:
            return True
        return any(_is_whole(self.section, heading) for heading in block.headings)

    def _says(self, block: Block) -> bool:
        words = " | ".join(block.columns) if isinstance(block, Grid) else block.text
        return self.text is None or bool(re.search(self.text, words, re.IGNORECASE))


@lru_cache(maxsize=1 << 12)
def _is_whole(pattern: str, heading: str) -> bool:
    return bool(re.fullmatch(pattern, heading, re.IGNORECASE))


@dataclass(frozen=True)
class Amount:
    """An amount on the page, and where."""

    locator: str
    number: str
    context: str


@dataclass(frozen=True)
class Entry:
    """An amount as the ledger accounts for it: claimed, ignored by a rule, or neither."""

    amount: Amount
    block: Block
    rule: Unread | None
    is_claimed: bool


def entries(
    blocks: Sequence[Block], claims: Sequence[Claim], rules: Sequence[Unread]
) -> Iterator[Entry]:
    """Account for every amount, in the page's order."""
    claimed = _by_locator(claims)
    read = _headings_of(blocks, claimed)
    for block in blocks:
        rule = _rule(block, rules, read)
        left = Counter(_unclaimed(block, claimed.get(block.locator, Counter())))
        for amount in amounts(block):
            left[amount] -= 1
            yield Entry(amount, block, rule, is_claimed=left[amount] < 0)


def balance(blocks: Sequence[Block], claims: Sequence[Claim], rules: Sequence[Unread]) -> None:
    """Raise NotRead(unclaimed_prices) naming the amounts that nothing reads or ignores."""
    claimed = _by_locator(claims)
    read = _headings_of(blocks, claimed)
    left = [
        amount
        for block in blocks
        if _rule(block, rules, read) is None
        for amount in _unclaimed(block, claimed.get(block.locator, Counter()))
    ]
    if left:
        seen = "; ".join(f"{a.number} in {a.context!r} ({a.locator})" for a in left[:8])
        more = f" and {len(left) - 8} more" if len(left) > 8 else ""  # noqa: PLR2004 as many as are listed
        raise NotRead(
            Outcome.UNCLAIMED_PRICES,
            f"{len(left)} amounts are neither read nor ignored: {seen}{more}. Declare a table "
            "that reads them, or a rule that says why they are no prices of models",
        )


ASIDE = Unread("running text under a heading under which nothing is read")


def _rule(block: Block, rules: Sequence[Unread], read: frozenset[str]) -> Unread | None:
    """Find the rule that accounts for a block's amounts; tables have none but declared ones."""
    declared = next((rule for rule in rules if rule.holds_for(block)), None)
    return declared or (ASIDE if isinstance(block, Prose) and _is_aside(block, read) else None)


def _headings_of(blocks: Sequence[Block], claimed: Mapping[str, Counter[str]]) -> frozenset[str]:
    """Give all headings above what is read."""
    return frozenset(h for block in blocks if block.locator in claimed for h in block.headings)


_WORDS_PER_AMOUNT = 7
_WORD = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff\uac00-\ud7af]")
_SUM = re.compile(r"\d\s*[=≈×]|[=≈×]\s*[$¥€]?\d")


def _is_aside(block: Prose, read: frozenset[str]) -> bool:
    """Tell sentences and sums under a heading of their own from prices set out without a table."""
    if not block.headings or block.headings[-1] in read:
        return False
    stated = max(len(list(amounts(block))), 1)
    words = len(_WORD.findall(_AMOUNT.sub(" ", block.text)))
    return words >= _WORDS_PER_AMOUNT * stated or bool(_SUM.search(block.text))


def amounts(block: Block) -> Iterator[Amount]:
    """Give the amounts of a block: those of a currency, and numbers under a heading of prices."""
    if not isinstance(block, Grid):
        yield from _in_text(block.text, block.locator, _AMOUNT)
        return
    for row in block.rows:
        for heading, cell in zip(block.columns, row, strict=True):
            pattern = _PRICED_AMOUNT if _names_a_price(heading, cell.text) else _AMOUNT
            yield from _in_text(cell.text, block.locator, pattern)


def _names_a_price(heading: str, text: str) -> bool:
    if _PRICED.search(heading):
        return True
    return bool(_METERED.fullmatch(heading)) and bool(re.fullmatch(_NUMBER, text))


def _in_text(text: str, locator: str, pattern: re.Pattern[str]) -> Iterator[Amount]:
    for found in pattern.finditer(text):
        number = next(group for group in found.groups() if group)
        start = max(found.start() - 40, 0)
        yield Amount(locator, number, fold(text[start : found.end() + 30]))


def _by_locator(claims: Sequence[Claim]) -> Mapping[str, Counter[str]]:
    claimed: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in claims:
        claimed[claim.locator][claim.number] += 1
    return claimed


def _unclaimed(block: Block, claimed: Counter[str]) -> Iterator[Amount]:
    """Give the amounts that are left when each claim has taken one."""
    if EVERYTHING in claimed:
        return
    left = claimed.copy()
    for amount in amounts(block):
        left[amount.number] -= 1
        if left[amount.number] < 0:
            yield amount
