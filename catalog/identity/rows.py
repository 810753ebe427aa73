"""What the identity tables declare: models, providers, names, and what parts of a name say."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalog.vocabulary import Edge

ANY = "*"
Kind = Literal["model", "tool"]
Column = Literal["tier", "region", "variant", "window", "context_over"]


class IdentityError(ValueError):
    """A row of the identity tables that contradicts another, or names nothing known."""


@dataclass(frozen=True)
class Model:
    """What is run, or a tool that is priced, whoever sells it."""

    id: str
    """The maker and a slug: ``anthropic/claude-opus-4.7``."""
    maker: str
    name: str
    family: str
    kind: Kind
    """A tool (web search, containers …) is priced, never ranked."""
    home_region: str | None = None
    """The region whose price is the reference where the maker has no global one."""


@dataclass(frozen=True)
class Provider:
    """Who makes models or sells inference."""

    id: str
    name: str


@dataclass(frozen=True)
class Alias:
    """A printed name of a model, as one source or any (``*``) prints it."""

    source: str
    printed: str
    model: str
    edge: Edge
    why: str
    variant: str = ""
    """What tells the offer under this name from the model's own, where both are listed."""


@dataclass(frozen=True)
class Target:
    """What a name whose owner moves it pointed at, from a day on."""

    printed: str
    since: date | None
    """None: since before the first sighting."""
    until: date | None
    """None: it does still."""
    model: str
    source: str
    """Where it is stated, in words or as an address."""

    def holds_on(self, day: date) -> bool:
        """Whether the name pointed at it on a day."""
        return (self.since or day) <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Part:
    """What one part of an id says beside the model: who sells it, where, at what setting."""

    edge: Edge
    why: str
    example: str
    """An id that has this part …"""
    means: str
    """… and the model that it means."""
    makers: frozenset[str] = frozenset()
    """The makers whose models may have it; empty is any."""
    provider: str = ""
    tier: str = ""
    region: str = ""
    variant: str = ""


@dataclass(frozen=True)
class Rule:
    """One way a printed name may be read otherwise, where that makes it a known name exactly."""

    source: str
    pattern: re.Pattern[str]
    replacement: str
    part: Part


@dataclass(frozen=True)
class LabelAlias:
    """A source's word for a tier, region, variant, window or threshold, and its normal form."""

    source: str
    column: Column
    printed: str
    normal: str
    since: date | None
    """The day from which the source prints the normal form, where it was a renaming."""
    why: str


@dataclass(frozen=True)
class Match:
    """The model a printed name means, by which kind of edge, and why."""

    model: Model
    edge: Edge
    why: str
    provider: str | None = None
    """Who sells it, where the name says so."""
    tier: str = ""
    """The service tier that the name says: ``:batch``."""
    region: str = ""
    """The region that the name says: ``us.``."""
    variant: str = ""
    """What else the name says of the offer: ``fp8``, ``free``."""
