"""genai-prices' extractors: where each API's answer says what was used, by our table of formats.

A client sums what goes to one count, and its totals hold their parts: what a format counts beside
a total is added to it, and what it counts inside is not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.exports.genai_units import NEEDS, UNITS
from api.exports.trees import Tree
from catalog.cost import formats
from catalog.cost.usage_format import Field, Format
from catalog.vocabulary import Meter


@dataclass(frozen=True)
class Flavor:
    """One API of a seller, as genai-prices' clients name it, and what its usage looks like."""

    name: str
    format: Format
    root: str = "usage"
    model: str = "model"


_CHAT = Flavor("chat", formats.OPENAI_CHAT)
_ONLY_CHAT = Flavor("default", formats.OPENAI_CHAT)
FLAVORS: Mapping[str, Sequence[Flavor]] = {
    "anthropic": (Flavor("default", formats.ANTHROPIC),),
    "cerebras": (_CHAT,),
    "deepseek": (Flavor("chat", formats.DEEPSEEK),),
    "google": (Flavor("default", formats.GEMINI, "usageMetadata", "modelVersion"), _CHAT),
    "groq": (_ONLY_CHAT,),
    "minimax": (_CHAT,),
    "mistral": (_ONLY_CHAT,),
    "moonshot": (_CHAT,),
    "openai": (_CHAT, Flavor("responses", formats.OPENAI_RESPONSES)),
    "openrouter": (Flavor("chat", formats.OPENROUTER),),
    "xai": (Flavor("chat", formats.XAI),),
    "zai": (_CHAT,),
}


def extractors(provider: str) -> list[Tree]:
    """Give a seller's extractors."""
    return [
        {
            "api_flavor": one.name,
            "root": one.root,
            "model_path": one.model,
            "mappings": [*_mappings(one.format)],
        }
        for one in FLAVORS[provider]
    ]


def _mappings(format_: Format) -> Iterator[Tree]:
    meters = {one.path: one.meter for one in format_.fields}
    demanded = format_.required if len(format_.required) == 1 else frozenset()
    for one in format_.fields:
        if one.same_as or any(meters[path] is one.meter for path in one.inside):
            continue
        for meter in _counts(one):
            yield {
                "path": _path(one.path),
                "dest": UNITS[meter].removesuffix("_mtok") + "_tokens",
                "required": one.path in demanded,
            }


def _counts(one: Field) -> Iterator[Meter]:
    """Give the meters that a field's number goes to: its own, and the totals it lies beside."""
    if one.meter not in UNITS:
        return
    yield one.meter
    above = None if one.inside else NEEDS.get(one.meter)
    while above:
        yield above
        above = NEEDS.get(above)


def _path(path: str) -> Tree:
    """Give a field's path; of a list of modalities, the number of the one that is named so."""
    *outer, last = path.split(".")
    if last.isupper():
        found: Tree = {"type": "array-match", "field": "modality", "match": {"equals": last}}
        return [*outer, found, "tokenCount"]
    return [*outer, last] if outer else last
