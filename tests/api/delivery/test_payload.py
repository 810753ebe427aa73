"""A message is whole: what happened, and where it can be checked, in less than 20,000 bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.delivery.payload import CUT, LARGEST, event_body
from tests.api.delivery.notices import notice


def test_a_message_says_what_happened() -> None:
    said = json.loads(event_body(notice("5", "4")))
    assert (said["type"], said["timestamp"]) == ("price.changed", "2026-11-22T00:00:00Z")
    data = said["data"]
    assert [data[name] for name in ("sequence", "old", "new", "percent", "ratio", "direction")] == [
        *(42, "5", "4", "-20", "0.8", "down")
    ]
    assert (data["tier"], data["region"], data["source_kind"]) == ("standard", "global", "official")
    assert data["evidence"] == {
        "url": "https://anthropic.example/docs",
        "fetched_at": "2026-11-22T00:00:00Z",
        "sha256": "ab" * 32,
        "text": "Claude Opus 4.7: $4",
        "locator": "row 3",
    }


@pytest.mark.parametrize(
    ("old", "new", "percent"),
    [("3", "4", "33.3333"), ("0", "4", None), (None, "4", None), ("4", "0", "-100")],
)
def test_percents_are_of_the_old_price(old: str | None, new: str, percent: str | None) -> None:
    assert json.loads(event_body(notice(old, new)))["data"]["percent"] == percent


@given(st.text(alphabet=st.sampled_from('a"\\\n\x01é語🦆'), min_size=1, max_size=20))
def test_long_words_are_cut_to_fit(piece: str) -> None:
    text = piece * 30_000
    body = event_body(notice(text=text))
    assert LARGEST - 50 < len(body.encode()) < LARGEST
    said = json.loads(body)["data"]["evidence"]["text"]
    assert said.endswith(CUT)
    assert text.startswith(said.removesuffix(CUT))


def test_a_text_that_just_fits_is_left_alone() -> None:
    room = LARGEST - 1 - len(event_body(notice(text="")).encode())
    assert CUT not in event_body(notice(text="a" * room))
    assert CUT in event_body(notice(text="a" * (room + 1)))
