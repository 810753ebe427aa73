"""The rules of models.dev's api.json, as strict as its own schema, and how its readers reckon."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    TypeAdapter,
    model_validator,
)

from catalog.cost import Tokens

COMPATIBLE = ("@ai-sdk/openai-compatible", "@openrouter/ai-sdk-provider")
MAY_NAME_API = ("@ai-sdk/anthropic", "@ai-sdk/openai", "kiro")
LONG = 200_000
MILLION = Decimal(1_000_000)


def number(value: object) -> object:
    """Refuse what is no JSON number, as the text of one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{value!r} is no number")  # noqa: TRY004 pydantic asks for it
    return value


Amount = Annotated[Decimal, BeforeValidator(number), Field(ge=0)]
Text = Annotated[StrictStr, Field(min_length=1)]
Day = Annotated[StrictStr, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
Modality = Literal["text", "audio", "image", "video", "pdf"]


class Strict(BaseModel):
    """Takes nothing that it does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cost(Strict):
    """USD per million tokens."""

    input: Amount
    output: Amount
    reasoning: Amount | None = None
    cache_read: Amount | None = None
    cache_write: Amount | None = None
    input_audio: Amount | None = None
    output_audio: Amount | None = None


class Above(Strict):
    """What a tier holds above."""

    type: Literal["context"]
    size: Annotated[StrictInt, Field(gt=0)]


class Tier(Cost):
    """All costs of requests with more tokens."""

    tier: Above


class WholeCost(Cost):
    """A model's costs, with those of long prompts."""

    tiers: tuple[Tier, ...] = ()
    context_over_200k: Cost | None = None

    @model_validator(mode="after")
    def _tiers_fit(self) -> Self:
        sizes = [one.tier.size for one in self.tiers]
        if len(set(sizes)) != len(sizes):
            raise ValueError("two tiers have the same size")
        long = [one for one in self.tiers if one.tier.size == LONG]
        made = {**long[0].model_dump(exclude={"tier"})} if long else None
        said = self.context_over_200k
        if (said.model_dump() if said else None) != made:
            raise ValueError("context_over_200k is what is made of the tier of 200,000")
        return self


class Limit(Strict):
    """Tokens."""

    context: Annotated[StrictInt, Field(ge=0)]
    output: Annotated[StrictInt, Field(ge=0)]
    input: Annotated[StrictInt, Field(ge=0)] | None = None


class Modalities(Strict):
    """What goes in, and what comes out."""

    input: Annotated[tuple[Modality, ...], Field(min_length=1)]
    output: Annotated[tuple[Modality, ...], Field(min_length=1)]


class Mode(Strict):
    """Another way to be served."""

    cost: Cost


class Experimental(Strict):
    """What is not settled."""

    modes: Mapping[str, Mode]


class Model(Strict):
    """One model of a provider."""

    id: Text
    name: Text
    attachment: StrictBool
    reasoning: StrictBool
    tool_call: StrictBool
    release_date: Day
    last_updated: Day
    modalities: Modalities
    open_weights: StrictBool
    limit: Limit
    cost: WholeCost | None = None
    reasoning_options: tuple[object, ...] | None = None
    experimental: Experimental | None = None
    status: Literal["alpha", "beta", "deprecated"] | None = None
    structured_output: StrictBool | None = None
    temperature: StrictBool | None = None
    family: Text | None = None
    knowledge: Day | None = None

    @model_validator(mode="after")
    def _reasoning_fits(self) -> Self:
        if self.reasoning != (self.reasoning_options is not None):
            raise ValueError("reasoning_options are there exactly where it reasons")
        if not self.reasoning and self.cost and self.cost.reasoning is not None:
            raise ValueError("a model that does not reason has no cost of reasoning")
        return self


class Provider(Strict):
    """Who serves models, and by which package."""

    id: Text
    name: Text
    npm: Text
    env: Annotated[tuple[Text, ...], Field(min_length=1)]
    doc: Text
    models: Mapping[str, Model]
    api: Text | None = None

    @model_validator(mode="after")
    def _keys_fit(self) -> Self:
        if self.npm in COMPATIBLE and self.api is None:
            raise ValueError(f"{self.npm} needs api")
        if self.npm not in (*COMPATIBLE, *MAY_NAME_API) and self.api is not None:
            raise ValueError(f"{self.npm} knows its api itself")
        if any(key != one.id for key, one in self.models.items()):
            raise ValueError("a model stands under another id than its own")
        return self


Api = TypeAdapter(dict[str, Provider])


def read(text: bytes) -> dict[str, Provider]:
    """Read an api.json with exact numbers; raise ValueError for what models.dev would refuse."""
    found = Api.validate_python(json.loads(text, parse_float=Decimal))
    if any(key != one.id for key, one in found.items()):
        raise ValueError("a provider stands under another id than its own")
    return found


def total(model: Model, tier: str, tokens: Tokens) -> Decimal | None:
    """Give what a usage costs by a model's costs; None where it has no cost of a part.

    Above a tier's size all of a request has the tier's costs.
    """
    modes = model.experimental.modes if model.experimental else {}
    costs: Cost | None = model.cost if tier == "standard" else modes[tier].cost
    whole = tokens.input + tokens.cache_read + tokens.cache_write + tokens.cache_write_1h
    if isinstance(costs, WholeCost):
        above = [one for one in costs.tiers if whole > one.tier.size]
        costs = max(above, key=lambda one: one.tier.size, default=costs)
    if costs is None:
        return None
    parts = (
        (tokens.input, costs.input),
        (tokens.output, costs.output),
        (tokens.cache_read, costs.cache_read),
        (tokens.cache_write, costs.cache_write),
        (tokens.cache_write_1h, None),
    )
    if any(count and cost is None for count, cost in parts):
        return None
    return sum((count * cost for count, cost in parts if cost is not None), Decimal(0)) / MILLION
