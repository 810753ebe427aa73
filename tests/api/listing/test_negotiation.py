"""Which format is answered: what is asked for by name, else what Accept weighs most."""

import pytest

from api.listing.negotiation import choose
from api.listing.questions import Format
from api.problems import Refused

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, Format.JSON),
        ("", Format.JSON),
        ("*/*", Format.JSON),
        (BROWSER, Format.JSON),
        ("text/csv", Format.CSV),
        ("TEXT/CSV; charset=utf-8", Format.CSV),
        ("text/*", Format.CSV),
        ("application/*", Format.JSON),
        ("application/x-ndjson", Format.NDJSON),
        ("application/jsonl", Format.NDJSON),
        ("application/vnd.apache.parquet", Format.PARQUET),
        ("application/json;q=0.5, text/csv", Format.CSV),
        ("application/json;q=0, */*;q=0.1", Format.CSV),
        ("text/csv;q=0.5, application/json;q=0.5", Format.JSON),
        ("text/csv;q=2, application/x-ndjson;q=0.1", Format.NDJSON),
        ("text/csv;q=NaN, application/x-ndjson", Format.NDJSON),
        (",;,text/csv", Format.CSV),
    ],
)
def test_the_weightiest_format_is_chosen(accept: str | None, chosen: Format) -> None:
    assert choose(accept, None) is chosen


def test_a_format_asked_for_by_name_comes_first() -> None:
    assert choose("application/json", Format.CSV) is Format.CSV


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*", "csv"])
def test_what_there_is_not_is_refused_with_what_there_is(accept: str) -> None:
    with pytest.raises(Refused) as refused:
        choose(accept, None)
    problem = refused.value.problem
    assert problem.status == 406
    assert "text/csv" in problem.detail
    assert "parquet" in problem.detail
