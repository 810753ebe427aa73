"""Whole crawls replayed from cassettes with no site behind them, the real conversation kept.

The cassettes are recorded from our own site, with TOKENTAPE_RECORD=1 in the environment.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import vcr  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import Engine

from catalog.vocabulary import Outcome
from tests.spiders.shop import NOON, crawl_at, shop, table
from tests.spiders.site import Answer, Says, page, robots, serving

CASSETTES = Path(__file__).parent.parent / "cassettes"
PORT = 18187
RECORDING = os.environ.get("TOKENTAPE_RECORD") == "1"
MODE = "all" if RECORDING else "none"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What the site says, and what each crawl of it must come to."""

    answers: dict[str, tuple[Says, ...]]
    outcomes: tuple[Outcome, ...]
    detail: str = ""
    """Part of what the last crawl says in words."""


HTML = {"Content-Type": "text/html; charset=utf-8", "Set-Cookie": "sid=secret"}
VERSIONED = {**HTML, "ETag": '"v1"', "Last-Modified": "Sun, 22 Nov 2026 11:00:00 GMT"}
CHALLENGE = (
    "<!doctype html><html><head><title>Just a moment...</title></head><body>"
    "Enable JavaScript and cookies to continue</body></html>"
)
SCENARIOS = {
    "read": Scenario(answers={"/pricing": (page(table()),)}, outcomes=(Outcome.OK,)),
    "not-modified": Scenario(
        answers={
            "/pricing": (
                Answer(body=table().encode(), headers=VERSIONED),
                Answer(status=304, headers={"ETag": '"v1"'}),
            )
        },
        outcomes=(Outcome.OK, Outcome.UNCHANGED),
    ),
    "robots-refuses": Scenario(
        answers={"/robots.txt": (robots("User-agent: tokentape\nDisallow: /pricing"),)},
        outcomes=(Outcome.ROBOTS,),
        detail="robots.txt refuses /pricing to tokentape",
    ),
    "robots-unavailable": Scenario(
        answers={"/robots.txt": (Answer(status=503),)},
        outcomes=(Outcome.ROBOTS,),
        detail="/robots.txt answered 503",
    ),
    "too-many-requests": Scenario(
        answers={
            "/pricing": (Answer(status=429, headers={"Retry-After": "1"}), page(table())),
        },
        outcomes=(Outcome.OK,),
    ),
    "left-alone": Scenario(
        answers={"/pricing": (Answer(status=429, headers={"Retry-After": "86400"}),)},
        outcomes=(Outcome.BLOCKED, Outcome.BLOCKED),
        detail="asked to be left alone until",
    ),
    "retried": Scenario(
        answers={"/pricing": (Answer(status=503), Answer(status=503), page(table()))},
        outcomes=(Outcome.OK,),
    ),
    "down": Scenario(
        answers={"/pricing": (Answer(status=503, body=b"<h1>Down for maintenance</h1>"),)},
        outcomes=(Outcome.NETWORK,),
        detail="answered 503 Service Unavailable",
    ),
    "challenge": Scenario(
        answers={"/pricing": (page(CHALLENGE),)},
        outcomes=(Outcome.BLOCKED,),
        detail="a challenge page came",
    ),
    "gone": Scenario(
        answers={"/pricing": (Answer(status=410),)},
        outcomes=(Outcome.GONE,),
        detail="answered 410 Gone",
    ),
    "led-away": Scenario(
        answers={
            "/pricing": (
                Answer(status=302, headers={"Location": "http://business.example.org/plans"}),
            )
        },
        outcomes=(Outcome.PAGE_CHANGED,),
        detail="leads to http://business.example.org/plans",
    ),
    "laid-out-otherwise": Scenario(
        answers={"/pricing": (page(table().replace("Input", "Prompt")),)},
        outcomes=(Outcome.PAGE_CHANGED,),
        detail="none of the known forms (tokens)",
    ),
}


def without_cookies(response: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    kept = {n: v for n, v in response["headers"].items() if n.lower() != "set-cookie"}
    return response | {"headers": kept}


@contextmanager
def conversation(name: str) -> Iterator[vcr.cassette.Cassette]:
    """Replay a scenario's cassette, or record it anew from our own site."""
    path, answers = CASSETTES / f"{name}.yaml", SCENARIOS[name].answers
    with serving(PORT) if RECORDING else nullcontext() as site:
        if site is not None:
            site.answers.update({where: list(says) for where, says in answers.items()})
        with vcr.use_cassette(
            str(path),
            record_mode=MODE,
            match_on=["method", "uri"],
            before_record_response=without_cookies,
            filter_headers=["authorization", "cookie", "user-agent"],
        ) as cassette:
            yield cassette


@pytest.mark.xdist_group("cassettes")
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_recorded_crawl_comes_to_what_it_came_to(
    sqlite_store: Engine, tmp_path: Path, name: str
) -> None:
    scenario, source = SCENARIOS[name], shop(f"http://127.0.0.1:{PORT}/pricing")
    with conversation(name) as cassette:
        results = [
            result
            for number, _ in enumerate(scenario.outcomes)
            for result in crawl_at(
                sqlite_store, source, tmp_path, now=NOON + number * timedelta(hours=6)
            )
        ]
    assert tuple(result.outcome for result in results) == scenario.outcomes
    assert scenario.detail in results[-1].detail
    assert RECORDING or cassette.all_played


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_cassette_holds_no_cookie(name: str) -> None:
    assert "secret" not in (CASSETTES / f"{name}.yaml").read_text()


def test_every_cassette_belongs_to_a_scenario() -> None:
    assert {path.stem for path in CASSETTES.glob("*.yaml")} == set(SCENARIOS)
