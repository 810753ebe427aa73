"""Prices of tokens whose fields are named for all that they are for: tier, prompt length, kind."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol, Unpack

from spiders.bounds import read_bound
from spiders.field_price import TOKEN_FIELDS, Common, FieldPrice

_BOUND = "the tokens that the prices beside it are for"
TIERS = ("batch", "flex", "priority", "fast")


class TokenPrice(Protocol):
    """Tells what a path is the price of, or why of nothing; a PriceList's ``named``."""

    def __call__(self, path: str, kind: str = "", /) -> FieldPrice | str | None:
        """Tell it, of records of any kind."""


def token_paths(
    *patterns: str,
    names: Mapping[str, str] | Sequence[str],
    tiers: Mapping[str, str] | Sequence[str] = TIERS,
    over: str = "",
    least: str = "",
    bounds: str = "",
    **common: Unpack[Common],
) -> TokenPrice:
    """Make what tells the price that a path is for; None of a path that no pattern fits whole.

    In a pattern ``{name}`` stands for any of the names, ``{tier}`` for any of the tiers (they may
    be mapped to the usual ones) and ``{over}`` for the tokens that a prompt is longer than: "200k".
    Where a field says them, a group ``longer`` or ``band`` ends with the object that holds it, and
    ``over``, or for bands ``least``, is its path from there on; ``bounds`` are the paths of such.
    """
    usual_names, usual_tiers = _usual(names), _usual(tiers)
    groups = {"{name}": "|".join(names), "{tier}": "|".join(tiers), "{over}": r"\d+[km]"}
    compiled = [re.compile(_with_groups(pattern, groups)) for pattern in patterns]
    bound = re.compile(_with_groups(bounds, groups))

    def price(path: str, _kind: str = "", /) -> FieldPrice | str | None:
        found = next((found for pattern in compiled if (found := pattern.fullmatch(path))), None)
        if found is None:
            return _BOUND if bound.fullmatch(path) else None
        said = found.groupdict()
        priced = common.copy()
        if tier := said.get("tier"):
            priced["tier"] = usual_tiers[tier]
        if region := said.get("region"):
            priced["region"] = region
        if said.get("over"):
            priced["context_over"] = read_bound(f"> {said['over']}") or 0
        elif said.get("longer"):
            priced["context_over"] = f"{path[: found.end('longer')]}.{over}"
        if said.get("band"):
            priced["context_from"] = f"{path[: found.end('band')]}.{least}"
        return FieldPrice(meter=TOKEN_FIELDS[usual_names[found["name"]]], **priced)

    return price


def _usual(words: Mapping[str, str] | Sequence[str]) -> Mapping[str, str]:
    return words if isinstance(words, Mapping) else {word: word for word in words}


def _with_groups(pattern: str, groups: Mapping[str, str]) -> str:
    for placeholder, stands_for in groups.items():
        pattern = pattern.replace(placeholder, f"(?P<{placeholder[1:-1]}>{stands_for})")
    return pattern
