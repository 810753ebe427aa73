"""How numbers are worked out here: exact decimals, each rounded at one declared step."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

CURRENCY = "USD"
CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""All arithmetic here has 28 digits and rounds half to even, as the steps below then do."""
PICO = Decimal("1E-12")
"""Blended prices are rounded to whole pico-dollars."""
QUALITY_STEP = Decimal("0.0001")
VALUE_STEP = Decimal("0.000001")


class RankingError(ValueError):
    """A mix, share or exponent that no ranking can be made with."""
