"""JavaScript literals: exact, or refused by name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reading import NotRead
from spiders.exact_json import Json, as_printed
from spiders.literals import parse_literal

_JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_an_object_may_have_bare_keys_comments_and_trailing_commas() -> None:
    source = """{ // a row
        model: "gpt-5.5", rows: [["Audio", 32, .4, null,],], /* none */ hidden: undefined,
    }"""
    assert parse_literal(source) == {
        "model": "gpt-5.5",
        "rows": [["Audio", Decimal(32), Decimal("0.4"), None]],
        "hidden": None,
    }


def test_a_known_function_gives_its_value() -> None:
    source = 'pricingHtml("a<br />b")'
    assert parse_literal(source, {"pricingHtml": lambda html: f"[{html}]"}) == "[a<br />b]"


def test_a_fragment_is_its_text() -> None:
    assert parse_literal('[<>{"$"}0.30</>, <>{"$"}{3.5}</>]') == ["$0.30", "$3.5"]


def test_strings_and_templates_keep_their_escapes_and_line_breaks() -> None:
    assert parse_literal(
        r"['it\'s', '\u0041\x42\u{1F600}\ud83d\ude00', `two" + "\n" + "lines $5`]"
    ) == [
        "it's",
        "AB😀😀",
        "two\nlines $5",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "0x10", "1n", "01", "1.2.3", "--1", "-", "a", "f(1)", "{...a}", "[,1]", "[...a]",
        "`${price}`", "'a\nb'", '"a" + "b"', "1 2", "{a:1,a:2}", "{a}", "[1", "{a:1", '"a',
        "<>a<b></>", "<>{null}</>", "", "NaN", "Infinity", "() => 1", r"'\8'",
        r"'\ud83d'",
    ],
)  # fmt: skip
def test_what_is_no_plain_literal_is_refused(source: str) -> None:
    with pytest.raises(NotRead, match="page_changed"):
        parse_literal(source)


@given(_JSON)
def test_every_json_value_reads_back(value: Json) -> None:
    assert parse_literal(as_printed(value)) == value
