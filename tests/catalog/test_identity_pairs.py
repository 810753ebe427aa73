"""Ids in the wild: what is one model is one, what is two stays two, and most are known."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from catalog.identity import ANY, Match, load
from catalog.identity.moving_names import moves
from catalog.vocabulary import Edge
from tests.captures import CAPTURES, NO_CAPTURES
from tests.catalog.identity_seeds import stated
from tests.catalog.listed_ids import CATALOGS, chat_ids

ENOUGH = 95
TRAPS = {
    "a dated id": r"-20\d{2}-?\d{2}-?\d{2}|-\d{4}$",
    "free of charge": r":free",
    "the batch tier": r":batch",
    "thinking": r"[-:]thinking",
    "a release behind an at": r"@\d{8}",
    "a region in front": r"\b(us|eu|apac|jp|au|global)[./]|us-gov",
    "quantised": r"-(fp8|fp4|awq|gguf|int4|int8|fp16|bf16|nvfp4|turbo)|[-:]q\d",
    "distilled": r"distill|deepseek-r1:\d",
    "two sizes": r"\d+(\.\d+)?b\b|-(mini|nano|haiku|flash)",
    "a preview": r"preview|-exp",
    "a fine-tune": r"ft[:-]",
    "a resource name": r"^arn:",
}
"""What an id may say that misleads, and how it is known by its spelling."""


class Pair(NamedTuple):
    """Two ids, each as one source (or anybody) writes it, and whether they are one model."""

    a: str
    source_a: str
    b: str
    source_b: str
    verdict: str
    why: str


def _pairs() -> list[Pair]:
    lines = (Path(__file__).parent / "identity_pairs.tsv").read_text("utf-8").splitlines()
    return [Pair(*line.split("\t")) for line in lines[1:]]


def _models(pair: Pair) -> tuple[str | None, str | None]:
    return _model(pair.a, pair.source_a or None), _model(pair.b, pair.source_b or None)


def _model(printed: str, source: str | None = None) -> str | None:
    match = load().resolve(printed, source)
    return match.model.id if match else None


def test_the_table_is_large_and_half_of_it_comes_from_the_catalogs_themselves() -> None:
    pairs = _pairs()
    seeded = [pair for pair in pairs if pair.source_a]
    assert len(pairs) >= 400
    assert len(seeded) * 2 >= len(pairs)
    assert {pair.verdict for pair in pairs} == {"same", "different"}
    assert len(set(pairs)) == len(pairs)


@pytest.mark.parametrize("trap", TRAPS)
def test_the_table_holds_every_trap_in_both_ways(trap: str) -> None:
    """``same`` proves that the form is read, ``different`` that it is not read too far."""
    held = {
        pair.verdict
        for pair in _pairs()
        if re.search(TRAPS[trap], f"{pair.a} {pair.b}", re.IGNORECASE)
    }
    assert held == {"same", "different"}


@pytest.mark.skipif(not CAPTURES.is_dir(), reason=NO_CAPTURES)
def test_every_seeded_pair_stands_in_the_catalog_it_is_from() -> None:
    unfounded = [
        pair for pair in _pairs() if pair.source_a and (pair.a, pair.b) not in stated(pair.why)
    ]
    assert unfounded == []


def test_no_two_models_of_the_table_are_merged() -> None:
    merged = [
        pair
        for pair in _pairs()
        if pair.verdict == "different" and _models(pair)[0] == _models(pair)[1]
    ]
    assert merged == []


def test_all_names_of_one_model_in_the_table_are_known_as_it() -> None:
    split = [
        pair
        for pair in _pairs()
        if pair.verdict == "same" and (None in _models(pair) or len(set(_models(pair))) > 1)
    ]
    assert split == []


@pytest.mark.skipif(not CAPTURES.is_dir(), reason=NO_CAPTURES)
@pytest.mark.parametrize("source", sorted(CATALOGS))
def test_nearly_all_chat_models_of_the_catalogs_are_known(source: str) -> None:
    ids = chat_ids(source)
    unknown = [one for one in ids if load().resolve(one, source) is None]
    assert len(unknown) * 100 <= (100 - ENOUGH) * len(ids), unknown


def _resolved(asked: str) -> Match:
    match = load().resolve(asked)
    assert match is not None
    return match


def test_an_id_says_who_sells_where_and_in_which_tier() -> None:
    match = _resolved("bedrock/us.anthropic.claude-opus-4-6-v1:0")
    assert match.model.id == "anthropic/claude-opus-4.6"
    assert (match.provider, match.region, match.edge) == ("bedrock", "us", Edge.REGION_FORM)
    assert _resolved("gpt-5:batch").tier == "batch"
    assert _resolved("bedrock/us-west-2/anthropic.claude-instant-v1").region == "us-west-2"


@pytest.mark.parametrize(
    ("asked", "seller"),
    [
        ("ollama/llama3.1", "ollama"),
        ("cerebras/llama3.1-8b", "cerebras"),
        ("openrouter/deepseek/deepseek-chat:free", "openrouter"),
        ("groq/compound", "groq"),
        ("oci/xai.grok-4", "oracle"),
        ("xai.grok-4", None),
        ("openai/gpt-5", None),
    ],
)
def test_a_seller_in_front_is_told_of_a_name_declared_with_it_too(
    asked: str, seller: str | None
) -> None:
    assert _resolved(asked).provider == seller


@pytest.mark.parametrize(
    ("asked", "variant"),
    [
        ("deepseek/deepseek-chat-v3:free", "free"),
        ("meta-llama/Llama-3.3-70B-Instruct-FP8", "fp8"),
        ("claude-opus-4-1-20250805-thinking", "thinking"),
        ("ft:gpt-4o-mini:org::id", "fine-tuned"),
        ("openrouter/meta-llama/llama-3.3-70b-instruct:nitro", "nitro"),
    ],
)
def test_what_else_an_id_says_of_the_offer_is_its_variant(asked: str, variant: str) -> None:
    assert _resolved(asked).variant == variant


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "/",
        "a/b/c",
        "someone/gpt-5",
        "mistral/claude-opus-4-6",
        "gpt-5-turbo",
        "gpt-7",
        "claude-opus-4-6-v9:9",
        "gemini-2.0-flash-thinking",
        "llama",
        "openrouter/",
        ":free",
        "gpt-5" * 100,
        "modèle",
        "\x00",
    ],
)
def test_what_nobody_declared_means_no_model(asked: str) -> None:
    assert load().resolve(asked) is None


@pytest.mark.parametrize(
    "around",
    [
        "{}-foo",
        "{}:foo",
        "{}-999b",
        "{}-v7",
        "{}-v9:0",
        "{}-20990101",
        "{}-2099-01-01",
        "{}@20990101",
        "{}-distill",
        "{}-abliterated",
        "{}-finetuned",
        "foo/{}",
        "my-{}",
        "xx.{}",
    ],
)
def test_no_known_name_is_known_with_what_nobody_declared_around_it(around: str) -> None:
    identity = load()
    known = {*identity.models, *(alias.printed for alias in identity.aliases)}
    assert [name for name in known if identity.resolve(around.format(name))] == []


def test_every_row_that_gives_an_example_is_right_about_it() -> None:
    identity = load()
    written = identity.beginnings.written.values()
    patterns = (part for _, part in identity.beginnings.patterns)
    endings = (part for parts in identity.endings.values() for part in parts)
    examples = [(part, ANY) for part in (*written, *patterns, *endings) if part.example]
    examples += [(rule.part, rule.source) for rule in identity.rules]
    wrong = [
        (part.example, part.means)
        for part, source in examples
        if _model(part.example, None if source == ANY else source) != part.means
    ]
    assert wrong == []


def test_a_part_is_taken_off_only_where_its_maker_made_the_model() -> None:
    assert _model("openai/gpt-5") == "openai/gpt-5"
    assert _model("google/gpt-5") is None
    assert _model("anthropic.gpt-5") is None


def test_a_moving_name_points_at_what_it_was_last_seen_to_point_at() -> None:
    match = _resolved("~anthropic/claude-opus-latest")
    assert (match.model.id, match.edge) == ("anthropic/claude-opus-5", Edge.POINTER)
    assert match.why.endswith("alias_target in its list of models of 2026-08-21")


def test_a_moving_name_keeps_from_when_to_when_it_pointed_at_what() -> None:
    targets = load().targets("deepseek-chat")
    assert [(one.model, str(one.since), str(one.until)) for one in targets] == [
        ("deepseek/deepseek-v3.1", "2025-08-25", "2025-12-01"),
        ("deepseek/deepseek-v3.2", "2025-12-01", "2026-07-17"),
        ("deepseek/deepseek-v4-flash", "2026-07-17", "2026-07-24"),
    ]


@pytest.mark.parametrize(
    ("day", "model"),
    [
        ("2026-08-20", None),
        ("2026-08-21", "anthropic/claude-opus-5"),
        ("2026-11-22", "anthropic/claude-opus-5"),
    ],
)
def test_a_moving_name_means_what_it_pointed_at_on_the_day(day: str, model: str | None) -> None:
    match = load().resolve_on(date.fromisoformat(day), "~anthropic/claude-opus-latest")
    assert (match and match.model.id) == model


def test_every_other_name_means_the_same_on_any_day() -> None:
    match = load().resolve_on(date(2024, 1, 1), "claude-opus-4-6")
    assert match is not None
    assert match.model.id == "anthropic/claude-opus-4.6"


@pytest.mark.parametrize(
    ("asked", "moved"),
    [
        ("deepseek/deepseek-chat", 3),
        ("xai/grok-4-latest", 1),
        ("mistral/magistral-medium-latest", 2),
        ("openrouter/deepseek/deepseek-chat", 0),
        ("azure/mistral-large-latest", 0),
        ("gpt-5", 0),
    ],
)
def test_a_makers_name_moves_with_the_maker_in_front_and_no_sellers_does(
    asked: str, moved: int
) -> None:
    assert len(load().targets(asked)) == moved


def test_an_api_id_that_says_latest_moves_within_its_model_or_keeps_what_it_pointed_at() -> None:
    identity = load()
    kept = {target.printed for target in identity.pointers}
    unkept = [
        alias.printed
        for alias in identity.aliases
        if alias.printed.endswith("-latest")
        and alias.printed not in kept
        and not moves(identity.models[alias.model])
        and _model(alias.printed.removesuffix("-latest")) != alias.model
    ]
    assert unkept == []


def test_targets_of_one_name_follow_each_other_and_name_listed_models() -> None:
    identity = load()
    for target in identity.pointers:
        assert target.model in identity.models
        assert target.source
    for printed in {target.printed for target in identity.pointers}:
        targets = identity.targets(printed)
        for before, after in pairwise(targets):
            assert before.until == after.since
