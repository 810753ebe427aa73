"""What a page runs together, set apart in its text before anything is read from it."""

import re
from collections.abc import Callable
from dataclasses import replace

from spiders.page import Page, changed


def rewritten(found: str, whole: str, form: str, refusal: str) -> Callable[[Page], Page]:
    """Make what prepares a page: each text that is found is put into a form by its groups.

    What is found must wholly be as the second pattern says; else the page is refused, and ``{}`` in
    the refusal stands for the text.
    """

    def one(text: re.Match[str]) -> str:
        parts = re.fullmatch(whole, text.group())
        if parts is None:
            raise changed(refusal.format(repr(text.group())))
        return parts.expand(form)

    return lambda page: replace(page, text=re.sub(found, one, page.text))
