"""Prices of tokens whose fields are named for all that they are for: tier, prompt length, kind."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Unpack

from spiders.bounds import read_bound
from spiders.field_price import TOKEN_FIELDS, Common, FieldPrice

BOUND = "the tokens that the prices beside it are for"
TIERS = ("batch", "flex", "priority", "fast")


def token_paths(
    *patterns: str,
    names: Mapping[str, str] | Sequence[str],
    tiers: Mapping[str, str] | Sequence[str] = TIERS,
    bound: str = "",
    **common: Unpack[Common],
) -> Callable[[str], FieldPrice | str | None]:
    """Make what tells the price that a path is for; None of a path that no pattern fits whole.

    In a pattern ``{name}`` stands for any of the names, ``{tier}`` for any of the tiers (they may
    be mapped to the usual ones) and ``{over}`` for the tokens that a prompt is longer than: "200k".
    In a list, ``bound`` is the path, from its element on, of the field that says them.
    """
    usual_names, usual_tiers = _usual(names), _usual(tiers)
    groups = {"{name}": "|".join(names), "{tier}": "|".join(tiers), "{over}": r"\d+[km]"}
    compiled = [re.compile(_with_groups(pattern, groups)) for pattern in patterns]

    def price(path: str) -> FieldPrice | str | None:
        found = next((found for pattern in compiled if (found := pattern.fullmatch(path))), None)
        if found is None:
            return BOUND if bound and path.endswith(f"[].{bound}") else None
        said = {"tier": None, "over": None, **found.groupdict()}
        priced = common.copy()
        priced["tier"] = usual_tiers[said["tier"]] if said["tier"] else "standard"
        priced["context_over"] = _over(path, said["over"], bound)
        return FieldPrice(meter=TOKEN_FIELDS[usual_names[found["name"]]], **priced)

    return price


def _usual(words: Mapping[str, str] | Sequence[str]) -> Mapping[str, str]:
    return words if isinstance(words, Mapping) else {word: word for word in words}


def _with_groups(pattern: str, groups: Mapping[str, str]) -> str:
    for placeholder, stands_for in groups.items():
        pattern = pattern.replace(placeholder, f"(?P<{placeholder[1:-1]}>{stands_for})")
    return pattern


def _over(path: str, stated: str | None, bound: str) -> int | str:
    if stated:
        return read_bound(f"> {stated}") or 0
    element, in_list, _ = path.rpartition("[]")
    return f"{element}{in_list}.{bound}" if in_list else 0
