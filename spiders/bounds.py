"""Prompt-length bounds: which prompts a price holds for, as the tokens they are longer than."""

import re
from dataclasses import dataclass
from decimal import Decimal

_SCALES = {"": 1, "k": 10**3, "千": 10**3, "万": 10**4, "m": 10**6}
_COUNT = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_N = rf"(?:{_COUNT})\s*(?:[km](?![a-z])|千|万)?"
_WHAT = (
    r"(?:(?:for\s+)?(?:prompts?|inputs?|context(?: window| length)?|tokens?"
    r"|输入长度|输入|上下文)\s*){0,2}"
)
_TOKENS = r"(?:\s*(?:input |prompt |context )?(?:tokens?|context(?: length)?)(?![a-z]))?"
_PLAIN = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
"""Full-width signs and their plain forms; a text keeps its length."""
_LESS = r"<=|=<|≤|⩽|<|‹|up to|under|below|within|at most"
_MORE = r">=|=>|≥|⩾|>|over|above|more than|exceeding|beyond|longer than"
_BOUND = re.compile(
    rf"(?:(?P<low>{_N})\s*(?:{_LESS})\s*{_WHAT}(?:{_LESS})\s*{_N}{_TOKENS}"
    rf"|(?:输入长度\s*)?[\[(]\s*(?P<open>{_N})\s*(?:\+\s*|,\s*(?:{_N}|\+?∞)\s*)[\])]"
    rf"|{_WHAT}(?P<more>{_MORE})\s*(?P<over>{_N}){_TOKENS}"
    rf"|{_WHAT}(?:{_LESS})\s*{_N}{_TOKENS}"
    rf"|{_WHAT}(?P<from>{_N})\s*(?:-|–|~|to)\s*{_N}{_TOKENS}"
    rf"|(?:输入长度\s*)?(?P<plus>{_N})\+"
    r"|(?P<any>any prompt length|无阶梯计价|不区分阶梯))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """The price holds for prompts of more than ``over`` tokens; and where the words end."""

    over: int
    end: int


def match_bound(text: str, position: int, *, thousands: bool = False) -> Bound | None:
    """Read a bound that begins here; ``thousands`` says that bare numbers count thousands."""
    found = _BOUND.match(text.translate(_PLAIN), position)
    if not found:
        return None
    low = next(
        (found[name] for name in ("low", "open", "over", "from", "plus") if found[name]), "0"
    )
    return Bound(_tokens(low, 10**3 if thousands else 1), found.end())


def read_bound(text: str, *, thousands: bool = False) -> int | None:
    """Read a whole text as a bound; None where it is none."""
    found = match_bound(text, 0, thousands=thousands)
    return found.over if found and not text[found.end :].strip(" .;,)") else None


def _tokens(number: str, scale: int) -> int:
    suffix = number.strip("0123456789.,")
    digits = number.removesuffix(suffix).replace(",", "")
    stated = suffix.strip().lower()
    return int(Decimal(digits) * (_SCALES[stated] if stated else scale))
