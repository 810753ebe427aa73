"""The grammar of quoted prices: a cell's words to exact quotes, or a refusal; never a guess.

A cell is nothing ("-"), free, "contact sales", or a list of quotes. A quote is an amount of money
and, in any order, what it is per (``/ 1M tokens``), its prompt length (``prompts > 200k``), its
dates (``through December 31, 2026``) and words that say what it is for (``(text / image)``). Words
come from a closed list, to which a table adds its own. Anything else raises QuoteError.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise
from typing import TypeVar

from catalog.reading import fold
from catalog.vocabulary import Unit
from spiders.bounds import match_bound
from spiders.dates import match_dates
from spiders.measures import (
    PER,
    Measure,
    QuoteError,
    exactly,
    match_measure,
    plain_signs,
    read_currency,
)


class Absence(StrEnum):
    """Why a cell states no amount."""

    NONE = "none"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Quote:
    """One price, normalised to its unit."""

    amount: Decimal
    """Per unit, where one is known; else as written."""
    currency: str | None = None
    unit: Unit | None = None
    list_amount: Decimal | None = None
    """The struck price beside it, normalised alike."""
    context_over: int | None = None
    """Holds for prompts longer than this; 0 where only an upper bound is stated."""
    valid_from: date | None = None
    valid_to: date | None = None
    """Exclusive."""
    words: frozenset[str] = frozenset()
    """What it is for, in the grammar's own words: {"text", "image"}."""
    written: str = ""
    """The number's characters on the page: the ledger's claim."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cell's column states already, and the words that the cell may hold."""

    currency: str | None = None
    measure: Measure | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """Patterns of further words -> the grammar's word; an empty word is read over."""
    measures: Mapping[str, Measure] = field(default_factory=dict)
    """Such words that also say what their amount is per: "per 4K image"."""
    thousands: bool = False
    """Whether "1,250" may be an amount; otherwise it is refused: it may be a decimal comma."""


_SIGN = r"US\$|CN¥|\$|¥|€|£|₩|(?:USD|CNY|RMB|EUR|GBP|KRW)(?![a-z])|人民币"
_MONEY = re.compile(
    rf"(?:(?P<before>{_SIGN})\s*)?"
    r"(?P<number>[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?![\d%×万千百亿]|[,.]\d|[kmbx](?![a-z])|[mb]illion)"
    rf"(?:\s*(?P<after>美元|元|(?:{_SIGN})(?!\s*[\d.])))?",
    re.IGNORECASE,
)
_WORDS: Mapping[str, str] = {
    r"texts?|文本": "text",
    r"images?|图片|图像": "image",
    r"videos?|视频": "video",
    r"audio|音频": "audio",
    r"input|输入": "input",
    r"output|输出": "output",
    r"cached input|cached|cache hits?": "cached",
    r"storage price|storage": "storage",
}
_DIRECTIONS = frozenset({"input", "output", "cached"})
_FILLER = re.compile(r"\s+|(?:and|or|for)(?![a-z])|[,;、|+:\[\]/]|\.(?!\d)", re.IGNORECASE)
_NONE = re.compile(
    r"|[-–—−/]+|n/?a|not (?:available|applicable|supported|offered)(?: \([a-z ]+\))?|none|null"
    r"|无|暂无|暂?不支持|不适用",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?:limited[- ]time )?free(?: of charge)?|no (?:additional )?charge|(?:限时)?免费|限免",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"contact ?(?:sales|us|our team|for pricing)|talk to sales|custom(?: pricing)?"
    r"|联系(?:销售|我们|商务)",
    re.IGNORECASE,
)
# A regular price and its discount, of which the price in force is computed: 原价12元 限时5折 is 6.
_REGULAR = re.compile(r"原价[:：]?\s*")
_DISCOUNT = re.compile(r"(?:限时)?\s*(?P<tenths>\d(?:\.\d+)?)\s*折")


def absence(text: str) -> Absence | None:
    """Tell whether a cell states that there is no amount, and which way; free is an amount."""
    words = plain_signs(fold(text)).strip()
    if _NONE.fullmatch(words):
        return Absence.NONE
    return Absence.CONTACT if _CONTACT.fullmatch(words) else None


def read_quotes(
    text: str, setting: Setting | None = None, *, struck: str = ""
) -> tuple[Quote, ...]:
    """Read all quotes of a cell, in its order; none where it states that there is none.

    ``struck`` are the crossed-out words beside it: as many amounts as quotes. Raises QuoteError
    where a word, an amount, a currency or a unit isn't understood. A number without a currency
    is money only where the setting states one.
    """
    said = setting or Setting()
    words, measures = tuple(said.words.items()), tuple(said.measures.items())
    return _read_once(text, struck, said.currency, said.measure, words, measures, said.thousands)


@lru_cache(maxsize=1 << 13)
def _read_once(  # noqa: PLR0913, PLR0917 all that a cell is read by, hashable
    text: str,
    struck: str,
    currency: str | None,
    measure: Measure | None,
    words: tuple[tuple[str, str], ...],
    measures: tuple[tuple[str, Measure], ...],
    thousands: bool,  # noqa: FBT001 by its place in the key
) -> tuple[Quote, ...]:
    """Read a cell once: big pages repeat the same few ones."""
    setting = Setting(currency, measure, dict(words), dict(measures), thousands)
    return _read(text, setting, struck)


def _read(text: str, setting: Setting, struck: str) -> tuple[Quote, ...]:
    if absence(text):
        return ()
    if _FREE.fullmatch(plain_signs(fold(text)).strip()):
        unit = setting.measure.unit if setting.measure else None
        return (Quote(Decimal(0), setting.currency, unit),)
    groups = _groups(_tokens(plain_signs(text), setting))
    quotes = tuple(_discounted(_quote(group, setting), group) for group in groups)
    return _with_list_amounts(quotes, struck, setting) if struck else quotes


class _Kind(StrEnum):
    """What one understood piece of a cell is."""

    MONEY = "money"
    PER = "per"
    BOUND = "bound"
    DATES = "dates"
    WORD = "word"
    REGULAR = "regular"
    DISCOUNT = "discount"
    OR = "or"


@dataclass(frozen=True, slots=True)
class _Token:
    """One understood piece of a cell, and where it ends."""

    kind: _Kind
    end: int
    says: Quote
    """Only what this piece says is set."""
    measure: Measure | None = None
    factor: Decimal | None = None
    signed: bool = True
    """Whether the amount itself has a currency."""
    bracketed: bool = False


_NOTHING = Quote(Decimal(0))


def _tokens(text: str, setting: Setting) -> list[_Token]:
    """Cut a cell into understood pieces; raises QuoteError at the first other one."""
    found: list[_Token] = []
    position, depth = 0, 0
    while position < len(text):
        apart = depth > 0 and not text[position - 1].isdigit()
        after_money = bool(found) and found[-1].kind is _Kind.MONEY and not apart
        token = _token(text, position, setting, after_money=after_money)
        if token:
            found.append(replace(token, bracketed=depth > 0))
            position = token.end
        elif text[position] in "()":
            depth += 1 if text[position] == "(" else -1
            position += 1
        elif filler := _FILLER.match(text, position):
            position = filler.end()
            if filler.group().lower() == "or":
                found.append(_Token(_Kind.OR, position, _NOTHING))
        else:
            raise QuoteError(f"{text[position:][:40]!r} in {text[:80]!r} is not understood")
    return [token for token in found if token.says.words != frozenset({""})]


def _token(text: str, position: int, setting: Setting, *, after_money: bool) -> _Token | None:
    return (
        _word(text, position, setting.words, setting.measures)
        or _bound_token(text, position)
        or _dates_token(text, position)
        or _per_token(text, position, setting, after_money=after_money)
        or _discount_token(text, position)
        or _money_token(text, position, setting)
        or _word(text, position, _WORDS, {})
    )


def _word(
    text: str, position: int, words: Mapping[str, str], measures: Mapping[str, Measure]
) -> _Token | None:
    if position and text[position - 1].isascii() and text[position - 1].isalpha():
        return None
    for pattern, word in words.items():
        if found := _compiled(pattern).match(text, position):
            return _Token(_Kind.WORD, found.end(), _saying(word), measures.get(word))
    return None


@cache
def _saying(word: str) -> Quote:
    return replace(_NOTHING, words=frozenset({word}))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?![a-z])", re.IGNORECASE)


def _bound_token(text: str, position: int) -> _Token | None:
    bound = match_bound(text, position)
    if not bound:
        return None
    return _Token(_Kind.BOUND, bound.end, replace(_NOTHING, context_over=bound.over))


def _dates_token(text: str, position: int) -> _Token | None:
    dates = match_dates(text, position)
    if not dates:
        return None
    says = replace(_NOTHING, valid_from=dates.valid_from, valid_to=dates.valid_to)
    return _Token(_Kind.DATES, dates.end, says)


def _discount_token(text: str, position: int) -> _Token | None:
    if regular := _REGULAR.match(text, position):
        return _Token(_Kind.REGULAR, regular.end(), _NOTHING)
    discount = _DISCOUNT.match(text, position)
    if not discount:
        return None
    factor = Decimal(discount["tenths"]) / 10
    return _Token(_Kind.DISCOUNT, discount.end(), _NOTHING, factor=factor)


def _per_token(text: str, position: int, setting: Setting, *, after_money: bool) -> _Token | None:
    """Read "/ 1M tokens"; a slash is "per" only right after an amount, else it lists words."""
    per = PER.match(text, position)
    if not per or (per.group().startswith("/") and not after_money):
        return None
    measured = match_measure(text, per.end(), setting.measure)
    if not measured:
        return None
    measure, end, word = measured
    says = replace(_NOTHING, words=frozenset({word} if word else ()))
    return _Token(_Kind.PER, end, says, measure)


def _money_token(text: str, position: int, setting: Setting) -> _Token | None:
    money = _MONEY.match(text, position)
    if not money:
        return None
    signs = {read_currency(sign) for sign in (money["before"], money["after"]) if sign}
    currency = signs.pop() if len(signs) == 1 else setting.currency
    if signs or currency is None:
        raise QuoteError(f"{money.group()!r} in {text[:80]!r} names no one currency")
    if setting.currency not in (None, currency):
        raise QuoteError(f"{money.group()!r} stands where prices are in {setting.currency}")
    number = money["number"]
    if re.fullmatch(r"\d+,\d{3}", number) and not setting.thousands:
        raise QuoteError(f"{number!r} may be thousands or a decimal comma; declare thousands=True")
    amount = Decimal(number.replace(",", ""))
    says = replace(_NOTHING, amount=amount, currency=currency, written=number)
    signed = bool(money["before"] or money["after"])
    return _Token(_Kind.MONEY, money.end(), says, signed=signed)


def _groups(tokens: list[_Token]) -> list[list[_Token]]:
    """Give each amount with the pieces that belong to it.

    Pieces follow their amount, but where the cell begins with a piece ("Input: $5, Output: $25")
    pieces of that kind outside brackets lead theirs.
    """
    amounts = [i for i, token in enumerate(tokens) if token.kind is _Kind.MONEY]
    if len({tokens[i].signed for i in amounts}) > 1:
        raise QuoteError("some amounts have a currency and some have none")
    if not amounts:
        raise QuoteError("no amount is stated beside the words")
    leading = {token.kind for token in tokens[: amounts[0]]}
    groups: list[list[_Token]] = [[] for _ in amounts]
    seen = -1
    for token in tokens:
        seen += token.kind is _Kind.MONEY
        leads = token.kind in leading and not token.bracketed and seen + 1 < len(amounts)
        groups[max(seen, 0) if not leads else seen + 1].append(token)
    return _sharing(_carried(groups) if _Kind.WORD in leading else groups)


def _carried(groups: list[list[_Token]]) -> list[list[_Token]]:
    """Give amounts after a leading direction that one: "Input: $1 (text), $3 (audio)"."""
    carried = [list(group) for group in groups]
    for before, group in pairwise(carried):
        if not any(token.kind is _Kind.WORD and not token.bracketed for token in group):
            group.extend(token for token in before if token.says.words & _DIRECTIONS)
    return carried


def _sharing(groups: list[list[_Token]]) -> list[list[_Token]]:
    """Give amounts with "or" between them the words that only one of them has."""
    shared = [list(group) for group in groups]
    for one, other in pairwise(shared):
        if one[-1].kind is _Kind.OR:
            words = [[t for t in group if t.kind is _Kind.WORD] for group in (one, other)]
            one.extend(() if words[0] else words[1])
            other.extend(() if words[1] else words[0])
    return shared


def _quote(group: list[_Token], setting: Setting) -> Quote:
    """Put an amount and its pieces together; two of one kind contradict each other."""
    money = next(token for token in group if token.kind is _Kind.MONEY).says
    measure = _only(token.measure for token in group) or setting.measure
    return replace(
        money,
        amount=money.amount if measure is None else measure.normalised(money.amount),
        unit=None if measure is None else measure.unit,
        context_over=_only(token.says.context_over for token in group),
        valid_from=_only(token.says.valid_from for token in group),
        valid_to=_only(token.says.valid_to for token in group),
        words=frozenset(word for token in group for word in token.says.words),
    )


def _discounted(quote: Quote, group: list[_Token]) -> Quote:
    """Compute the price in force from a regular one and its discount; neither stands alone."""
    factors = [token.factor for token in group if token.factor is not None]
    regular = [token for token in group if token.kind is _Kind.REGULAR]
    if not factors and not regular:
        return quote
    if len(factors) != 1 or len(regular) != 1:
        raise QuoteError(f"{quote.written} lacks its regular price or its one discount")
    return replace(quote, amount=quote.amount * factors[0], list_amount=quote.amount)


T = TypeVar("T")


def _only(values: Iterable[T | None]) -> T | None:
    stated = {value for value in values if value is not None}
    if len(stated) > 1:
        raise QuoteError(f"one amount is said to be {sorted(map(str, stated))}")
    return stated.pop() if stated else None


def _with_list_amounts(
    quotes: tuple[Quote, ...], struck: str, setting: Setting
) -> tuple[Quote, ...]:
    """Put the struck amounts beside those that hold, which also state what both are per."""
    tokens = [t.says for t in _tokens(plain_signs(struck), setting) if t.kind is _Kind.MONEY]
    if len(tokens) != len(quotes):
        raise QuoteError(f"{len(tokens)} struck amounts stand beside {len(quotes)} prices")
    return tuple(
        replace(quote, list_amount=_scaled_alike(quote, old, setting))
        for quote, old in zip(quotes, tokens, strict=True)
    )


def _scaled_alike(quote: Quote, old: Quote, setting: Setting) -> Decimal:
    """Give the struck amount per the unit of the price that stands beside it."""
    if old.currency != quote.currency:
        raise QuoteError(f"the struck price is in {old.currency}, the price in {quote.currency}")
    if not quote.amount:
        return setting.measure.normalised(old.amount) if setting.measure else old.amount
    written = Decimal(quote.written.replace(",", ""))
    return exactly(Fraction(old.amount) * Fraction(quote.amount) / Fraction(written))
