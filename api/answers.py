"""From what the catalog knows to what goes out: pure, field by field."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from api.shapes import (
    AliasOut,
    BenchmarkOut,
    ConversionOut,
    DocumentOut,
    EventOut,
    EvidenceOut,
    FactOut,
    HoldOut,
    ModelOut,
    PriceOut,
    ProviderOut,
    QualityOut,
    RankingOut,
    ReferenceAmountOut,
    ResolvedOut,
    ScoreOut,
    SourceOut,
    VisitOut,
)
from catalog import ranking
from catalog.changes import Event, Evidence
from catalog.facts import FactSeen
from catalog.guards import Scope
from catalog.history import Price
from catalog.holds import Decision, HoldSeen
from catalog.identity import Alias, Match, Model
from catalog.listings import Listing, seen_at
from catalog.money import plain
from catalog.ranking import Benchmark, Quality, Question, ReferenceAmount, Scored
from catalog.sources import DocumentState, SourceState
from catalog.view import Selling
from catalog.visits import VisitSeen
from catalog.vocabulary import Meter, SourceKind, Unit


def age(of: datetime | None, known_at: datetime) -> int | None:
    """Count the whole seconds since a moment; None of none."""
    return None if of is None else _seconds(of, known_at)


def _seconds(of: datetime, known_at: datetime) -> int:
    return max(0, int((known_at - of).total_seconds()))


def amount(value: Decimal | None) -> str | None:
    """Print an amount as the wire does."""
    return None if value is None else plain(value)


def price(one: Price, known_at: datetime) -> PriceOut:
    """Give a price."""
    return PriceOut(
        series=one.series,
        model=one.model,
        printed=one.label,
        provider=one.provider,
        source=one.source,
        tier=one.tier,
        region=one.region,
        context_over=one.context_over,
        variant=one.variant,
        window=one.window,
        meter=one.meter,
        unit=one.unit,
        currency=one.currency,
        amount=amount(one.amount),
        list_amount=amount(one.list_amount),
        ended=one.reason or None,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        precision=one.precision,
        not_before=one.not_before,
        confirmed_at=one.confirmed_at,
        recorded_at=one.recorded_at,
        age_seconds=_seconds(seen_at(one), known_at),
        evidence=evidence(one.evidence),
    )


def evidence(one: Evidence) -> EvidenceOut:
    """Give where a price can be checked."""
    return EvidenceOut(
        url=one.url,
        fetched_at=one.fetched_at,
        sha256=one.sha256,
        archived=one.archived,
        snapshot=snapshot(one.sha256, archived=one.archived),
        text=one.text,
        locator=one.locator,
    )


def snapshot(sha256: str | None, *, archived: bool) -> str | None:
    """Give where archived bytes are served."""
    return f"/snapshots/{sha256}" if archived else None


def event(one: Event) -> EventOut:
    """Give an event of the log."""
    return EventOut(
        sequence=one.sequence,
        type=one.type,
        cause=one.cause,
        initial=one.initial,
        model=one.model,
        provider=one.provider,
        source=one.source,
        series=one.series,
        meter=Meter(one.meter) if one.meter else None,
        unit=Unit(one.unit) if one.unit else None,
        currency=one.currency,
        old=amount(one.old),
        new=amount(one.new),
        ratio=amount(one.ratio),
        direction=one.direction,
        all_time_low=one.all_time_low,
        detail=one.detail,
        valid_from=one.valid_from,
        recorded_at=one.recorded_at,
        evidence=evidence(one.evidence) if one.evidence else None,
    )


def score(one: Scored) -> ScoreOut:
    """Give a benchmark result that a quality rests on."""
    return ScoreOut(
        benchmark=one.benchmark,
        score=plain(one.score),
        printed=one.printed,
        source=one.source,
        date=one.stated.isoformat() if one.stated else None,
        seen_at=one.seen,
    )


def quality(one: Quality | None) -> QualityOut | None:
    """Give a quality index with the scores it is made from."""
    if one is None:
        return None
    return QualityOut(
        index=plain(one.index),
        coverage=plain(one.coverage),
        scores=[score(each) for each in one.scores],
    )


def reference_amount(meter: Meter, one: ReferenceAmount) -> ReferenceAmountOut:
    """Give one amount of a reference price with where it comes from."""
    made = one.conversion
    return ReferenceAmountOut(
        meter=meter,
        amount=plain(one.amount),
        series=one.quote.series,
        window=one.quote.window,
        region=one.quote.region,
        conversion=ConversionOut(
            of_amount=plain(made.of_amount),
            of_currency=made.of_currency,
            rate=plain(made.rate),
            rate_date=made.rate_date.isoformat(),
        )
        if made
        else None,
    )


def model(one: Listing, known_at: datetime) -> ModelOut:
    """Give a model as the list shows it."""
    standing = one.standing
    reference = standing.reference
    return ModelOut(
        model=one.model.id,
        name=one.model.name,
        maker=one.model.maker,
        family=one.model.family,
        kind=one.model.kind,
        value=amount(standing.value),
        reason=standing.reason,
        quality=quality(standing.quality),
        price=amount(standing.blended),
        input=amount(reference.amount(Meter.INPUT_TOKENS)),
        output=amount(reference.amount(Meter.OUTPUT_TOKENS)),
        cached_input=amount(reference.amount(Meter.CACHE_READ_TOKENS)),
        reference=[reference_amount(meter, each) for meter, each in reference.amounts.items()],
        stars=standing.stars,
        band=standing.band,
        pareto=standing.pareto,
        context=one.context,
        providers=list(one.providers),
        changed=one.changed,
        confirmed_at=one.confirmed_at,
        age_seconds=age(one.seen_at, known_at),
    )


def fact(one: FactSeen) -> FactOut:
    """Give a fact."""
    return FactOut(
        name=one.name,
        value=one.value,
        source=one.source,
        printed=one.printed,
        evidence=one.evidence,
        seen_at=one.seen_at,
    )


def alias(one: Alias) -> AliasOut:
    """Give a declared name."""
    return AliasOut(source=one.source, printed=one.printed, edge=one.edge, why=one.why)


def provider(one: Selling) -> ProviderOut:
    """Give who sells."""
    return ProviderOut(
        provider=one.provider,
        name=one.name,
        models=one.models,
        prices=one.prices,
        sources=list(one.sources),
    )


def document(one: DocumentState, known_at: datetime) -> DocumentOut:
    """Give a document's state."""
    return DocumentOut(
        document=one.document,
        url=one.url,
        outcome=one.outcome,
        detail=one.detail,
        fetched_at=one.fetched_at,
        last_good_at=one.last_good_at,
        age_seconds=age(one.last_good_at, known_at),
    )


def source(one: SourceState, known_at: datetime) -> SourceOut:
    """Give a source's state."""
    return SourceOut(
        source=one.source,
        kind=SourceKind(one.kind),
        provider=one.provider,
        cadence_seconds=int(one.cadence.total_seconds()),
        outcome=one.outcome,
        in_words=one.in_words,
        last_run_at=one.last_run_at,
        last_good_at=one.last_good_at,
        age_seconds=age(one.last_good_at, known_at),
        documents=[document(each, known_at) for each in one.documents],
        unmapped=list(one.unmapped),
    )


def visit(one: VisitSeen) -> VisitOut:
    """Give a visit."""
    return VisitOut(
        id=one.id,
        document=one.document,
        url=one.url,
        fetched_at=one.fetched_at,
        outcome=one.outcome,
        in_words=one.outcome.meaning,
        detail=one.detail,
        cause=one.cause,
        sha256=one.sha256,
        archived=one.archived,
        snapshot=snapshot(one.sha256, archived=one.archived),
    )


def hold(one: HoldSeen) -> HoldOut:
    """Give what a guard holds."""
    return HoldOut(
        hold=one.hold.id,
        state=Decision(one.hold.decision),
        guard=one.hold.guard,
        holds=Scope(one.hold.scope),
        about=one.hold.about,
        reasons=one.hold.reasons,
        source=one.visit.source,
        document=one.visit.document,
        visit=visit(one.visit),
        since=one.since,
        decided_at=one.decided_at,
    )


def benchmark(one: Benchmark) -> BenchmarkOut:
    """Give how a benchmark is weighed."""
    return BenchmarkOut(
        id=one.id, low=plain(one.low), high=plain(one.high), weight=plain(one.weight), why=one.why
    )


def ranking_of(asked: Question) -> RankingOut:
    """Give the formula with what is declared in it and what was asked for."""
    mix = asked.mix
    return RankingOut(
        value=ranking.FORMULA,
        blended=ranking.BLENDED_FORMULA,
        quality=ranking.QUALITY_FORMULA,
        mix=f"{plain(mix.input_parts)}:{plain(mix.output_parts)}",
        cached_share=plain(mix.cached_share),
        alpha=plain(asked.alpha),
        floor=plain(ranking.PRICE_FLOOR),
        currency=ranking.CURRENCY,
        benchmarks=[benchmark(each) for each in ranking.BENCHMARKS],
    )


def resolved(asked: str, match: Match) -> ResolvedOut:
    """Give the model that a name means."""
    return ResolvedOut(
        id=asked,
        model=match.model.id,
        name=match.model.name,
        maker=match.model.maker,
        kind=match.model.kind,
        edge=match.edge,
        why=match.why,
        candidates=[],
    )


def unresolved(asked: str, alike: Iterable[Model]) -> ResolvedOut:
    """Say that a name means no known model, and which look alike."""
    return ResolvedOut(
        id=asked,
        model=None,
        name=None,
        maker=None,
        kind=None,
        edge=None,
        why="no table or rule maps this name to a model",
        candidates=[model.id for model in alike],
    )
