"""Parameters as they are asked for: text in an address, where null is not to be."""

from collections.abc import Mapping

from api.openapi.parts import Operation, Part

NULL = {"type": "null"}
MOMENT_OR_DAY: Part = {
    "type": "string",
    "anyOf": [{"format": "date-time"}, {"format": "date"}],
    "maxLength": 64,
}
"""A day is its first instant in UTC."""
MEANINGS: Mapping[str, str] = {
    "family": "The family's name, as in a model's `family`.",
    "maker": "Who made the model: the part of its id before the slash.",
    "message": "The message's id.",
    "name": "Its name: of a model, the part of its id after the slash.",
    "series": "The series' id, as /prices shows it.",
    "sha256": "Of the bytes, in lower case.",
    "source": "The source's name, as /sources lists it.",
    "subscription": "The subscription's id.",
}
"""Of what stands in the braces of paths."""
TEXT = r"^[^\x00]*$"
IN_PATH: Part = {"pattern": r"^[^\x00-\x1f\x7f-\x9f]+$", "minLength": 1}
"""No path has control characters."""
FRACTION = "(\\.[0-9]{1,7})?"
NOTHING = "(\\.0{1,4})?"
LONGEST_AMOUNT = 25


def complete_parameters(operation: Operation) -> None:
    """Describe each parameter by what its text may be."""
    for parameter in operation.it.get("parameters", ()):
        parameter["schema"] = _as_asked(parameter["schema"])
        if parameter["in"] == "path" and parameter["schema"].get("pattern", TEXT) == TEXT:
            parameter["schema"] |= IN_PATH
        if "description" not in parameter and parameter["name"] in MEANINGS:
            parameter["description"] = MEANINGS[parameter["name"]]


def _as_asked(schema: Part) -> Part:
    """Leave out null, and what the parameter itself says of it."""
    kept = {name: value for name, value in schema.items() if name not in {"title", "description"}}
    if "default" in kept and kept["default"] is None:
        del kept["default"]
    choices = [_as_asked(one) for one in kept.pop("anyOf", ()) if one != NULL]
    amounts = [one for one in choices if one.get("type") == "number"]
    if amounts:
        return _amount(amounts[0]) | kept
    if len(choices) == 1:
        kept = choices[0] | kept
    elif choices:
        kept["anyOf"] = choices
    if kept.get("format") == "date-time":
        return {name: kept[name] for name in kept if name != "format"} | MOMENT_OR_DAY
    return kept


def _amount(number: Part) -> Part:
    """Describe an exact decimal, which is text in an address, and up to which number it goes."""
    pattern = f"^{_up_to(number.get('maximum'))}$"
    example = {"examples": number.get("examples", ["0.5"])}
    return {"type": "string", "pattern": pattern, "maxLength": LONGEST_AMOUNT} | example


def _up_to(maximum: float | None) -> str:
    """Give the pattern of amounts up to a power of ten, or to another digit."""
    if maximum is None:
        return f"[0-9]{{1,12}}{FRACTION}"
    whole = str(int(maximum))
    return f"({_below(whole)}{FRACTION}|{whole}{NOTHING})"


def _below(whole: str) -> str:
    """Give the pattern of the whole numbers below one."""
    if len(whole) > 1:
        return f"[0-9]{{1,{len(whole) - 1}}}"
    return f"[0-{int(whole) - 1}]"
