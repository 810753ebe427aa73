"""The long form (``make faults SEED=n``) and the short one that runs with all tests."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import URL, make_url

from tests.faults.copies import copied
from tests.faults.steps import Ready, prepare
from tests.faults.tally import Tally, commit, write_evidence
from tests.spiders.site import Site, serving

TALLIES = pytest.StashKey[dict[str, Tally]]()
SEED = "--faults"
STORES = {"postgresql", "sqlite"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the seed of the long form."""
    parser.addoption(SEED, type=int, default=None, help="Break all there is to break: a seed.")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the evidence of a long form that went through."""
    tallies = session.config.stash.get(TALLIES, {})
    whole = session.config.getoption(SEED, default=None) is not None
    if whole and exitstatus == 0 and tallies.keys() == STORES:
        write_evidence(tallies)


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


@pytest.fixture
def tally(request: pytest.FixtureRequest, form: Form, store_url: str) -> Iterator[Tally]:
    """Give the numbers of this test's store, and add its time to them."""
    tallies = request.config.stash.setdefault(TALLIES, {})
    name = make_url(store_url).get_backend_name()
    one = tallies.setdefault(name, Tally(form.seed, commit() if form.whole else "", name))
    begun = time.monotonic()
    yield one
    one.seconds += round(time.monotonic() - begun)


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


@pytest.fixture(scope="session")
def shops(empty: str) -> Iterator[Callable[[str], Ready]]:
    """Give what prepares a store, once for each kind, with two days of the shop in it."""
    known: dict[str, Ready] = {}
    with serving() as site, ExitStack() as stack:
        _quiet(site)

        def prepared(migrated: str) -> Ready:
            if migrated not in known:
                url, folder = stack.enter_context(copied(migrated))
                known[migrated] = prepare(site, url, folder, empty)
            return known[migrated]

        yield prepared


@pytest.fixture
def ready(
    request: pytest.FixtureRequest, store_url: str, empty: str, shops: Callable[[str], Ready]
) -> Ready:
    """Give a store of each kind with two days of the shop in it, to be copied."""
    if make_url(store_url).get_backend_name() == "sqlite":
        return shops(empty)
    migrated: URL = request.getfixturevalue("migrated_postgresql")
    return shops(migrated.render_as_string(hide_password=False))
