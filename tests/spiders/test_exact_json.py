"""JSON read exactly."""

from decimal import Decimal

import pytest

from catalog.reading import NotRead
from spiders.exact_json import Repeating, as_printed, objects, parse_json, parse_json_lines


def test_a_number_keeps_its_value_and_its_digits() -> None:
    number = parse_json("5e-07")
    assert number == Decimal("0.0000005")
    assert as_printed(number) == "5e-07"


def test_values_print_as_the_page_writes_them() -> None:
    text = '{"a": [1.50, "b\\"", null, true], "ü": {}}'
    assert as_printed(parse_json(text)) == text


def test_a_field_stated_twice_differently_keeps_both() -> None:
    value = parse_json('{"a": 1, "b": 2, "a": 3}')
    assert isinstance(value, Repeating)
    assert (value["a"], value.repeated) == (Decimal(3), (("a", Decimal(1)),))


def test_a_field_stated_twice_alike_is_one() -> None:
    assert not isinstance(parse_json('{"a": 1, "a": 1}'), Repeating)


@pytest.mark.parametrize("text", ["{", "NaN", '{"a": Infinity}', "", "[1,]", "<html>"])
def test_what_is_no_json_is_a_page_that_changed(text: str) -> None:
    with pytest.raises(NotRead, match="page_changed: this is no JSON"):
        parse_json(text)


def test_json_lines_are_one_value_a_line() -> None:
    assert parse_json_lines('{"a": 1}\n\n[2]\n') == ({"a": Decimal(1)}, [Decimal(2)])


def test_objects_are_found_at_any_depth_by_their_fields() -> None:
    tree = parse_json(
        '["$", {"x": {"id": "a", "price": 1}}, [{"id": "b"}, {"price": 2, "id": "c"}]]'
    )
    assert [found["id"] for found in objects(tree, "id", "price")] == ["a", "c"]


def test_a_line_of_json_ends_at_a_line_feed_alone() -> None:
    assert parse_json_lines('{"a": "b\u2028c"}\n{"a": 1}') == ({"a": "b\u2028c"}, {"a": Decimal(1)})
