"""Which ids a tool's users type for an offer: those its own list prints, and those of the API."""

import re
from collections.abc import Mapping

from api.exports.offers import Offer
from catalog.current.listed import Listing
from catalog.identity import ANY, Identity, Match
from catalog.vocabulary import Edge

PLAIN_EDGES = frozenset({Edge.EXACT, Edge.ALIAS, Edge.DATED_RELEASE, Edge.RESELLER})
"""Edges of names that are priced as the model itself."""
NO_API_IDS = frozenset(
    {"anthropic", "cerebras", "mistral", "vertex", "tencent", "azure", "bedrock"}
)
"""Sellers whose price pages print names, or names beside ids."""
LOWER_CASE = frozenset({"zai"})
"""Sellers whose page prints ids in capitals that their API takes in small letters."""
_ID = re.compile(r"[A-Za-z0-9][\w./:-]*")
_DATED = re.compile(r"[a-z][a-z0-9.-]*-\d{8}|[a-z][a-z0-9.-]*-\d{4}(-\d\d-\d\d)?")
_CLAUDE = re.compile(r"claude-[a-z]+-(\d+)(\.\d+)?")
CLAUDE_BY_FAMILY = 4
"""From this generation on Anthropic's API takes an id without a date."""

Listed = Mapping[tuple[str, str], tuple[str, ...]]
"""The ids that a list prints, by provider (the list's own word) and model."""
Dated = Mapping[str, tuple[str, ...]]
"""Ids of dated releases, by the model."""


def listed_ids(identity: Identity, tool: str, listing: Listing) -> Listed:
    """Give the ids under which a tool lists a model itself, not a tier, region or variant of it."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for one in listing.prices:
        match = identity.resolve(one.label, tool)
        if match and _is_plain(match):
            found.setdefault((one.provider, match.model.id), {})[one.label] = None
    return {key: tuple(sorted(labels)) for key, labels in found.items()}


def _is_plain(match: Match) -> bool:
    return match.edge in PLAIN_EDGES and not (match.tier or match.region or match.variant)


def api_ids(offer: Offer, dated: Dated) -> tuple[str, ...]:
    """Give the ids that a seller's own API takes, as far as they are known; best known first."""
    printed = () if offer.provider in NO_API_IDS else offer.labels
    lower = offer.provider in LOWER_CASE
    said = [one.lower() if lower else one for one in printed if _ID.fullmatch(one)]
    own = dated.get(offer.model.id, ()) if offer.provider == offer.model.maker else ()
    return tuple(dict.fromkeys((*_spelled(offer), *said, *own)))


def _spelled(offer: Offer) -> tuple[str, ...]:
    """Spell the id by the seller's known habit."""
    name = offer.model.id.partition("/")[2]
    if offer.provider == "anthropic":
        found = _CLAUDE.fullmatch(name)
        by_family = found is not None and int(found[1]) >= CLAUDE_BY_FAMILY
        return (name.replace(".", "-"),) if by_family else ()
    if offer.provider == "vertex" and offer.model.maker == "google":
        return (name,)
    if offer.provider == "mistral":
        return tuple(label for label in offer.labels if re.fullmatch(r"[a-z0-9.-]+", label))
    return ()


def dated_ids(identity: Identity) -> Dated:
    """Give the dated ids that are declared to be priced as a model, by the model."""
    found: dict[str, list[str]] = {}
    for alias in identity.aliases:
        plain = alias.edge is Edge.DATED_RELEASE and not alias.variant and alias.source == ANY
        if plain and _DATED.fullmatch(alias.printed):
            found.setdefault(alias.model, []).append(alias.printed)
    return {model: tuple(ids) for model, ids in found.items()}
