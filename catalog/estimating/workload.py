"""A month of use: so many requests, all alike, and what one of them holds."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.cost.batches import BATCH
from catalog.cost.book import STANDARD
from catalog.cost.counted import Counted
from catalog.vocabulary import Meter


class WorkloadError(ValueError):
    """A workload that cannot be, and the part of it that is wrong."""

    def __init__(self, part: str, detail: str) -> None:
        """Name the part as a question does, and say what it must be."""
        super().__init__(detail)
        self.part = part


@dataclass(frozen=True)
class Workload:
    """What is used in a month; counts of tokens, images and searches are those of one request."""

    requests: int
    input_tokens: int = 0
    """All of them, cached ones too: prices by context go by this number."""
    output_tokens: int = 0
    """Of the answer, without reasoning."""
    cached_share: Decimal = Decimal(0)
    """Of the input, read from a cache."""
    written_share: Decimal = Decimal(0)
    """Of the input, written to a cache for five minutes, or with no lifetime stated."""
    written_1h_share: Decimal = Decimal(0)
    """Of the input, written to a cache for an hour."""
    batch_share: Decimal = Decimal(0)
    """Of the requests, sent in batches."""
    reasoning_tokens: int | None = None
    """Beside the answer; None: whether it reasons is not said."""
    images: Decimal = Decimal(0)
    """Made."""
    input_images: Decimal = Decimal(0)
    """In the prompt, where they are priced by the piece."""
    searches: Decimal = Decimal(0)
    """Calls of the provider's own web search."""
    tier: str = STANDARD
    """Of what is not sent in batches."""
    region: str = ""
    """Empty: global, else the maker's home."""

    def __post_init__(self) -> None:
        """Refuse what is no workload, by name."""
        if self.cached_share + self.written_share + self.written_1h_share > 1:
            raise WorkloadError("cached_share", "what is cached and written is more than the input")
        if not any((self.whole_input, self.whole_output, self.pieces, self.searches)):
            raise WorkloadError("input_tokens", "a request holds something: name its tokens")

    @property
    def whole_input(self) -> int:
        """Tokens of one prompt."""
        return self.input_tokens

    @property
    def whole_output(self) -> int:
        """Tokens of one answer, with reasoning."""
        return self.output_tokens + (self.reasoning_tokens or 0)

    @property
    def pieces(self) -> dict[Meter, Decimal]:
        """What is priced by the piece, of one request."""
        both = {Meter.IMAGES: self.images, Meter.INPUT_IMAGES: self.input_images}
        return {meter: number for meter, number in both.items() if number}

    def parts(self) -> tuple[tuple[str, int], ...]:
        """Divide the requests among service tiers; none is divided itself."""
        batch = round(self.requests * self.batch_share)
        parts = ((self.tier, self.requests - batch), (BATCH, batch))
        return tuple((tier, requests) for tier, requests in parts if requests)

    def counted(self, requests: int) -> Counted:
        """Count so many requests; each token once, and whole: what is left over is plain input."""
        return Counted(
            format="",
            amounts={meter: number for meter, number in self._amounts(requests) if number},
            tools={},
            whole_input=self.whole_input,
            whole_output=self.whole_output,
            reasoned=None if self.reasoning_tokens is None else self.reasoning_tokens > 0,
            tier="",
            region="",
            unknown=(),
            warnings=(),
        )

    def _amounts(self, requests: int) -> tuple[tuple[Meter, int], ...]:
        prompts = self.input_tokens * requests
        read = round(prompts * self.cached_share)
        written = round(prompts * self.written_share)
        kept = min(round(prompts * self.written_1h_share), prompts - read - written)
        return (
            (Meter.INPUT_TOKENS, prompts - read - written - kept),
            (Meter.CACHE_READ_TOKENS, read),
            (Meter.CACHE_WRITE_TOKENS, written),
            (Meter.CACHE_WRITE_1H_TOKENS, kept),
            (Meter.OUTPUT_TOKENS, self.output_tokens * requests),
            (Meter.REASONING_TOKENS, (self.reasoning_tokens or 0) * requests),
        )
