"""Every page of ours reads as expected, and every form of every source has one."""

import re
from pathlib import Path

import pytest

from spiders.source import Source, read, source_named, source_names
from tests.spiders.expectations import PAGES, SUFFIX, expected, pages, rows

DATED = re.compile(r"\d{4}-\d\d-\d\d-(?P<form>.+)")


@pytest.mark.parametrize("page", pages(), ids=lambda page: f"{page.parent.name}/{page.name}")
def test_a_page_of_ours_reads_as_expected(page: Path) -> None:
    reading = read(source_named(page.parent.name), page.read_bytes())
    assert rows(reading) == expected(page), (
        f"compare {page.stem}{SUFFIX} with the page; where the page is right, write it anew by "
        f"python -m tests.spiders.expect {page.relative_to(PAGES.parent.parent)}"
    )
    named = DATED.fullmatch(page.stem)
    assert named, "name a page <date>-<form>"
    assert named["form"].startswith(reading.form)


@pytest.mark.parametrize("name", source_names())
def test_every_form_of_a_source_has_a_page(name: str) -> None:
    source = source_named(name)
    stems = [page.stem[11:] for page in pages() if page.parent.name == name]
    missing = [form for form in _forms(source) if not any(s.startswith(form) for s in stems)]
    assert not missing, f"add tests/pages/{name}/<date>-<form> and its expectation for {missing}"


def _forms(source: Source) -> list[str]:
    return [form.name for document in source.documents for form in document.forms]


@pytest.mark.parametrize("name", source_names())
def test_a_source_is_named_like_its_file_and_class(name: str) -> None:
    source = source_named(name)
    assert source.name == name
    assert source.__name__.lower() == name.replace("-", "")
    assert source.__module__ == f"spiders.sources.{name.replace('-', '_')}"


@pytest.mark.parametrize("name", source_names())
def test_a_form_belongs_to_one_document_of_its_source(name: str) -> None:
    forms = _forms(source_named(name))
    assert len(forms) == len(set(forms))


def test_scrapy_finds_the_same_sources() -> None:
    from scrapy.settings import Settings  # noqa: PLC0415 slow, and needed here alone
    from scrapy.spiderloader import SpiderLoader  # noqa: PLC0415 the same

    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders.sources"]}))
    assert sorted(loader.list()) == sorted(source_names())
