"""What a page runs together is set apart by its groups, or the page is refused."""

import pytest

from catalog.reading import NotRead
from spiders.names import named_as
from spiders.page import Page
from spiders.rewriting import rewritten

APART = rewritten(
    r"\[\S+\]\S+",
    r"\[(?P<link>\S+)\](?P<badge>New|)(?P<id>(?P=link)\S*)",
    r"\g<id> \g<badge>",
    "{} names two models",
)


def test_every_text_that_is_found_is_put_into_the_form() -> None:
    page = Page.of(b"| [gpt]Newgpt-5 | [qwen]qwen |")
    assert APART(page).text == "| gpt-5 New | qwen  |"


def test_a_text_that_is_otherwise_refuses_the_page() -> None:
    with pytest.raises(NotRead, match="names two models"):
        APART(Page.of(b"| [gpt]qwen |"))


def test_a_model_cell_is_read_by_its_pattern_alone() -> None:
    batch = named_as(r"(?P<model>.+?) \(Batch\)", "{} is not marked as batch")
    assert batch("kimi-k2.6 (Batch)").names == ("kimi-k2.6",)
    with pytest.raises(NotRead, match="is not marked"):
        batch("kimi-k2.6")
