"""Lines of models: what a name keeps from one generation to the next, and which came before which.

A line is what a model's id keeps when its version is taken out: ``anthropic/claude-opus`` of
``claude-opus-4.6``, ``openai/gpt-mini`` of ``gpt-5-mini``, ``openai/o`` of ``o3``.
"""

import re
from collections.abc import Iterable, Mapping

from catalog.identity import Model
from catalog.identity.moving_names import moves

_VERSION = re.compile(r"^(?P<word>[a-z]*?)(?P<number>\d+(\.\d+)*)(?P<sight>v?)$")
"""A version, with what may stand before it, and behind it where the model sees: glm-4.5v."""
_LETTERS = frozenset("vkm")
"""These stand for a version, and are no part of the line: deepseek-v4, kimi-k2, minimax-m2."""
_DATED = re.compile(r"(^|-)(\d{4}-\d{2}-\d{2}|\d{2}-\d{2,4}|\d{4,8})(-|$)")
_PREVIEW = "preview"

Age = tuple[tuple[int, ...], bool]
"""A version, and whether it is out of preview: what is less came earlier."""


def line_of(model: Model) -> str | None:
    """Name the line of a model; None of a dated release, a name that moves, and a tool."""
    name = _name(model)
    if model.kind != "model" or moves(model) or _DATED.search(name):
        return None
    words = [_unversioned(word) for word in name.split("-") if word != _PREVIEW]
    return "-".join(word for word in words if word) or None


def age_of(model: Model) -> Age:
    """Tell how early a model's name says it is in its line; one without a version is first."""
    words = _name(model).split("-")
    versions = (found["number"] for word in words if (found := _VERSION.match(word)))
    version = next(versions, "")
    return tuple(int(part) for part in version.split(".") if part), _PREVIEW not in words


def members(models: Iterable[Model], maker: str, family: str) -> Mapping[str, list[Model]]:
    """Find the lines of this name, else those of the family of this name, and their models."""
    own = [(line, model) for model in models if model.maker == maker and (line := line_of(model))]
    named = {line for line, _ in own if line == family}
    lines = named or {line for line, model in own if model.family == family}
    found: dict[str, list[Model]] = {line: [] for line in sorted(lines)}
    for line, model in own:
        if line in found:
            found[line].append(model)
    return found


def _name(model: Model) -> str:
    return model.id.removeprefix(f"{model.maker}/")


def _unversioned(word: str) -> str:
    found = _VERSION.match(word)
    if found is None:
        return word
    return ("" if found["word"] in _LETTERS else found["word"]) + found["sight"]
