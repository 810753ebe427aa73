"""The benchmark of serving asks what both servers understand, and reads what wrk says."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from api.resources.model_list import MODELS
from bench.serve import crawling, questions, servers, wrk

SAID = """\
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   312.90ms   84.53ms 621.16ms   71.00%
  Latency Distribution
     50%  316.84ms
     99%    1.57s
  607 requests in 6.02s, 20.58MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:    100.77
"""


def test_questions_are_distinct_the_same_for_both_and_known_here(tmp_path: Path) -> None:
    questions.write(tmp_path)
    ours = (tmp_path / "ours.txt").read_text("ascii").splitlines()
    theirs = (tmp_path / "datasette.txt").read_text("ascii").splitlines()
    rows = (tmp_path / "datasette-rows.txt").read_text("ascii").splitlines()
    assert [one.removesuffix(questions.WITHOUT_MORE) for one in rows] == theirs
    assert len(set(ours)) == len(ours) == len(theirs) >= questions.COUNT
    for one, other in zip(ours[:100], theirs[:100], strict=True):
        asked, told = parse_qs(urlsplit(one).query), parse_qs(urlsplit(other).query)
        MODELS.question.model_validate({name: value[0] for name, value in asked.items()})
        assert asked["min_context"] == told["context__gte"]
        assert asked["max_price"] == told["price__lte"]


def test_what_wrk_says_is_read_in_milliseconds_with_all_that_went_wrong() -> None:
    assert wrk.read(SAID) == wrk.Said(rate=100.77, p99=1570.0, wrong=7)


def test_nginx_is_given_the_headers_of_the_answer_that_it_copies(tmp_path: Path) -> None:
    said = {"etag": '"a"', "link": '</models>; rel="first"', "x-request-id": "one"}
    servers.configure_nginx(tmp_path, 1, {"list.json": said})
    written = (tmp_path / "nginx.conf").read_text("ascii")
    assert "location = /list.json {" in written
    assert 'add_header link "</models>; rel=\\"first\\"";' in written
    assert "add_header x-request-id $request_id;" in written
    assert "etag" not in written


def test_the_crawled_page_moves_a_little_at_each_turn() -> None:
    site = crawling.Site("http://127.0.0.1:1")
    first, site.turn = site.page().split(), 1
    moved = [pair for pair in zip(first, site.page().split(), strict=True) if pair[0] != pair[1]]
    assert 0 < len(moved) < len(first) / 5
