"""What a price is per, in whose money, and the signs of both: "1M tokens", "千tokens", "US$"."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from catalog.money import plain
from catalog.vocabulary import Unit

_SEARCH = (
    r"(?:(?:ground(?:ed|ing)|search|web) )?(?:search(?:es)?|quer(?:y|ies)|prompts|requests?|calls?)"
    r"(?![a-z])|次(?:调用|请求|搜索)?"
)
# What a price may be per: its pattern, its unit, and how many things one unit covers.
_THINGS: tuple[tuple[str, Unit, int], ...] = (
    (r"tok(?:en)?s?\s*(?:/|per|-)\s*(?:hour|hr|h)(?![a-z])", Unit.MILLION_TOKEN_HOURS, 10**6),
    (r"tokens?\s*(?:/|每)?\s*小时", Unit.MILLION_TOKEN_HOURS, 10**6),
    # A footnote's number may be glued to the end of the cell: "$0.25 / MTok1".
    (
        r"(?P<direction>input |output )?tok(?:en)?s?(?![a-z])(?:[1-9](?=\s*$))?",
        Unit.MILLION_TOKENS,
        10**6,
    ),
    (r"char(?:acter)?s?(?![a-z])|字符", Unit.MILLION_CHARACTERS, 10**6),
    (_SEARCH, Unit.THOUSAND_REQUESTS, 10**3),
    (r"pages?(?![a-z])|页", Unit.THOUSAND_PAGES, 10**3),
    (r"(?:output )?images?(?![a-z])|张|幅", Unit.IMAGE, 1),
    (r"s(?:ec(?:ond)?s?)?(?![a-z])|秒", Unit.SECOND, 1),
    (r"min(?:ute)?s?(?![a-z])|分钟", Unit.MINUTE, 1),
    (r"(?:session[- ])?h(?:(?:ou)?rs?)?(?![a-z])(?:,? per container)?|小时", Unit.HOUR, 1),
    (r"GB(?: of storage)?\s*(?:/|per|-)\s*day(?![a-z])|GB\s*/\s*天", Unit.GB_DAY, 1),
    (r"sessions?(?![a-z])", Unit.SESSION, 1),
    (r"(?:songs?|voices?|videos?|credits?)(?![a-z])|首|音色|视频|积分", Unit.OTHER, 1),
)
_SIZES = {unit: size for _, unit, size in _THINGS}
_SCALES = {
    "k": 10**3,
    "thousand": 10**3,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "m": 10**6,
    "million": 10**6,
    "mil": 10**6,
    "b": 10**9,
    "billion": 10**9,
}
_THING = re.compile(
    "|".join(f"(?P<t{i}>{thing[0]})" for i, thing in enumerate(_THINGS)), re.IGNORECASE
)
PER = re.compile(
    r"(?:/\s*每?|per(?![a-z])|每|(?<=[\d.])\s+an?(?= hour| image| minute))\s*", re.IGNORECASE
)
_COUNT = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d+)?\s*"
    r"(?P<scale>thousand|million|billion|mil|[kmb](?=tok|char|[^a-z]|$)|百万|千|万)?\s*(?:个\s*)?",
    re.IGNORECASE,
)
_CURRENCIES = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "美元": "USD",
    "¥": "CNY",
    "cn¥": "CNY",
    "cny": "CNY",
    "rmb": "CNY",
    "元": "CNY",
    "人民币": "CNY",
    "€": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "₩": "KRW",
    "krw": "KRW",
}
_ODD = {
    **{full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹†‡*"), None),
    ord("￥"): "¥",
    ord("\u3000"): " ",
    ord("\\"): None,
}


class QuoteError(ValueError):
    """Words that the grammar does not understand."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How much one stated amount is for: so many tokens, images, seconds."""

    unit: Unit
    count: Decimal

    def normalised(self, amount: Decimal) -> Decimal:
        """Give the amount per whole unit, exactly; raises QuoteError where it has no decimal."""
        return exactly(Fraction(amount) * _SIZES[self.unit] / Fraction(self.count))


Matched = tuple[Measure, int, str]
"""A measure, where it ends, and the word that it says of what is counted: input, output or none."""


def read_measure(text: str) -> Measure:
    """Read what a price is per, from a heading or a unit column: "1M tokens", "千tokens"."""
    words = plain_signs(text).strip()
    per = PER.match(words)
    found = match_measure(words, per.end() if per else 0, None)
    if not found or words[found[1] :].strip():
        raise QuoteError(f"{text!r} names no unit that the grammar knows")
    return found[0]


def read_currency(text: str) -> str:
    """Read a currency sign or code: "$", "USD", "元"."""
    try:
        return _CURRENCIES[plain_signs(text).strip().casefold()]
    except KeyError:
        raise QuoteError(f"{text!r} is no known currency") from None


def whole(unit: Unit) -> Measure:
    """Give the measure of one whole unit."""
    return Measure(unit, Decimal(_SIZES[unit]))


def match_measure(
    text: str, position: int, default: Measure | None
) -> tuple[Measure, int, str] | None:
    """Read a count and a thing; a bare count is of the things that the column states.

    "1K image" counts nothing: it is one image of a size.
    """
    counted = _COUNT.match(text, position)
    if not counted:
        return None
    count = Decimal((counted["number"] or "1").replace(",", ""))
    count *= _SCALES[counted["scale"].lower()] if counted["scale"] else 1
    thing = _THING.match(text, counted.end())
    if thing:
        unit = next(t[1] for i, t in enumerate(_THINGS) if thing[f"t{i}"])
        word = (thing["direction"] or "").strip().lower()
        is_size = unit is Unit.IMAGE and count != 1 and thing.group().lower().endswith("image")
        return None if is_size else (Measure(unit, count), thing.end(), word)
    bare = bool(counted.group()) and default is not None and default.count == count
    return (default, counted.end(), "") if bare and default else None


def plain_signs(text: str) -> str:
    """Give full-width signs their plain form; footnote signs and escapes go."""
    return re.sub(r"\$\s*\$", "$", text.translate(_ODD))


def exactly(amount: Fraction) -> Decimal:
    """Give a fraction as the decimal that it is; refuse one that has none of 18 places."""
    shifted = amount * 10**18
    if shifted.denominator != 1:
        raise QuoteError(f"{amount} has no exact decimal price per unit")
    return Decimal(plain(Decimal(shifted.numerator).scaleb(-18)))
