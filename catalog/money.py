"""Exact amounts: decimals in Python, 64-bit pico-units in the store, strings on the wire."""

from decimal import Decimal

PICO = Decimal(10) ** 12
LARGEST_PICO = 2**63 - 1


class AmountError(ValueError):
    """An amount that the store cannot hold exactly."""


def to_pico(amount: Decimal) -> int:
    """Scale an amount to whole pico-units (1e-12 of the currency per unit); refuse, never round."""
    if not amount.is_finite():
        raise AmountError(f"{amount} is not an amount; state a finite decimal number")
    scaled = amount * PICO
    if scaled != scaled.to_integral_value():
        raise AmountError(f"{amount} has more than 12 decimal places; state at most 12")
    if abs(scaled) > LARGEST_PICO:
        raise AmountError(f"{amount} is too large; the largest amount is {from_pico(LARGEST_PICO)}")
    return int(scaled)


def from_pico(pico: int) -> Decimal:
    """Turn pico-units back into the amount they stand for."""
    return Decimal(pico) / PICO


def plain(amount: Decimal) -> str:
    """Print an amount as the wire does: no exponent, no trailing zeros."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
