"""How the words of a page become the values of facts."""

import re
from decimal import Decimal

from catalog.money import plain
from spiders.page import changed

_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*([km千万]?)", re.IGNORECASE)
_SCALES = {"": 1, "k": 10**3, "千": 10**3, "万": 10**4, "m": 10**6}


def token_count(text: str) -> str:
    """Read the largest number of tokens in a cell: "DEFAULT: 4K MAXIMUM: 8K" is 8000."""
    found = _COUNT.findall(text)
    if not found:
        raise changed(f"{text!r} states no number of tokens")
    counts = [Decimal(n.replace(",", "")) * _SCALES[suffix.lower()] for n, suffix in found]
    return plain(max(counts))
