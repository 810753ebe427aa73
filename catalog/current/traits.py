"""What a model takes, gives and can do, as sources state it: its maker's word, else the latest."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from catalog.current.facts import FactSeen
from catalog.identity import Model, slug
from catalog.identity.own_offers import own_offers
from catalog.vocabulary import Word


class Capability(Word):
    """What a model can do beside answering."""

    REASONING = "reasoning", "reasons before it answers"
    FUNCTION_CALLING = "function_calling", "calls functions that it is given"
    STRUCTURED_OUTPUTS = "structured_outputs", "answers in a JSON schema that it is given"
    VISION = "vision", "reads images"
    PROMPT_CACHING = "prompt_caching", "serves repeated prompts from a cache"


FACTS: Mapping[str, Capability] = MappingProxyType(
    {
        "reasoning": Capability.REASONING,
        "function_calling": Capability.FUNCTION_CALLING,
        "structured_outputs": Capability.STRUCTURED_OUTPUTS,
        "structured_output": Capability.STRUCTURED_OUTPUTS,
        "vision": Capability.VISION,
        "prompt_caching": Capability.PROMPT_CACHING,
    }
)
"""The facts that say yes or no to a capability."""
WORDS: Mapping[str, Capability] = MappingProxyType(
    {
        "reasoning": Capability.REASONING,
        "tools": Capability.FUNCTION_CALLING,
        "function-calling": Capability.FUNCTION_CALLING,
        "structured-outputs": Capability.STRUCTURED_OUTPUTS,
        "vision": Capability.VISION,
        "prompt-caching": Capability.PROMPT_CACHING,
    }
)
"""The words that stand for one in a list of capabilities, where several are named."""
NAMED = "capabilities"
OPEN = "open_weights"
YES = frozenset({"yes", "true"})


def stated(model: Model, name: str, facts: Iterable[FactSeen]) -> str:
    """Take what a model's maker states of something, else the latest that anyone does."""
    own = {model.maker, *(offer.provider for offer in own_offers(model.maker))}
    said = [fact for fact in facts if fact.name == name]
    last = max(
        said, key=lambda fact: ((fact.provider or fact.source) in own, fact.seen_at), default=None
    )
    return last.value if last else ""


def released_on(facts: Iterable[FactSeen]) -> date | None:
    """Take the middle one of the days on which sources state a model came out; of two, the later.

    Of a source that lists many sellers, the day of most of them counts; of one that states the days
    of several dated releases of the model, the first.
    """
    sellers: dict[str, dict[str, date]] = {}
    for fact in facts:
        if fact.name == "released_on" and (day := _day(fact.value)):
            first = sellers.setdefault(fact.source, {})
            first[fact.provider] = min(day, first.get(fact.provider, day))
    days = sorted(_commonest(first.values()) for first in sellers.values())
    return days[len(days) // 2] if days else None


def _commonest(days: Iterable[date]) -> date:
    counted = Counter(days)
    return max(counted, key=lambda day: (counted[day], day))


def several(text: str) -> frozenset[str]:
    """Read a list of words with commas between."""
    return frozenset(word for part in text.split(",") if (word := part.strip().lower()))


def capabilities(model: Model, facts: Iterable[FactSeen]) -> frozenset[Capability]:
    """Find what a model is said to do; what nobody speaks of, or is denied, is left out."""
    return frozenset(capability for capability, can in said_of(model, facts).items() if can)


def said_of(model: Model, facts: Iterable[FactSeen]) -> Mapping[Capability, bool]:
    """Say yes or no of each capability that is spoken of; a fact counts before a list of words."""
    known = tuple(facts)
    words = {slug(word) for word in several(stated(model, NAMED, known))}
    named = {WORDS[word]: True for word in words if word in WORDS}
    said = {name: word for name in FACTS if (word := stated(model, name, known))}
    answered = dict.fromkeys((FACTS[name] for name in said), False)
    yes = {FACTS[name]: True for name, word in said.items() if word.lower() in YES}
    return MappingProxyType(named | answered | yes)


def open_weights(facts: Iterable[FactSeen]) -> bool | None:
    """Tell whether a model's weights can be had; None where nobody says so, or sources differ.

    A source that says both of one model says nothing.
    """
    by_source: dict[str, set[str]] = {}
    for fact in facts:
        if fact.name == OPEN:
            by_source.setdefault(fact.source, set()).add(fact.value)
    said = {value for values in by_source.values() if len(values) == 1 for value in values}
    return said == {"yes"} if len(said) == 1 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
