"""Usage objects as APIs return them: every token is counted once, by its provider's rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.cost.counted import Counted, UsageError
from catalog.cost.formats import FORMATS
from catalog.cost.usage import count


def amounts(
    usage: dict[str, object], *, named: str | None = None, by: str | None = None
) -> dict[str, int]:
    counted = count(usage, named, by)
    return {meter.value: number for meter, number in counted.amounts.items()}


CHAT: dict[str, object] = {
    "prompt_tokens": 1117,
    "completion_tokens": 446,
    "total_tokens": 1563,
    "prompt_tokens_details": {"cached_tokens": 1024, "audio_tokens": 0},
    "completion_tokens_details": {
        "reasoning_tokens": 320,
        "audio_tokens": 0,
        "accepted_prediction_tokens": 0,
        "rejected_prediction_tokens": 0,
    },
}


def test_openai_counts_cached_inside_prompt_and_reasoning_inside_completion() -> None:
    assert amounts(CHAT) == {
        "input_tokens": 93,
        "output_tokens": 126,
        "cache_read_tokens": 1024,
        "reasoning_tokens": 320,
    }


def test_openai_responses_count_the_same_under_other_names() -> None:
    usage: dict[str, object] = {
        "input_tokens": 36,
        "input_tokens_details": {"cached_tokens": 6, "cache_write_tokens": 10},
        "output_tokens": 87,
        "output_tokens_details": {"reasoning_tokens": 40},
        "total_tokens": 123,
    }
    assert amounts(usage) == {
        "input_tokens": 20,
        "output_tokens": 47,
        "cache_read_tokens": 6,
        "cache_write_tokens": 10,
        "reasoning_tokens": 40,
    }


def test_a_cached_audio_token_is_inside_three_numbers_and_counted_once() -> None:
    usage: dict[str, object] = {
        "total_tokens": 253,
        "input_tokens": 132,
        "output_tokens": 121,
        "input_token_details": {
            "text_tokens": 119,
            "audio_tokens": 13,
            "image_tokens": 0,
            "cached_tokens": 70,
            "cached_tokens_details": {"text_tokens": 64, "audio_tokens": 6, "image_tokens": 0},
        },
        "output_token_details": {"text_tokens": 30, "audio_tokens": 91},
    }
    assert amounts(usage) == {
        "input_tokens": 55,
        "output_tokens": 30,
        "cache_read_tokens": 64,
        "input_audio_tokens": 7,
        "cache_read_audio_tokens": 6,
        "output_audio_tokens": 91,
    }


def test_anthropic_counts_the_cache_beside_input_and_the_hours_apart() -> None:
    usage: dict[str, object] = {
        "input_tokens": 2048,
        "cache_read_input_tokens": 1800,
        "cache_creation_input_tokens": 248,
        "cache_creation": {"ephemeral_5m_input_tokens": 148, "ephemeral_1h_input_tokens": 100},
        "output_tokens": 503,
        "server_tool_use": {"web_search_requests": 3, "web_fetch_requests": 2},
        "service_tier": "batch",
        "inference_geo": "us",
    }
    assert amounts(usage) == {
        "input_tokens": 2048,
        "output_tokens": 503,
        "cache_read_tokens": 1800,
        "cache_write_tokens": 148,
        "cache_write_1h_tokens": 100,
    }
    counted = count(usage)
    assert (counted.whole_input, counted.tier, counted.region) == (4096, "batch", "us")
    assert counted.tools == {"anthropic/web-search": 3}


def test_anthropics_written_tokens_without_an_hour_are_of_five_minutes() -> None:
    usage: dict[str, object] = {
        "input_tokens": 10,
        "output_tokens": 1,
        "cache_creation_input_tokens": 7,
        "cache_read_input_tokens": None,
    }
    assert amounts(usage)["cache_write_tokens"] == 7


def test_a_field_that_is_new_does_not_make_it_another_format() -> None:
    usage: dict[str, object] = {
        "input_tokens": 5,
        "output_tokens": 2,
        "cache_read_input_tokens": 7,
        "mood": "good",
    }
    counted = count(usage, provider="vertex")
    assert counted.format == "anthropic"
    assert counted.amounts == {"input_tokens": 5, "output_tokens": 2, "cache_read_tokens": 7}
    assert counted.warnings == ("mood is no known field; it changes no sum",)
    assert count({"input_tokens": 5, "mood": "good"}, provider="anthropic").format == "anthropic"


def test_calls_of_a_tool_nobody_knows_are_kept_and_told() -> None:
    calls = {"web_search_requests": 0, "web_fetch_requests": 2, "code_execution_requests": 3}
    counted = count({"input_tokens": 5, "output_tokens": 2, "server_tool_use": calls})
    assert counted.unknown == (("server_tool_use.code_execution_requests", 3),)


def test_what_a_compaction_read_is_not_left_out() -> None:
    """Anthropic counts its own summary of a long conversation in ``iterations`` alone."""
    passes: list[object] = [
        {"type": "compaction", "input_tokens": 180_000, "output_tokens": 3500},
        {"type": "message", "input_tokens": 23_000, "output_tokens": 1000},
    ]
    usage: dict[str, object] = {"input_tokens": 23_000, "output_tokens": 1000}
    assert count(usage | {"iterations": passes[1:]}).unknown == ()
    assert count(usage | {"iterations": None}).unknown == ()
    assert count(usage | {"iterations": passes}).unknown == (("iterations of compaction", 183_500),)


def test_gemini_counts_cached_inside_and_thoughts_and_tools_beside() -> None:
    usage: dict[str, object] = {
        "promptTokenCount": 1000,
        "cachedContentTokenCount": 400,
        "candidatesTokenCount": 200,
        "thoughtsTokenCount": 300,
        "toolUsePromptTokenCount": 50,
        "totalTokenCount": 1550,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 700},
            {"modality": "AUDIO", "tokenCount": 300},
        ],
        "cacheTokensDetails": [
            {"modality": "TEXT", "tokenCount": 300},
            {"modality": "AUDIO", "tokenCount": 100},
        ],
        "trafficType": "ON_DEMAND",
    }
    assert amounts(usage) == {
        "input_tokens": 450,
        "cache_read_tokens": 300,
        "output_tokens": 200,
        "reasoning_tokens": 300,
        "input_audio_tokens": 200,
        "cache_read_audio_tokens": 100,
    }


def test_gemini_on_vertex_says_by_its_traffic_which_tier_it_was() -> None:
    usage: dict[str, object] = {"promptTokenCount": 5, "totalTokenCount": 5}
    said = {
        "ON_DEMAND": "",
        "TRAFFIC_TYPE_UNSPECIFIED": "",
        "ON_DEMAND_PRIORITY": "priority",
        "ON_DEMAND_FLEX": "flex",
        "PROVISIONED_THROUGHPUT": "provisioned_throughput",
    }
    assert {word: count(usage | {"trafficType": word}).tier for word in said} == said


def test_parts_that_are_named_twice_are_summed() -> None:
    parts = [{"modality": "AUDIO", "tokenCount": 3}, {"modality": "AUDIO", "tokenCount": 4}]
    usage: dict[str, object] = {"promptTokenCount": 10, "promptTokensDetails": parts}
    assert amounts(usage) == {"input_tokens": 3, "input_audio_tokens": 7}


def test_gemini_reads_the_same_from_its_python_library() -> None:
    usage: dict[str, object] = {
        "prompt_token_count": 100,
        "candidates_token_count": 20,
        "thoughts_token_count": 5,
        "total_token_count": 125,
        "cached_content_token_count": None,
        "prompt_tokens_details": [{"modality": "IMAGE", "token_count": 60}],
    }
    assert amounts(usage) == {
        "input_tokens": 40,
        "input_image_tokens": 60,
        "output_tokens": 20,
        "reasoning_tokens": 5,
    }


def test_deepseeks_hits_and_misses_are_its_prompt() -> None:
    usage: dict[str, object] = {
        "prompt_tokens": 100,
        "completion_tokens": 30,
        "total_tokens": 130,
        "prompt_tokens_details": {"cached_tokens": 64},
        "completion_tokens_details": {"reasoning_tokens": 12},
        "prompt_cache_hit_tokens": 64,
        "prompt_cache_miss_tokens": 36,
    }
    assert amounts(usage) == {
        "input_tokens": 36,
        "cache_read_tokens": 64,
        "output_tokens": 18,
        "reasoning_tokens": 12,
    }


def test_alibabas_written_cache_is_inside_the_prompt() -> None:
    details: dict[str, object] = {
        "cached_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 2048},
        "cache_creation_input_tokens": 2048,
        "cache_type": "ephemeral",
    }
    counted = count({"prompt_tokens": 3019, "prompt_tokens_details": details})
    assert counted.amounts == {"input_tokens": 971, "cache_write_tokens": 2048}
    assert counted.warnings == ()


def test_what_xai_charged_is_no_token() -> None:
    usage: dict[str, object] = {"input_tokens": 3, "output_tokens": 4, "cost_in_usd_ticks": 5}
    assert count(usage, provider="xai").unknown == ()


def test_openrouters_charge_is_no_token() -> None:
    usage: dict[str, object] = {
        "prompt_tokens": 194,
        "completion_tokens": 2,
        "total_tokens": 196,
        "cost": 0.95,
        "is_byok": False,
        "cost_details": {"upstream_inference_cost": 19},
        "prompt_tokens_details": {"cached_tokens": 100, "cache_write_tokens": 50},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
    assert count(usage).format == "openrouter"
    assert amounts(usage) == {
        "input_tokens": 44,
        "cache_read_tokens": 100,
        "cache_write_tokens": 50,
        "output_tokens": 2,
    }


def test_openrouters_generation_is_counted_in_native_tokens() -> None:
    usage: dict[str, object] = {
        "native_tokens_prompt": 10,
        "native_tokens_completion": 25,
        "native_tokens_reasoning": 5,
        "native_tokens_cached": 3,
        "tokens_prompt": 9,
        "tokens_completion": 23,
        "total_cost": 0.0015,
    }
    assert amounts(usage) == {
        "input_tokens": 7,
        "cache_read_tokens": 3,
        "output_tokens": 20,
        "reasoning_tokens": 5,
    }


def test_bedrock_counts_the_cache_beside_input() -> None:
    usage: dict[str, object] = {
        "inputTokens": 30,
        "outputTokens": 628,
        "totalTokens": 1658,
        "cacheReadInputTokens": 600,
        "cacheReadInputTokenCount": 600,
        "cacheWriteInputTokens": 400,
        "cacheDetails": [{"ttl": "1h", "inputTokens": 150}, {"ttl": "5m", "inputTokens": 250}],
    }
    assert amounts(usage) == {
        "input_tokens": 30,
        "output_tokens": 628,
        "cache_read_tokens": 600,
        "cache_write_tokens": 250,
        "cache_write_1h_tokens": 150,
    }


def xai(total: int | None) -> dict[str, object]:
    usage: dict[str, object] = {
        "prompt_tokens": 32,
        "completion_tokens": 9,
        "completion_tokens_details": {"reasoning_tokens": 6},
    }
    return usage if total is None else usage | {"total_tokens": total}


def test_the_stated_total_tells_whether_reasoning_lies_beside() -> None:
    assert amounts(xai(47)) == {"input_tokens": 32, "output_tokens": 9, "reasoning_tokens": 6}
    assert amounts(xai(41)) == {"input_tokens": 32, "output_tokens": 3, "reasoning_tokens": 6}


def test_without_a_total_the_provider_tells() -> None:
    assert amounts(xai(None), by="xai")["output_tokens"] == 9
    assert amounts(xai(None), by="openai")["output_tokens"] == 3
    assert amounts(xai(None), named="xai")["output_tokens"] == 9


def test_with_neither_it_is_refused() -> None:
    with pytest.raises(UsageError, match=r"openai-chat or xai; name the format or provider"):
        count(xai(None))


def test_fields_that_mean_the_same_in_two_formats_need_no_decision() -> None:
    assert amounts({"input_tokens": 5, "output_tokens": 2}) == {
        "input_tokens": 5,
        "output_tokens": 2,
    }


@pytest.mark.parametrize(
    ("usage", "says"),
    [
        ({"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": 11}}, "1 more than"),
        ({"prompt_tokens": -1}, "counts from 0"),
        ({"prompt_tokens": 1.0}, "whole numbers"),
        ({"prompt_tokens": True}, "whole numbers"),
        ({"prompt_tokens": "10"}, "whole numbers"),
        ({"prompt_tokens": 10**15 + 1}, "counts from 0"),
        ({"prompt_tokens": 1, "prompt_tokens_details": 3}, "an object or a list"),
        ({"promptTokenCount": 1, "promptTokensDetails": [3]}, "a modality and its tokenCount"),
        ({"prompt_tokens": 3, "prompt_cache_hit_tokens": 4}, "1 more than"),
        (
            {"prompt_tokens": 3, "cached_tokens": 1, "prompt_tokens_details": {"cached_tokens": 2}},
            "2 in one place and 1 in another",
        ),
        ({"input_tokens": 3, "service_tier": 3}, "gives a word there"),
        ({}, "of no known format"),
        ({"usage": {"prompt_tokens": 3}}, "of no known format"),
        ({"completion_tokens": 3}, "of no known format"),
        ({"prompt_tokens": None}, "a number in prompt_tokens"),
    ],
)
def test_what_cannot_be_is_refused(usage: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        count(usage)


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="known are openai-chat"):
        count({"prompt_tokens": 1}, "cohere")


def test_a_number_nobody_knows_is_kept_and_told() -> None:
    counted = count({"prompt_tokens": 1, "num_sources_used": 4, "citation_tokens": 0})
    assert counted.unknown == (("num_sources_used", 4),)
    part = count({"prompt_tokens": 9, "prompt_tokens_details": {"smell_tokens": 4}})
    assert part.unknown == ()
    assert part.warnings == (
        "prompt_tokens_details.smell_tokens is no known field; it changes no sum",
    )


def test_a_total_that_is_off_is_told() -> None:
    counted = count({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 5})
    assert counted.warnings == ("total_tokens is +2 beside what its parts add up to",)


number = st.integers(min_value=0, max_value=10**6)


@given(number, number, number, number)
def test_parts_always_add_up_to_the_whole(cached: int, audio: int, rest: int, out: int) -> None:
    prompt = cached + audio + rest
    counted = count(
        {
            "prompt_tokens": prompt,
            "completion_tokens": out,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": audio},
        }
    )
    assert _inputs(counted) == prompt
    assert counted.whole_input == prompt
    assert counted.whole_output == out


def _inputs(counted: Counted) -> int:
    return sum(n for meter, n in counted.amounts.items() if not meter.startswith("output"))


def test_every_field_that_lies_inside_another_names_a_field_of_its_format() -> None:
    for declared in FORMATS:
        paths = {field.path for field in declared.fields}
        named = {path for field in declared.fields for path in (*field.inside, field.same_as)}
        assert named - {""} <= paths, declared.name
        assert {path for parts in declared.totals.values() for path in parts} <= paths
