"""The reference page of identity: what is known, and which parts of an id say what."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tables import page, section, table

from catalog.identity import Identity, Part, load
from catalog.vocabulary import Edge

EVIDENCE = Path(__file__).parent / "evidence" / "identity.json"
ABOUT = """\
One model is one thing that is run, whoever sells it and however it is written. Which model a name
means is declared in the tables of `catalog/identity/`, and nothing is guessed: a name that no row
and no rule maps means no model, and `/resolve` and `tokentape resolve` then answer `model: null`
with the names that look alike.

A name is looked up as it is written; in that, case, spaces, dashes, underscores, and a dash or a p
for the point of a version do not matter. Where it is not known so, the declared parts in front of
it and behind it are taken off, one by one, and what is left must be a known name of one of the
makers that the parts allow. What the parts say beside the model (who sells it, where, in which
tier, in which form) is part of the offer, never of the model."""
MODELS = "A maker's models and tools; the tables hold the names."
ALIASES = "How many declared names stand to their model in which way."
BEGINNINGS = "What may stand in front of a name. `makers`: whose models only."
ENDINGS = "What may stand behind a name. `makers`: whose models only."
RULES = """\
Patterns of names, read otherwise where that makes them known; of one source, or of any (`*`)."""
POINTERS = """\
Names that their owners move from model to model. A price under such a name stays under the name;
`/resolve` answers what it points at now, and all it pointed at. A name that is sold at a price of
its own, such as `deepseek-chat`, is listed as a model, too."""
COVERAGE = """\
How many of the names that a source's newest captured page prints are known, as
`python -m bench.identity --write` measured it. What is not known names a class of sizes, a video
or voice model, or what nobody lists a price of: most often an old model in a benchmark."""
CHAT = """\
And of the ids of chat models: in LiteLLM's map by `mode`, in the other two by whether they put out
text."""


def identity_page() -> str:
    """The models, the names, the parts of names, and how much of the world they cover."""
    identity = load()
    return page(
        "Models and their names",
        ABOUT,
        section("Coverage", COVERAGE, *_coverage()),
        section("Models", MODELS, table(("maker", "models", "tools"), _makers(identity))),
        section("Names", ALIASES, table(("edge", "names", "means"), _edges(identity))),
        section("Moving names", POINTERS, table(TARGETS, _targets(identity))),
        section("In front of a name", BEGINNINGS, table(PARTS, _beginnings(identity))),
        section("Behind a name", ENDINGS, table(PARTS, _endings(identity))),
        section("Patterns", RULES, table(("source", "pattern", *PARTS[1:]), _rules(identity))),
    )


PARTS = ("part", "makers", "says", "edge", "why", "example", "means")
TARGETS = ("name", "from", "to", "model", "source")


def _coverage() -> Iterator[str]:
    found = json.loads(EVIDENCE.read_text("utf-8"))
    head = ("source", "names", "known", "share")
    yield table(head, _shares(found["printed names"]))
    yield CHAT
    yield table(head, _shares(found["chat models"]))
    pairs = found["pairs"]
    yield (
        f"Of the {pairs['same'] + pairs['different']} checked pairs of ids in"
        " `tests/catalog/identity_pairs.tsv`, half of them the catalogs' own cross references,"
        f" {pairs['false merges']} are merged falsely and {pairs['false splits']} are split."
    )


def _shares(found: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[object, ...]]:
    for source, one in found.items():
        names, known = one["names"], one["known"]
        yield source, names, known, f"{known / names:.1%}"


def _makers(identity: Identity) -> Iterator[tuple[object, ...]]:
    models = Counter((model.maker, model.kind) for model in identity.models.values())
    for maker in sorted({maker for maker, _ in models}):
        name = identity.providers[maker].name
        yield f"{name} (`{maker}`)", models[maker, "model"], models[maker, "tool"]


def _edges(identity: Identity) -> Iterator[tuple[object, ...]]:
    edges = Counter(alias.edge for alias in identity.aliases)
    for edge in Edge:
        if edges[edge]:
            yield f"`{edge}`", edges[edge], edge.meaning


def _targets(identity: Identity) -> Iterator[tuple[object, ...]]:
    for one in identity.pointers:
        yield f"`{one.printed}`", one.since, one.until or "now", f"`{one.model}`", one.source


def _beginnings(identity: Identity) -> Iterator[tuple[object, ...]]:
    for written, part in identity.beginnings.written.items():
        yield f"`{written}`", *_part(part)
    for pattern, part in identity.beginnings.patterns:
        yield f"`{pattern.pattern}`", *_part(part)


def _endings(identity: Identity) -> Iterator[tuple[object, ...]]:
    for ending, parts in identity.endings.items():
        for part in parts:
            yield f"`{ending}`", *_part(part)


def _rules(identity: Identity) -> Iterator[tuple[object, ...]]:
    for rule in identity.rules:
        yield rule.source, f"`{rule.pattern.pattern}`", *_part(rule.part)


def _part(part: Part) -> Iterable[str]:
    named = ("provider", "tier", "region", "variant")
    says = ", ".join(f"{name} {getattr(part, name)}" for name in named if getattr(part, name))
    example = f"`{part.example}`" if part.example else ""
    means = f"`{part.means}`" if part.means else ""
    makers = ", ".join(sorted(part.makers))
    return makers, says, f"`{part.edge}`", part.why, example, means
