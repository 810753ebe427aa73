"""Two other calculators, asked the same; and our own, on their prices, to tell data from errors."""

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from catalog.cost import Counted
from catalog.cost.rates import Proof, Rate
from catalog.moments import parse_moment
from catalog.vocabulary import Meter, Precision, SourceKind, Unit

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it asks the network while imported
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what other libraries deprecate in each other is not ours
    import genai_prices
    import litellm
    from genai_prices.data_snapshot import get_snapshot
    from genai_prices.types import ModelPrice, TieredPrices
    from litellm.types.utils import Usage as LiteUsage

litellm.suppress_debug_info = True
AT = datetime(2026, 9, 5, tzinfo=UTC)
M = Meter


class Peer(Protocol):
    """Another calculator."""

    name: ClassVar[str]
    tolerance: ClassVar[Decimal]
    """By how much of a sum its arithmetic may be off: floats are."""

    def knows(self, model: str) -> str | None:
        """Give its name of a model; None where it has none."""

    def total(self, name: str, maker: str, usage: dict[str, object], counted: Counted) -> Decimal:
        """Give what it says a usage costs, in dollars."""

    def rates(self, name: str, maker: str) -> list[Rate]:
        """Give its prices of a model, as our calculator takes them."""


def spellings(model: str) -> tuple[str, ...]:
    """Give a model's name, as its maker's API spells it and with dashes for points."""
    name = model.partition("/")[2]
    return (name, name.replace(".", "-"))


def of_peer(peer: str, maker: str, meter: Meter, amount: Decimal, over: int = 0) -> Rate:
    """State one of a peer's prices, in dollars per 1M tokens, for all time."""
    proof = Proof(f"https://{peer}.example", AT, None, "", "")
    return Rate(
        series=f"{peer}:{meter}:{over}",
        source=peer,
        kind=SourceKind.OFFICIAL,
        provider=maker,
        tier="standard",
        region="global",
        context_over=over,
        variant="",
        window="",
        meter=meter,
        unit=Unit.MILLION_TOKENS,
        currency="USD",
        amount=amount,
        reason="",
        valid_from=parse_moment("2020-01-01"),
        precision=Precision.EXACT,
        not_before=None,
        confirmed_at=AT,
        proof=proof,
    )


@dataclass(frozen=True)
class GenaiPrices:
    """genai_prices.calc_price, on what its own extract_usage reads in the raw usage."""

    name: ClassVar = "genai-prices"
    tolerance: ClassVar = Decimal(0)
    PROVIDERS: ClassVar = {"moonshot": "moonshotai", "xai": "x-ai"}
    METERS: ClassVar = (
        ("input_mtok", M.INPUT_TOKENS),
        ("output_mtok", M.OUTPUT_TOKENS),
        ("cache_read_mtok", M.CACHE_READ_TOKENS),
        ("cache_write_mtok", M.CACHE_WRITE_TOKENS),
        ("cache_write_1h_mtok", M.CACHE_WRITE_1H_TOKENS),
        ("input_audio_mtok", M.INPUT_AUDIO_TOKENS),
        ("output_reasoning_mtok", M.REASONING_TOKENS),
    )

    def provider(self, maker: str) -> str:
        """Give its id of a maker."""
        return self.PROVIDERS.get(maker, maker)

    def knows(self, model: str) -> str | None:
        """Give its reference to a model that it finds itself."""
        snapshot, provider = get_snapshot(), self.provider(model.partition("/")[0])
        for name in spellings(model):
            try:
                snapshot.find_provider_model(name, None, provider, None)
            except LookupError:
                continue
            return name
        return None

    def total(self, name: str, maker: str, usage: dict[str, object], counted: Counted) -> Decimal:
        """Extract and price."""
        usage_key = "usageMetadata" if counted.format == "gemini" else "usage"
        response = {usage_key: usage, "model": name, "modelVersion": name}
        provider = self.provider(maker)
        flavor = "default" if maker in ("anthropic", "google", "xai", "mistral") else "chat"
        read = genai_prices.extract_usage(response, provider_id=provider, api_flavor=flavor)
        priced = genai_prices.calc_price(
            read.usage, name, provider_id=provider, genai_request_timestamp=AT
        )
        return priced.total_price

    def rates(self, name: str, maker: str) -> list[Rate]:
        """Give the prices of the model that it finds."""
        _, model = get_snapshot().find_provider_model(name, None, self.provider(maker), None)
        return list(self._rates(model.get_prices(AT), maker))

    def _rates(self, prices: ModelPrice, maker: str) -> Iterator[Rate]:
        for attribute, meter in self.METERS:
            stated = getattr(prices, attribute, None)
            if isinstance(stated, TieredPrices):
                yield of_peer(self.name, maker, meter, stated.base)
                for tier in stated.tiers:
                    yield of_peer(self.name, maker, meter, tier.price, tier.start)
            elif stated is not None:
                yield of_peer(self.name, maker, meter, stated)


@dataclass(frozen=True)
class LiteLLM:
    """litellm.cost_per_token, on a usage as its own adapters make it of each API's."""

    name: ClassVar = "litellm"
    tolerance: ClassVar = Decimal("1e-9")
    PREFIXES: ClassVar = {"google": "gemini"}
    METERS: ClassVar = (
        ("input_cost_per_token", M.INPUT_TOKENS),
        ("output_cost_per_token", M.OUTPUT_TOKENS),
        ("cache_read_input_token_cost", M.CACHE_READ_TOKENS),
        ("cache_creation_input_token_cost", M.CACHE_WRITE_TOKENS),
        ("cache_creation_input_token_cost_above_1hr", M.CACHE_WRITE_1H_TOKENS),
        ("input_cost_per_audio_token", M.INPUT_AUDIO_TOKENS),
        ("output_cost_per_reasoning_token", M.REASONING_TOKENS),
    )
    STEPS: ClassVar = (128, 200, 256, 272, 512)

    def knows(self, model: str) -> str | None:
        """Give the key of its map."""
        maker = model.partition("/")[0]
        prefix = self.PREFIXES.get(maker, maker)
        names = (*(f"{prefix}/{name}" for name in spellings(model)), *spellings(model))
        return next((name for name in names if name in litellm.model_cost), None)

    def total(self, name: str, maker: str, usage: dict[str, object], counted: Counted) -> Decimal:
        """Price the sum of both sides."""
        del maker, usage
        amounts = counted.amounts
        written, read = amounts.get(M.CACHE_WRITE_TOKENS, 0), amounts.get(M.CACHE_READ_TOKENS, 0)
        of_an_hour = amounts.get(M.CACHE_WRITE_1H_TOKENS, 0)
        prompt: dict[str, object] = {
            "cached_tokens": read,
            "cache_creation_tokens": written + of_an_hour,
            "audio_tokens": amounts.get(M.INPUT_AUDIO_TOKENS, 0),
            "cache_creation_token_details": {
                "ephemeral_5m_input_tokens": written,
                "ephemeral_1h_input_tokens": of_an_hour,
            },
        }
        both: dict[str, Any] = {
            "prompt_tokens": counted.whole_input,
            "completion_tokens": counted.whole_output,
            "total_tokens": counted.whole_input + counted.whole_output,
            "prompt_tokens_details": prompt,
            "completion_tokens_details": {
                "reasoning_tokens": amounts.get(M.REASONING_TOKENS, 0),
                "text_tokens": amounts.get(M.OUTPUT_TOKENS, 0),
            },
            "cache_creation_input_tokens": written + of_an_hour,
            "cache_read_input_tokens": read,
        }
        sides = litellm.cost_per_token(model=name, usage_object=LiteUsage(**both))
        return Decimal(repr(sides[0])) + Decimal(repr(sides[1]))

    def rates(self, name: str, maker: str) -> list[Rate]:
        """Give the prices of its map."""
        return list(self._rates(litellm.model_cost[name], maker))

    def _rates(self, stated: Mapping[str, object], maker: str) -> Iterator[Rate]:
        for key, meter in self.METERS:
            for field, over in self._fields(key):
                each = stated.get(field)
                if isinstance(each, float | int):
                    amount = (Decimal(repr(each)) * 10**6).quantize(Decimal("1e-9"))
                    yield of_peer(self.name, maker, meter, amount, over)

    def _fields(self, key: str) -> Sequence[tuple[str, int]]:
        steps = [(f"{key}_above_{step}k_tokens", step * 1000) for step in self.STEPS]
        return [(key, 0), *steps]


PEERS: tuple[Peer, ...] = (GenaiPrices(), LiteLLM())
