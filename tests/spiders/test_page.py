"""Bytes become a page of the right kind, whatever a server or a collector did to them."""

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.exact_json import as_printed
from spiders.page import Kind, Page, Shape
from tests.spiders.tables import html_page

TABLE = "<table><tr><td>模型<td>价格<tr><td>a<td>1元</table>"


def test_line_ends_nuls_and_a_byte_order_mark_are_gone() -> None:
    page = Page.of(b"\xef\xbb\xbf# Pricing\r\n\r\nWords\r\n\0\0\0")
    assert page.text == "# Pricing\n\nWords"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<!doctype html><html></html>", Kind.HTML),
        ("<table><tr><td>a</table>", Kind.HTML),
        ('{"data": []}', Kind.JSON),
        ("[1, 2]", Kind.JSON),
        ('{"id": 1}\n{"id": 2}', Kind.JSON),
        ("# Pricing\n\n| a | b |", Kind.MARKDOWN),
        ("[Docs](https://a.example) and more", Kind.MARKDOWN),
        ("> quoted\n\n# Pricing", Kind.MARKDOWN),
        ("model,score,date\na,1,2026-01-01", Kind.CSV),
        ('<?xml version="1.0"?><Envelope/>', Kind.XML),
    ],
)
def test_the_kind_is_known_from_the_bytes(body: str, kind: Kind) -> None:
    assert Page.of(body.encode()).kind is kind


def test_another_character_set_is_read_where_it_is_declared() -> None:
    body = f"<html><meta charset=gb18030><body>{TABLE}</body></html>".encode("gb18030")
    assert Page.of(body).grids[0].columns == ("模型", "价格")
    assert Page.of(TABLE.encode("gb18030"), content_type="text/html; charset=gb18030").grids


def test_bytes_of_no_character_set_are_refused() -> None:
    with pytest.raises(NotRead, match="no text in its character set") as refusal:
        Page.of(b"\xff\xfe\xfa price")
    assert refusal.value.outcome is Outcome.PAGE_CHANGED


def test_numbers_of_json_keep_their_digits() -> None:
    page = Page.of(b'{"price": 0.10, "per": 1e-7}')
    assert as_printed(page.data) == '{"price": 0.10, "per": 1e-7}'


def test_cut_json_is_refused() -> None:
    with pytest.raises(NotRead, match="no JSON"):
        _ = Page.of(b'{"data": [{"id": "a", "pri').data


def test_json_lines_are_a_list() -> None:
    page = Page.of(b'{"id": "a"}\n{"id": "b"}\n')
    assert page.data == ({"id": "a"}, {"id": "b"})


@pytest.mark.parametrize(
    "body",
    [
        '{"fetchedAt": "2026-07-20T10:47:04Z", "count": 1, "data": [{"id": "a"}]}',
        '{"fetched_at": "2026-08-22", "url": "x", "body": {"data": [{"id": "a"}]}}',
        '{"collected_at": "2026-06-17", "source": "x", "models": [{"id": "a"}]}',
    ],
)
def test_a_collector_s_envelope_is_opened(body: str) -> None:
    assert Page.of(body.encode()).data == {"data": [{"id": "a"}]}


def test_an_envelope_around_html_is_opened() -> None:
    page = Page.of(b'{"fetchedAt": "2026-07-20", "body": "<table><tr><td>a<tr><td>1</table>"}')
    assert page.kind is Kind.HTML
    assert page.grids[0].columns == ("a",)


def test_an_answer_of_the_site_itself_is_no_envelope() -> None:
    assert Page.of(b'{"count": 1, "data": [1]}').data == {"count": 1, "data": [1]}


def test_a_page_inside_json_is_found_under_its_keys() -> None:
    page = Page.of(b'{"code": 200, "data": {"content": "<h1>A</h1>"}}')
    assert page.at("data", "content").headings == ("A",)
    with pytest.raises(NotRead, match=r"no text at data\.words"):
        page.at("data", "words")


def test_one_part_of_a_page_may_be_read_alone() -> None:
    page = html_page("<div id=a><p>$1</p></div><div id=b><p>$2</p></div>")
    assert [block.text for block in page.shaped(Shape(part="#b")).prose] == ["$2"]


def test_a_part_that_is_gone_is_refused() -> None:
    with pytest.raises(NotRead, match="0 elements match '#c'; 1 was expected"):
        _ = html_page("<div id=a>").shaped(Shape(part="#c")).blocks
