"""What a usage object comes to once it is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from catalog.vocabulary import Meter

Usage = Mapping[str, object]
"""A ``usage`` object as an API returned it."""


class UsageError(ValueError):
    """A usage object that cannot be counted: contradictory, ambiguous, or no usage at all."""


class Counted(NamedTuple):
    """What a usage comes to: each token once."""

    format: str
    amounts: Mapping[Meter, int]
    """How much of each meter."""
    tools: Mapping[str, int]
    """How many calls of each tool that has a price of its own."""
    whole_input: int
    """All input tokens, cached ones too: context-dependent prices go by them."""
    whole_output: int
    """All output tokens, reasoning too."""
    reasoned: bool | None
    """Whether it reasoned; None: the usage says nothing of reasoning."""
    tier: str
    """The service tier that the usage names; empty: none, or the usual one."""
    region: str
    unknown: tuple[tuple[str, int], ...]
    """Numbers in fields that the format does not know: nothing can be said of their price."""
    warnings: tuple[str, ...]
    untold: frozenset[Meter] = frozenset()
    """Of input and output: whose tokens the usage does not tell by modality, though it could."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Plain counts, for usages that are made up and not returned by an API; none in another."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    reasoning: int = 0

    def counted(self) -> Counted:
        """Give them as a usage that is counted."""
        inputs = {
            Meter.INPUT_TOKENS: self.input,
            Meter.CACHE_READ_TOKENS: self.cache_read,
            Meter.CACHE_WRITE_TOKENS: self.cache_write,
            Meter.CACHE_WRITE_1H_TOKENS: self.cache_write_1h,
        }
        outputs = {Meter.OUTPUT_TOKENS: self.output, Meter.REASONING_TOKENS: self.reasoning}
        amounts = {meter: n for meter, n in (inputs | outputs).items() if n}
        whole = (sum(inputs.values()), sum(outputs.values()))
        return Counted("", amounts, {}, *whole, self.reasoning > 0, "", "", (), ())
