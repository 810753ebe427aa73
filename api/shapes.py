"""What goes out: the JSON shapes of every answer, the same everywhere."""

from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from catalog.guards import Scope
from catalog.holds import Decision
from catalog.moments import print_moment
from catalog.ranking import Band
from catalog.vocabulary import Cause, Edge, EventType, Meter, Outcome, Precision, SourceKind, Unit

Item = TypeVar("Item")
Moment = Annotated[AwareDatetime, PlainSerializer(print_moment, return_type=str)]
Amount = Annotated[str, Field(examples=["0.075"])]
"""An exact decimal, as text: no exponent, no trailing zeros."""


class Shape(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Meta(Shape):
    """Which state of the catalog was asked."""

    sequence: int
    """The last event of the log that this answer takes in; pass it to /changes?since=."""
    as_of: Moment
    """Prices that held at this moment."""
    known_at: Moment
    """As recorded by this moment."""


class Listed(Shape, Generic[Item]):
    """A page of a list."""

    data: list[Item]
    next: str | None
    """Pass it as ``cursor`` for the next page; null on the last."""
    meta: Meta


class EvidenceOut(Shape):
    """Where a price is stated, in the page's own words."""

    url: str
    fetched_at: Moment
    sha256: str | None
    """Of the bytes as served."""
    archived: bool
    """Whether those bytes are kept; of a bundled reading only their sha256 is."""
    snapshot: str | None
    """Where they are served, below this API's root; null where they are not archived."""
    text: str
    locator: str


class PriceOut(Shape):
    """One price of one series, and everything that proves it."""

    series: str
    """The series' lasting name: what is the same price over time."""
    model: str | None
    """The model's id; null where the printed name is no known model."""
    printed: str
    """The model's name as the page prints it."""
    provider: str
    source: str
    tier: str
    region: str
    context_over: int
    variant: str
    window: str
    meter: Meter
    unit: Unit
    currency: str
    amount: Amount | None
    """In the currency per unit; null where the price has come to an end."""
    list_amount: Amount | None
    """The regular price beside a promotion."""
    ended: str | None
    """``withdrawn`` or ``ended`` where there is no amount, else null."""
    valid_from: Moment
    valid_to: Moment | None
    """Exclusive: when the series' next known price starts."""
    precision: Precision
    """How well valid_from is known."""
    not_before: Moment | None
    """With precision ``between``: the last sighting of what held before."""
    confirmed_at: Moment | None
    """The last time, by as_of, that a page was seen to state it; null: only seen later."""
    recorded_at: Moment
    age_seconds: int
    """How old the knowledge is: from the last sighting, else from the evidence, to known_at."""
    evidence: EvidenceOut


class ScoreOut(Shape):
    """One benchmark result that a quality rests on."""

    benchmark: str
    score: str
    printed: str
    """The name, reasoning effort included, that the source gives it to."""
    source: str
    date: str | None
    """The day the source states; where none, it counts from seen_at."""
    seen_at: Moment


class QualityOut(Shape):
    """The quality index of a model."""

    index: str
    """0 and 100 are the anchors of the benchmarks; more than 100 is possible."""
    coverage: str
    """The share of the benchmarks' weight that has a score, 0 to 1."""
    scores: list[ScoreOut]


class ConversionOut(Shape):
    """How an amount was converted."""

    of_amount: Amount
    of_currency: str
    rate: str
    rate_date: str


class ReferenceAmountOut(Shape):
    """One amount of a reference price."""

    meter: Meter
    amount: Amount
    """USD per 1M tokens."""
    series: str
    """The series it is taken from."""
    window: str
    region: str
    conversion: ConversionOut | None


class ModelOut(Shape):
    """A model, what it costs, how good it is, and what it is worth."""

    model: str
    """The model's id, which holds a slash."""
    name: str
    maker: str
    family: str
    kind: str
    value: str | None
    """quality / max(blended, floor) ^ alpha; null with a reason."""
    reason: str | None
    """Why there is no value."""
    quality: QualityOut | None
    price: Amount | None
    """The blended reference price: USD for 1M tokens at the mix asked for."""
    input: Amount | None
    """The reference price of input, USD per 1M tokens."""
    output: Amount | None
    cached_input: Amount | None
    reference: list[ReferenceAmountOut]
    """Where the reference price comes from."""
    stars: int | None
    """5 for the best fifth by value, down to 1."""
    band: Band | None
    pareto: bool
    """Whether no other model is at least as good for at most the price."""
    context: int | None
    """The context window, in tokens."""
    providers: list[str]
    """Who sells it."""
    changed: Moment | None
    """When a price of it last changed, was added or was withdrawn; null: not since first seen."""
    confirmed_at: Moment | None
    """The oldest last sighting among its reference amounts, or all its prices if it has none."""
    age_seconds: int | None
    """How old the knowledge of those prices is: of the oldest of them."""


class BenchmarkOut(Shape):
    """How a benchmark enters the quality index."""

    id: str
    low: str
    high: str
    weight: str
    why: str


class RankingOut(Shape):
    """The formula and everything in it that is declared or was asked for."""

    value: str
    blended: str
    quality: str
    mix: str
    cached_share: str
    alpha: str
    floor: Amount
    currency: str
    benchmarks: list[BenchmarkOut]


class RankedMeta(Meta):
    """Which state of the catalog was asked, and how it was ranked."""

    ranking: RankingOut


class Models(Shape):
    """A page of ranked models."""

    data: list[ModelOut]
    next: str | None
    meta: RankedMeta


class FactOut(Shape):
    """Something a source states of a model."""

    name: str
    value: str
    source: str
    printed: str
    evidence: str
    seen_at: Moment


class AliasOut(Shape):
    """A printed name of a model."""

    source: str
    """Whose name it is; ``*`` is anyone's."""
    printed: str
    edge: Edge
    why: str


class ModelDetail(ModelOut):
    """A model with its prices, facts and names."""

    prices: list[PriceOut]
    """Everything that holds, of everyone who sells it."""
    facts: list[FactOut]
    aliases: list[AliasOut]
    meta: RankedMeta


class ProviderOut(Shape):
    """Who sells inference."""

    provider: str
    name: str
    models: int
    """How many known models it has a price for."""
    prices: int
    sources: list[str]
    """Who says so."""


class DocumentOut(Shape):
    """One page or API answer of a source, and its last visit."""

    document: str
    url: str
    outcome: Outcome | None
    """null where it was never visited."""
    detail: str
    fetched_at: Moment | None
    last_good_at: Moment | None
    age_seconds: int | None
    """Since last_good_at."""


class SourceOut(Shape):
    """A publisher of prices, scores or rates, and how its last run went."""

    source: str
    kind: SourceKind
    provider: str
    cadence_seconds: int
    outcome: Outcome | None
    """Of its last run, the worst of its documents; null before the first."""
    in_words: str
    last_run_at: Moment | None
    last_good_at: Moment | None
    age_seconds: int | None
    """Since last_good_at."""
    documents: list[DocumentOut]
    unmapped: list[str]
    """Printed names that are no known model."""


class VisitOut(Shape):
    """One visit of one document, and what came of it."""

    id: int
    document: str
    url: str
    fetched_at: Moment
    outcome: Outcome
    in_words: str
    detail: str
    cause: Cause
    sha256: str | None
    """Of the bytes as served; null where nothing was."""
    archived: bool
    snapshot: str | None
    """Where the bytes are served; null where they are not archived."""


class HoldOut(Shape):
    """What a guard holds back of one visit."""

    hold: int
    """Its number, for `tokentape review`."""
    state: Decision
    guard: str
    holds: Scope
    about: str
    """The model, or its printed name, or the series it is about; empty for the whole document."""
    reasons: list[str]
    source: str
    document: str
    visit: VisitOut
    """The visit whose word is held."""
    since: Moment
    decided_at: Moment | None
    """null while it is open."""


class SourceDetail(SourceOut):
    """One source, what of it is held or was refused, and when it was asked."""

    open_holds: int
    """How many holds of it wait for a person; /holds?source= lists them."""
    refused_visits: list[VisitOut]
    """Its latest visits that read nothing, latest first, at most twenty."""
    meta: Meta


class EventOut(Shape):
    """What became different."""

    sequence: int
    type: EventType
    cause: Cause
    initial: bool
    """Part of a source's or reader form's first sight: delivered to nobody."""
    model: str | None
    provider: str
    source: str
    series: str | None
    """The series whose price it is of; null where it is of an offer, a model or a source."""
    meter: Meter | None
    unit: Unit | None
    currency: str | None
    old: Amount | None
    new: Amount | None
    ratio: str | None
    """new / old, to six places; null where either is absent or old is zero."""
    direction: str | None
    """``up`` or ``down``."""
    all_time_low: bool
    detail: str
    """What an event that is not of one price says."""
    valid_from: Moment
    recorded_at: Moment
    evidence: EvidenceOut | None


class ResolvedOut(Shape):
    """The model that a name means; all but ``candidates`` null where it means none."""

    id: str
    """As asked."""
    model: str | None
    name: str | None
    maker: str | None
    kind: str | None
    edge: Edge | None
    why: str
    candidates: list[str]
    """Known models whose names look alike, where the name means none; never a match."""


class Health(Shape):
    """The server answers and reads its store."""

    status: str
    sequence: int
