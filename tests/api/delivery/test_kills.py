"""Whoever is killed when: every event is told, none that never was, each under one id.

The short form runs with all tests; ``make deliveries SEED=n`` kills 300 times on each store and
writes what it came to; ``STORE=sqlite`` is one of the two.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from random import Random

import pytest

from tests.api.delivery.conftest import KILLS
from tests.api.delivery.evidence import EVIDENCE, STORES, Shown, keep
from tests.api.delivery.kills import Ledger, kill
from tests.api.delivery.rebinding import count_taken, rebound
from tests.api.delivery.verifying import VERIFIERS, count_tampered
from tests.checkout import commit

MANY, FEW = 300, 4
TAMPERS, REBINDINGS = 10_000, 2000


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_whoever_is_killed_every_event_is_told_and_none_that_never_was(
    request: pytest.FixtureRequest,
    store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed: int | None = request.config.getoption(KILLS, default=None)
    random = Random(1 if seed is None else seed)  # noqa: S311 chances of a test
    ledger = kill(store_url, tmp_path, random, FEW if seed is None else MANY)
    assert (ledger.lost, ledger.phantom, ledger.changed) == (0, 0, 0)
    assert ledger.deliveries > 0
    assert len(set(ledger.verifiers.values())) == 1
    if seed is not None:
        store = store_url.partition(":")[0].partition("+")[0]
        keep(_shown(seed, store, ledger, random, monkeypatch))


def _shown(
    seed: int, store: str, ledger: Ledger, random: Random, patch: pytest.MonkeyPatch
) -> Shown:
    with ThreadPoolExecutor(32) as executor:
        accepted, _ = rebound(patch, executor, REBINDINGS)
        reached = accepted + count_taken(executor)
    return Shown(
        seed=seed,
        commit=commit(),
        store=store,
        kills=ledger.kills,
        deliveries=ledger.deliveries,
        lost=ledger.lost,
        phantom=ledger.phantom,
        repeats=ledger.repeats,
        verifiers=ledger.verifiers,
        tampered_accepted=count_tampered(random, TAMPERS),
        ssrf_accepted=reached,
    )


def test_the_evidence_is_of_both_stores_and_without_a_fault() -> None:
    if not EVIDENCE.exists():
        pytest.skip("make deliveries was not run yet")
    rows = json.loads(EVIDENCE.read_text("utf-8"))
    assert tuple(row["store"] for row in rows) == STORES
    for row in rows:
        assert list(row) == [one.name for one in fields(Shown)]
        assert row["kills"] >= MANY
        faults = ("lost", "phantom", "tampered_accepted", "ssrf_accepted")
        assert [row[name] for name in faults] == [0, 0, 0, 0]
        assert row["verifiers"].keys() == VERIFIERS.keys()
        assert len(set(row["verifiers"].values())) == 1
