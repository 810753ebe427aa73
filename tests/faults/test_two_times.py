"""What held then, as it was known then: on both stores, as a memory that keeps everything says.

Each example is one order of pages and many prices on them. A history is what happens to one price.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import URL, Engine

from catalog.identity import Alias, Identity, LabelAlias, Model, load
from catalog.past.history import prices
from catalog.reading import PricePoint
from catalog.review.correcting import correct_price
from catalog.review.corrections import Correction, CorrectionError
from catalog.store import open_store, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Edge, Outcome
from tests.catalog.builders import Catalog, failed, point, visit
from tests.catalog.full_memory import Overruled, Remembered, Says, Span, held
from tests.faults.conftest import Form
from tests.faults.copies import copied
from tests.faults.tally import Tally, say

MANY, FEW = 20_000, 320
"""Histories on each store, in the long form and the short one."""
PRICES, FEW_PRICES = 100, 40
"""Histories in one example."""
MIDNIGHT = datetime(2026, 5, 1, tzinfo=UTC)
BEGUN = datetime(2026, 8, 1, tzinfo=UTC)
"""When the first page is learnt: after all that pages state."""
HALF = timedelta(hours=12)
DAYS = 12
TIERS = ("priority", "fast")
"""Two printed words for one tier, which is what a renaming is."""


def moment(slot: int) -> datetime:
    return MIDNIGHT + slot * HALF


def learnt_at(number: int) -> datetime:
    return BEGUN + timedelta(hours=number)


def identity() -> Identity:
    """Declare models with two printed names each, and a tier with two words."""
    ids = {n: f"maker/m{n}" for n in range(PRICES)}
    models = {id_: Model(id_, "maker", f"m{n}", "m", "model") for n, id_ in ids.items()}
    aliases = tuple(
        Alias("anthropic", f"Old {n}", id_, Edge.ALIAS, "a test") for n, id_ in ids.items()
    )
    tier = LabelAlias("anthropic", "tier", *TIERS, since=None, why="a test")
    return Identity(models, load().providers, aliases, rules=(), labels=(tier,))


IDENTITY = identity()


@dataclass(frozen=True)
class Page:
    """One page as one version of its reader read it, or a visit that failed or found no change.

    ``codes`` hold what it states, one number a price.
    """

    slot: int
    kind: str
    version: int = 1
    codes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Correcting:
    """What a person says of one price."""

    price: int
    amount: int | None
    start: int
    end: int | None


Step = Page | Correcting
Fresh = Callable[[], AbstractContextManager[Engine]]
"""What makes a fresh store."""


def says(code: int) -> Says:
    """Make a number what a page states of a price; small numbers are the simple ones."""
    code, kind = divmod(code, 10)
    code, amount = divmod(code, 3)
    code, day = divmod(code, DAYS + 6)
    later = 2 * (day - 1 + code % 4)
    start = 2 * (day - 2)
    made: dict[int, Says] = {
        4: (),
        5: (Span(amount, start, None),),
        6: (Span(amount, None, start),),
        7: (Span(amount, None, start), Span((amount + 1) % 3, start, None)),
        8: (Span(amount, None, start), Span((amount + 2) % 3, later, None)),
        9: (Span(amount, start, later),),
    }
    return made.get(kind, (Span(amount, None, None),))


def stated(price: int, code: int) -> Iterator[PricePoint]:
    """Print what a page states of a price, under one of its names and words."""
    name = f"Old {price}" if code % 2 else f"m{price}"
    tier = TIERS[code % 3 % 2] if price % 2 else "standard"
    for span in says(code):
        yield point(
            name,
            str(span.amount),
            tier=tier,
            valid_from=None if span.start is None else moment(span.start).date(),
            valid_to=None if span.end is None else moment(span.end).date(),
        )


CODES = st.integers(0, 10 * 3 * (DAYS + 6) * 4 - 1)


@st.composite
def histories(draw: st.DrawFn, count: int) -> list[Step]:
    """Draw some pages in the order they are learnt, some read again, some corrected by a person."""
    slots = draw(st.lists(st.integers(0, 2 * DAYS), min_size=1, max_size=6, unique=True))
    codes = st.lists(CODES, min_size=count, max_size=count).map(tuple)
    steps: list[Step] = []
    for slot in slots:
        kind = draw(st.sampled_from(["read"] * 5 + ["failed", "unchanged", "again"]))
        if kind == "again":
            steps.append(Page(slot, "read", 1, draw(codes)))
            steps.append(Page(slot, "read", 2, draw(codes)))
        else:
            steps.append(Page(slot, kind, 1, draw(codes) if kind == "read" else ()))
    for _ in range(draw(st.integers(0, 2))):
        steps.insert(draw(st.integers(1, len(steps))), draw(correcting(count)))
    return steps


@st.composite
def correcting(draw: st.DrawFn, count: int) -> Correcting:
    start = draw(st.integers(-2, 2 * DAYS))
    length = draw(st.none() | st.integers(1, 10))
    amount = draw(st.none() | st.integers(0, 2))
    return Correcting(draw(st.integers(0, count - 1)), amount, start, length and start + length)


def page_of(page: Page) -> Visit:
    at = moment(page.slot).isoformat()
    digest = f"{page.slot:064}"
    if page.kind == "failed":
        return failed(at, cause=Cause.BACKFILLED)
    if page.kind == "unchanged":
        return failed(at, Outcome.UNCHANGED, cause=Cause.BACKFILLED)
    cause = Cause.BACKFILLED if page.version == 1 else Cause.CORRECTED
    points = [one for price, code in enumerate(page.codes) for one in stated(price, code)]
    return visit(at, *points, sha256=digest, reader_version=page.version, cause=cause)


@dataclass
class Memory:
    """All that was learnt, in order."""

    pages: list[Remembered]
    overruled: list[Overruled]

    def learn(self, number: int, step: Page) -> None:
        """Remember a page."""
        if step.kind == "read":
            shown = {price: says(code) for price, code in enumerate(step.codes)}
        elif step.kind == "unchanged":
            before = [page for page in self.pages if page.slot <= step.slot]
            if not before:
                return
            shown = dict(max(before, key=lambda page: (page.slot, page.version)).says)
        else:
            return
        self.pages.append(Remembered(number, step.slot, step.version, shown))

    def line(self, price: int, known: int) -> Mapping[int, int | None]:
        """Give what held, as known after the nth thing was learnt."""
        pages = [page for page in self.pages if page.learnt <= known]
        return held(pages, [said for said in self.overruled if said.learnt <= known], price)


def correct(catalog: Catalog, memory: Memory, number: int, step: Correcting) -> None:
    """Let a person correct a price; where that says nothing new, or of nothing, it is refused."""
    shown = any(step.price in page.says and page.says[step.price] for page in memory.pages)
    before = memory.line(step.price, number)
    said = Overruled(number, step.price, step.amount, step.start, step.end)
    after = held(memory.pages, [*memory.overruled, said], step.price)
    wanted = Correction(
        series=slug(step.price),
        amount=None if step.amount is None else Decimal(step.amount),
        valid_from=moment(step.start),
        valid_to=None if step.end is None else moment(step.end),
        reason="a test says so",
        url="a test",
        words="a test",
    )
    if not shown or before == after:
        with pytest.raises(CorrectionError):
            correct_price(catalog.engine, wanted, identity=IDENTITY, now=catalog.now)
        return
    correct_price(catalog.engine, wanted, identity=IDENTITY, now=catalog.now)
    memory.overruled.append(said)


def slug(price: int) -> str:
    tier = "fast:" if price % 2 else ""
    return f"anthropic:maker-m{price}:{tier}input_tokens"


def live(catalog: Catalog, steps: Sequence[Step]) -> Memory:
    """Let a store and a memory learn the same, one thing an hour."""
    memory = Memory([], [])
    for number, step in enumerate(steps):
        catalog.clock = learnt_at(number) - timedelta(minutes=1)
        if isinstance(step, Correcting):
            correct(catalog, memory, number, step)
        else:
            catalog.take(page_of(step))
            memory.learn(number, step)
    return memory


def check(engine: Engine, steps: Sequence[Step], count: int, slots: Sequence[int]) -> None:
    """Ask a store and a memory the same of every pair of times."""
    catalog = Catalog(engine, identity=IDENTITY, clock=learnt_at(-1))
    memory = live(catalog, steps)
    catalog.clock = learnt_at(len(steps))
    with reading(engine) as session:
        for known in range(len(steps)):
            lines = [memory.line(price, known) for price in range(count)]
            for slot in slots:
                found = prices(
                    session, now=catalog.clock, as_of=moment(slot), known_at=learnt_at(known)
                )
                wanted = {slug(p): line[slot] for p, line in enumerate(lines)}
                assert {price.series: price.amount for price in found} == {
                    series: amount for series, amount in wanted.items() if amount is not None
                }


@pytest.fixture
def fresh(request: pytest.FixtureRequest, store_url: str) -> Fresh:
    """Give what makes a fresh store of each kind, as often as it is asked."""
    template = f"sqlite:///{request.getfixturevalue('migrated_sqlite')}"
    if store_url.startswith("postgresql"):
        migrated: URL = request.getfixturevalue("migrated_postgresql")
        template = migrated.render_as_string(hide_password=False)

    @contextmanager
    def opened() -> Iterator[Engine]:
        with copied(template) as (url, _):
            engine = open_store(url)
            try:
                yield engine
            finally:
                engine.dispose()

    return opened


def test_every_pair_of_times_answers_as_a_full_memory_does(
    fresh: Fresh, form: Form, tally: Tally
) -> None:
    count = PRICES if form.whole else FEW_PRICES
    examples = (MANY if form.whole else FEW) // count
    done = 0

    @seed(form.seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        steps=histories(count),
        slots=st.lists(st.integers(-4, 2 * DAYS + 12), min_size=5, max_size=5, unique=True),
    )
    def hold(steps: list[Step], slots: list[int]) -> None:
        nonlocal done
        with fresh() as engine:
            check(engine, steps, count, slots)
        done += 1
        if done % 20 == 0:
            say(f"{tally.store}: {done * count} of {examples * count} histories")

    hold()
