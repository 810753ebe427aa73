"""What a source is sent is read whole, or refused by a named outcome."""

from datetime import timedelta
from typing import ClassVar

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Meter, Outcome, SourceKind, Unit
from spiders.ledger import Unread
from spiders.page import Kind, Page
from spiders.price_table import NONE_OR_ONE, Model, Price, PriceTable
from spiders.signs import (
    all_of,
    has_column,
    has_heading,
    has_text,
    html_with,
    is_kind,
    json_with,
    markdown_with,
    none_of,
)
from spiders.source import (
    Document,
    Form,
    PriceSource,
    Reseller,
    declaration,
    document_of,
    read,
    source_named,
    source_names,
    sources,
)
from spiders.terms import Terms
from tests.spiders.tables import html_page, markdown_page

TABLE = PriceTable(
    "Prices",
    {"Model": Model(), "Input": Price(Meter.INPUT_TOKENS)},
    terms=Terms(currency="USD", unit=Unit.MILLION_TOKENS),
    expect=NONE_OR_ONE,
)


class Acme(PriceSource):
    """A source of two documents."""

    name = "acme"
    kind = SourceKind.OFFICIAL
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "docs",
            "https://acme.example/pricing.md",
            forms=(
                Form(
                    "plain",
                    recognise=has_heading("Prices"),
                    tables=(TABLE,),
                    ignored=(Unread("a plan", "Plans"),),
                ),
                Form("inner", recognise=has_heading("Prices"), tables=(TABLE,), inside=("page",)),
            ),
            minimum_models=2,
            minimum_points=2,
        ),
        Document(
            "shop",
            "https://acme.example/pricing",
            forms=(Form("cards", recognise=has_column("Card"), tables=()),),
        ),
    )


class PriceShop(Reseller):
    """A source of one document, which names nothing that follows from its class."""

    document = Document(
        "models",
        "https://shop.example/models",
        (Form("models", json_with("price", owner="shop")),),
    )


def test_a_source_is_named_and_sorted_by_its_class() -> None:
    declared = declaration(PriceShop)
    assert (declared.name, declared.provider) == ("price-shop", "price-shop")
    assert (declared.kind, declared.cadence) == (SourceKind.RESELLER, timedelta(hours=6))
    assert [document.name for document in declared.documents] == ["models"]


@pytest.mark.parametrize(
    ("body", "is_of_the_form"),
    [
        ('[{"price": 1, "owner": "shop"}]', True),
        ('[{"price" : 1, "owner" : "shop"}]', True),
        ('[{"price": 1, "owner": "other"}]', False),
        ('[{"owner": "shop", "name": "price"}]', False),
        ('"price": 1, "owner": "shop"', False),
    ],
)
def test_json_is_known_by_its_fields_and_their_texts(body: str, *, is_of_the_form: bool) -> None:
    assert json_with("price", owner="shop")(Page.of(body.encode())) is is_of_the_form


@pytest.mark.parametrize(
    ("body", "known_by"),
    [
        ("<html><p>Prices per 1M</p></html>", [True, False]),
        ("## Prices per 1M", [False, True]),
        ("## Prices", [False, False]),
    ],
)
def test_pages_are_known_by_their_kind_and_what_is_found_in_them(
    body: str, known_by: list[bool]
) -> None:
    page = Page.of(body.encode())
    assert [has(r"per \d+M")(page) for has in (html_with, markdown_with)] == known_by


PAGE = "## Prices\n\n| Model | Input |\n|--|--|\n| a | $1 |\n| b | $2 |\n"


def outcome(body: str, source: type[PriceSource] = Acme) -> Outcome:
    with pytest.raises(NotRead) as refusal:
        read(source, body.encode())
    return refusal.value.outcome


def test_a_page_is_read_by_the_form_that_its_bytes_are_of() -> None:
    reading = read(Acme, PAGE.encode())
    assert reading.form == "plain"
    assert [price.model for price in reading.points] == ["a", "b"]


def test_a_page_inside_json_is_read() -> None:
    body = '{"page": "## Prices\\n\\n| Model | Input |\\n|--|--|\\n| a | $1 |\\n| b | $2 |"}'
    assert read(Acme, body.encode()).form == "inner"


@pytest.mark.parametrize("body", ["", " \n", "\0\0"])
def test_an_empty_body_is_empty(body: str) -> None:
    assert outcome(body) is Outcome.EMPTY


@pytest.mark.parametrize(
    "body",
    [
        "<html><title>Just a moment...</title><body></body></html>",
        "<html><body><h1>Access denied</h1></body></html>",
        "<html><body>Please enable JavaScript and cookies to continue</body></html>",
        '<html><body><form><input name=p type="password"></form></body></html>',
        "<html><body><h1>Sign in to continue</h1></body></html>",
    ],
)
def test_a_challenge_or_a_login_instead_of_the_page_is_blocked(body: str) -> None:
    assert outcome(body) is Outcome.BLOCKED


def test_an_empty_shell_is_empty() -> None:
    assert outcome('<html><body><div id="root"></div></body></html>') is Outcome.EMPTY


def test_a_page_of_no_known_form_has_changed() -> None:
    with pytest.raises(
        NotRead, match=r"none of the known forms \(plain, inner, cards\)"
    ) as refusal:
        read(Acme, b"# Something else\n\nWords\n")
    assert refusal.value.outcome is Outcome.PAGE_CHANGED


def test_a_page_without_its_end_is_cut_off() -> None:
    body = (
        "<html><h2>Prices</h2><table><tr><td>Model<td>Input<tr><td>a<td>$1<tr><td>b<td>$2</table>"
    )
    assert read(Acme, f"{body}</html>".encode()).form == "plain"
    with pytest.raises(NotRead, match="cut off"):
        read(Acme, body.encode())


def test_fewer_prices_than_the_document_must_hold_are_empty() -> None:
    assert outcome("## Prices\n\n| Model | Input |\n|--|--|\n| a | $1 |\n") is Outcome.EMPTY
    assert outcome("## Prices\n\nNone today\n") is Outcome.EMPTY


def test_an_amount_beside_the_tables_is_unclaimed_unless_a_rule_names_its_part() -> None:
    assert outcome(f"{PAGE}\nThe first $5 are free.\n") is Outcome.UNCLAIMED_PRICES
    assert read(Acme, f"{PAGE}\n## Plans\n\nThe first $5 are free.\n".encode()).form == "plain"


def test_a_price_that_is_stated_twice_alike_is_one_price() -> None:
    twice = "## Prices\n\n| Model | Input |\n|--|--|\n| a | $1 |\n| b | $2 |\n| a | $1.00 |\n"
    assert len(read(Acme, twice.encode()).points) == 2


def test_two_amounts_for_one_thing_are_both_kept_for_the_guards() -> None:
    twice = "## Prices\n\n| Model | Input |\n|--|--|\n| a | $1 |\n| b | $2 |\n| a | $3 |\n"
    assert [str(p.amount) for p in read(Acme, twice.encode()).points] == ["1", "2", "3"]


def test_a_table_that_two_declarations_read_is_refused() -> None:
    class Twice(PriceSource):
        name = "twice"
        kind = SourceKind.OFFICIAL
        documents = (
            Document(
                "docs",
                "https://acme.example",
                forms=(Form("twice", recognise=has_heading("Prices"), tables=(TABLE, TABLE)),),
            ),
        )

    with pytest.raises(NotRead, match="table 1 fit more than one declared table"):
        read(Twice, PAGE.encode())


def test_a_declaration_says_what_the_store_keeps() -> None:
    said = declaration(Acme)
    assert (said.name, said.provider, said.kind) == ("acme", "acme", SourceKind.OFFICIAL)
    assert [document.forms for document in said.documents] == [("plain", "inner"), ("cards",)]


def test_a_form_leads_to_its_document() -> None:
    assert document_of(Acme, "inner").name == "docs"
    with pytest.raises(KeyError, match="acme has no form 'other'"):
        document_of(Acme, "other")


def test_sources_are_found_by_their_files() -> None:
    assert {"anthropic", "deepseek"} <= set(source_names())
    assert sources()["anthropic"] is source_named("anthropic")
    with pytest.raises(KeyError):
        source_named("nobody")


def test_tests_of_forms_are_combined() -> None:
    page = markdown_page(PAGE)
    assert all_of(is_kind(Kind.MARKDOWN), has_column("model", "input"), has_text(r"\$1"))(page)
    assert none_of(has_heading("Price"), has_text("€"))(page)
    assert not has_heading("Prices", "Plans")(page)
    assert not has_heading("Prices")(html_page("<p>Prices</p>"))
