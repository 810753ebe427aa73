"""How the words of a page become the values of facts."""

import re
from decimal import Decimal

from catalog.money import plain
from spiders.page import changed

_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*([km千万]?)", re.IGNORECASE)
_SCALES = {"": 1, "k": 10**3, "千": 10**3, "万": 10**4, "m": 10**6}


def token_count(text: str) -> str:
    """Read the one number of tokens in a cell: "MAXIMUM: 384K" is 384000 (K is a thousand)."""
    found = _COUNT.findall(text)
    if len(found) != 1:
        raise changed(f"{text!r} does not state one number of tokens")
    digits, suffix = found[0]
    return plain(Decimal(digits.replace(",", "")) * _SCALES[suffix.lower()])
