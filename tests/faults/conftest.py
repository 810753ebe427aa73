"""The long form (``make faults SEED=n``) and the short one that runs with all tests."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import URL

from tests.checkout import commit
from tests.faults.copies import copied
from tests.faults.steps import Ready, prepare
from tests.faults.tally import Tally, keep, kept
from tests.spiders.site import Site, serving

TALLY = pytest.StashKey[Tally]()
SEED = "--faults"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the seed of the long form."""
    parser.addoption(SEED, type=int, default=None, help="Break all there is to break: a seed.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what a part of a long form came to, where it went through."""
    report = yield
    tally = item.stash.get(TALLY, None)
    if call.when == "call" and report.passed and tally is not None:
        tally.seconds = round(report.duration)
        keep(part_of(item), tally)
    return report


def part_of(item: pytest.Item) -> str:
    """Name the part of a long form that a test is."""
    module = item.path.stem.removeprefix("test_")
    kind = _params(item).get("kind")
    return module if kind is None else f"{module}-{kind}"


def _params(item: pytest.Item) -> Mapping[str, object]:
    return item.callspec.params if isinstance(item, pytest.Function) else {}


@dataclass(frozen=True)
class Form:
    """How much is broken, and by which chances."""

    seed: int
    whole: bool

    @property
    def random(self) -> Random:
        """Chances that are the same for the same seed."""
        return Random(self.seed)  # noqa: S311 chances, not secrets


@pytest.fixture(scope="session")
def form(request: pytest.FixtureRequest) -> Form:
    """Say which form is run: the long one where a seed is given."""
    seed: int | None = request.config.getoption(SEED, default=None)
    return Form(1 if seed is None else seed, whole=seed is not None)


def _quiet(site: Site) -> Site:
    site.handle_error = lambda *_: None  # type: ignore[method-assign] # clients die on purpose
    return site


@pytest.fixture
def site() -> Iterator[Site]:
    """Run the shop's site, which says nothing of clients that die."""
    with serving() as site:
        yield _quiet(site)


@pytest.fixture(scope="session")
def empty(migrated_sqlite: Path) -> str:
    """Give a migrated, empty SQLite store, to be copied."""
    return f"sqlite:///{migrated_sqlite}"


@contextmanager
def _shop(migrated: str, empty: str) -> Iterator[Ready]:
    with serving() as site, copied(migrated) as (url, folder):
        yield prepare(_quiet(site), url, folder, empty)


@pytest.fixture(scope="session")
def sqlite_shop(empty: str) -> Iterator[Ready]:
    """Give a SQLite store with two days of the shop in it."""
    with _shop(empty, empty) as ready:
        yield ready


@pytest.fixture(scope="session")
def postgresql_shop(migrated_postgresql: URL, empty: str) -> Iterator[Ready]:
    """Give a PostgreSQL store with two days of the shop in it."""
    with _shop(migrated_postgresql.render_as_string(hide_password=False), empty) as ready:
        yield ready


@pytest.fixture(params=["sqlite", "postgresql"])
def ready(request: pytest.FixtureRequest) -> Ready:
    """Give a store of each kind with two days of the shop in it, to be copied."""
    prepared: Ready = request.getfixturevalue(f"{request.param}_shop")
    return prepared


@pytest.fixture
def tally(request: pytest.FixtureRequest, form: Form) -> Tally:
    """Give the numbers of this test's store; a part that this commit has been through is left."""
    params = _params(request.node)
    store = str(params["ready" if "ready" in params else "store_url"])
    one = Tally(form.seed, commit() if form.whole else "", store)
    if not form.whole:
        return one
    if not one.commit.endswith("dirty") and kept(part_of(request.node), one).exists():
        pytest.skip(f"{one.commit} has been through this")
    request.node.stash[TALLY] = one
    return one
