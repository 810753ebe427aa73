"""The answer to which model an id means, the same over HTTP and in a terminal."""

from dataclasses import dataclass

from catalog.identity import Identity, Match, Target
from catalog.vocabulary import Edge

UNKNOWN = "no table or rule maps this name to a model"


@dataclass(frozen=True)
class Answer:
    """The model that an id means; all but ``candidates`` empty where it means none."""

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
    targets: tuple[Target, ...]
    """What a name that its owner moves pointed at, from when to when."""


def answer(identity: Identity, asked: str, source: str | None = None) -> Answer:
    """Say which model an id means; where it means none, ``model`` is None: never a guess."""
    match = identity.resolve(asked, source)
    return _known(identity, asked, match) if match else _unknown(identity, asked)


def _known(identity: Identity, asked: str, match: Match) -> Answer:
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
        targets=identity.targets(asked),
    )


def _unknown(identity: Identity, asked: str) -> Answer:
    return Answer(
        id=asked,
        model=None,
        name=None,
        maker=None,
        kind=None,
        provider=None,
        edge=None,
        why=UNKNOWN,
        tier=None,
        region=None,
        variant=None,
        candidates=tuple(model.id for model in identity.candidates(asked)),
        targets=identity.targets(asked),
    )
