"""The answer to which model an id means, the same over HTTP and in a terminal."""

from dataclasses import dataclass
from datetime import date

from catalog.identity import Identity, Match, Target
from catalog.vocabulary import Edge

UNKNOWN = "no table or rule maps this name to a model"
UNSTATED = "a name that its owner moves; nobody states what it pointed at on that day"


@dataclass(frozen=True)
class Answer:
    """The model that an id means; what says more of the model is empty where it means none."""

    id: str
    """As asked."""
    model: str | None
    name: str | None
    maker: str | None
    kind: str | None
    provider: str | None
    """Who sells it, where the id says so."""
    edge: Edge | None
    why: str
    tier: str | None
    """The service tier that the id says, such as batch."""
    region: str | None
    """The region that the id says, such as us."""
    variant: str | None
    """What else the id says of the offer: a number format, free, thinking …"""
    candidates: tuple[str, ...]
    """Known models whose names look alike, where the id means none; never a match."""
    points_at: str | None
    """The model that a name which its owner moves pointed at on the day, where it is stated."""
    targets: tuple[Target, ...]
    """What a name that its owner moves pointed at, from when to when."""


def answer(identity: Identity, asked: str, day: date, source: str | None = None) -> Answer:
    """Say which model an id means; where it means none, ``model`` is None: never a guess.

    What a name that its owner moves means is what it pointed at on the day.
    """
    match = identity.resolve_on(day, asked, source)
    targets = identity.targets(asked, source)
    target = next((one.model for one in targets if one.holds_on(day)), None)
    return _known(asked, match, targets, target) if match else _unknown(identity, asked, targets)


def _known(asked: str, match: Match, targets: tuple[Target, ...], points_at: str | None) -> Answer:
    model = match.model
    return Answer(
        id=asked,
        model=model.id,
        name=model.name,
        maker=model.maker,
        kind=model.kind,
        provider=match.provider,
        edge=match.edge,
        why=match.why,
        tier=match.tier or None,
        region=match.region or None,
        variant=match.variant or None,
        candidates=(),
        points_at=points_at,
        targets=targets,
    )


def _unknown(identity: Identity, asked: str, targets: tuple[Target, ...]) -> Answer:
    return Answer(
        id=asked,
        model=None,
        name=None,
        maker=None,
        kind=None,
        provider=None,
        edge=None,
        why=UNSTATED if targets else UNKNOWN,
        tier=None,
        region=None,
        variant=None,
        candidates=tuple(model.id for model in identity.candidates(asked)),
        points_at=None,
        targets=targets,
    )
