"""Price points of values in JSON: the amount, its regular price, and the prompts it is for."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from spiders.exact_json import Json, as_printed, number
from spiders.field_price import FieldPrice
from spiders.page import changed
from spiders.records import Record

_ZERO = re.compile(r"0(?:\.0*)?(?:[eE][+-]?\d+)?")
_NOISE = Decimal("1e-9")
"""The largest share of a printed binary number that may be noise behind its decimal digits."""


def is_none(value: Json, price: FieldPrice) -> bool:
    """Tell a value that states no price."""
    if value is None or not price.none:
        return value is None
    printed = as_printed(value).strip('"')
    return printed in price.none or ("0" in price.none and _ZERO.fullmatch(printed) is not None)


def amount(value: Json, found: str, price: FieldPrice) -> Decimal:
    """Give the amount in the currency per unit; refuses more digits than a price has."""
    printed = number(value, found)
    exact = printed * price.scale
    if price.places is None:
        return exact
    rounded = round(exact, price.places)
    if abs(rounded - exact) > abs(exact) * _NOISE:
        raise changed(f"{found} is {printed}, more exact than {price.places} decimal places")
    return rounded


def list_amount(record: Record, found: str, price: FieldPrice, held: Decimal) -> Decimal | None:
    """Give the regular price beside the lower one that holds, where the list has both."""
    if price.regular is None:
        return None
    beside = found.replace(*price.regular)
    printed = _at(record.value, beside)
    if printed is None:
        return None
    regular = amount(printed, beside, price)
    return None if regular == held else regular


def stands_alone(price: FieldPrice) -> bool:
    """Tell whether all that is said of a price is in its own field."""
    return not price.regular and not price.context_from and isinstance(price.context_over, int)


def length_path(price: FieldPrice) -> str:
    """Give the path of the field that says for which prompts a price is, or a number."""
    return price.context_from or str(price.context_over)


def context(record: Record, found: str, price: FieldPrice) -> int:
    """Give the tokens that prompts are longer than."""
    if isinstance(price.context_over, int) and not price.context_from:
        return price.context_over
    tokens = _tokens(length_path(price), record, found)
    is_round = tokens % 1000 == 0 or tokens % 1024 == 0
    return tokens if is_round or not price.context_from else tokens - 1


def _tokens(path: str, record: Record, found: str) -> int:
    name = path.rpartition(".")[2]
    stated = _at(record.value, _placed(path, found))
    lowest = stated[0] if isinstance(stated, list) and stated else stated
    tokens = number(lowest, f"{found} needs {name!r} beside it, which")
    if tokens != tokens.to_integral_value():
        raise changed(f"{name!r} beside {found} is {tokens}, no whole number of tokens")
    return int(tokens)


def _placed(path: str, found: str) -> str:
    """Put the indexes of the place where a price was found into a path."""
    indexes = iter(re.findall(r"\[\d+\]", found))
    return re.sub(r"\[\]", lambda _: next(indexes, "[]"), path)


def _at(value: Json, found: str) -> Json:
    """Give what stands at a path with indexes; None where nothing does."""
    for step in re.findall(r"[^.\[\]]+", found):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
