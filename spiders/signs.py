"""Signs that a page is of a form: its kind, and what stands in it, told from the bytes alone."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from spiders.page import Kind, Page

Test = Callable[[Page], bool]
"""Tells a form from its bytes; made by the functions below."""


@dataclass(frozen=True)
class Sign:
    """One thing that a form is known by, and how to say that a page lacks it."""

    words: str
    holds: Test
    parts: tuple[Test, ...] = ()

    def __call__(self, page: Page) -> bool:
        """Tell whether a page has it."""
        return self.holds(page)


def has_heading(*patterns: str) -> Test:
    """Hold where each pattern is one of the page's headings or tab labels, whole."""
    return _each("heading", patterns, lambda pattern, page: _any(pattern, page.headings))


def has_text(*patterns: str) -> Test:
    """Hold where each pattern is found in the decoded bytes."""
    return _each("text", patterns, lambda pattern, page: bool(re.search(pattern, page.text)))


def has_column(*patterns: str) -> Test:
    """Hold where each pattern is a whole column heading of some table."""
    return _each(
        "column",
        patterns,
        lambda pattern, page: _any(pattern, [c for grid in page.grids for c in grid.columns]),
    )


def is_kind(kind: Kind) -> Test:
    """Hold where the bytes are of this kind."""
    return Sign(f"is not {kind}", lambda page: page.kind is kind)


def json_with(*fields: str, **texts: str) -> Test:
    """Hold where the bytes are JSON with these fields at any depth, and texts of these fields."""
    stated = [rf'"{field}"\s*:\s*"{text}"' for field, text in texts.items()]
    return all_of(is_kind(Kind.JSON), has_text(*(rf'"{field}"\s*:' for field in fields), *stated))


def html_with(*patterns: str) -> Test:
    """Hold where the bytes are HTML in which each pattern is found."""
    return all_of(is_kind(Kind.HTML), has_text(*patterns))


def markdown_with(*patterns: str) -> Test:
    """Hold where the bytes are markdown in which each pattern is found."""
    return all_of(is_kind(Kind.MARKDOWN), has_text(*patterns))


def all_of(*tests: Test) -> Test:
    """Hold where every test holds; they are tried in order."""
    return Sign("", lambda page: all(test(page) for test in tests), tests)


def none_of(*tests: Test) -> Test:
    """Hold where no test holds."""
    return Sign("has what another form is known by", lambda page: not any(t(page) for t in tests))


def _each(what: str, patterns: Sequence[str], holds: Callable[[str, Page], bool]) -> Test:
    return all_of(*(Sign(f"has no {what} {p!r}", partial(holds, p)) for p in patterns))


def missing(test: Test, page: Page) -> list[str]:
    """Say in words what a page lacks of what a form is known by."""
    if isinstance(test, Sign) and test.parts:
        return [words for part in test.parts for words in missing(part, page)]
    if test(page):
        return []
    return [test.words if isinstance(test, Sign) else (test.__doc__ or "is of another form")]


def _any(pattern: str, texts: Sequence[str]) -> bool:
    return any(re.fullmatch(pattern, text, re.IGNORECASE) for text in texts)
