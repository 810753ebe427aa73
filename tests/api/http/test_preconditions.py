"""Preconditions: 304 for what is held, 412 for what is no longer, 200 else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from api.http.preconditions import conditions_of, http_date, outcome

TAG = '"abc"'
MODIFIED = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
AT, BEFORE = "Mon, 01 Jun 2026 12:00:00 GMT", "Mon, 01 Jun 2026 11:59:59 GMT"


def test_dates_are_written_as_http_does() -> None:
    assert http_date(MODIFIED) == AT


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"if-none-match": TAG}, 304),
        ({"if-none-match": f"W/{TAG}"}, 304),
        ({"if-none-match": f'"x", {TAG}'}, 304),
        ({"if-none-match": f'"x,y",{TAG} '}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"abd"'}, 200),
        ({"if-none-match": "abc"}, 200),
        ({"if-none-match": f"{TAG} nonsense"}, 200),
        ({"if-none-match": ""}, 200),
        ({"if-none-match": '"x"', "if-modified-since": AT}, 200),
        ({"if-modified-since": AT}, 304),
        ({"if-modified-since": BEFORE}, 200),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-modified-since": "Mon, 01 Jun 99999 12:00:00 GMT"}, 200),
        ({"if-match": TAG}, 200),
        ({"if-match": "*"}, 200),
        ({"if-match": f"W/{TAG}"}, 412),
        ({"if-match": '"x"'}, 412),
        ({"if-match": '"x"', "if-none-match": TAG}, 412),
        ({"if-unmodified-since": AT}, 200),
        ({"if-unmodified-since": BEFORE}, 412),
        ({"if-unmodified-since": "never"}, 200),
        ({"if-match": TAG, "if-unmodified-since": BEFORE}, 200),
    ],
)
def test_preconditions_are_asked_in_the_order_of_the_standard(
    headers: dict[str, str], status: int
) -> None:
    assert outcome(headers, TAG, MODIFIED) == status


def test_tags_may_be_named_in_several_lines() -> None:
    lines = [(b"if-none-match", b'"x"'), (b"if-none-match", b'"abc"'), (b"if-match", b'"abc"')]
    asked = conditions_of(Headers(raw=lines))
    assert asked == {"if-none-match": '"x", "abc"', "if-match": '"abc"'}
    assert outcome(asked, TAG, MODIFIED) == 304


@pytest.mark.parametrize("name", ["if-modified-since", "if-unmodified-since"])
def test_a_date_asks_nothing_of_what_has_none(name: str) -> None:
    assert outcome({name: AT}, TAG, None) == 200


@given(
    st.sampled_from(["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"]),
    st.text(max_size=60),
)
def test_whatever_is_sent_has_an_outcome(name: str, value: str) -> None:
    assert outcome({name: value}, TAG, MODIFIED) in {200, 304, 412}
