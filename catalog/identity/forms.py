"""Takes the declared parts off an id: who sells it in front, at what setting behind.

Nothing here knows a model. Each form is a name that may be known, with the parts taken off to get
it; the first forms that are known names exactly decide, and where they disagree none does. A region
or an ending is taken off once: ``us.us.`` is nobody's way to write a region.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from catalog.identity.rows import Part, Rule
from catalog.vocabulary import Edge

DEEPEST = 4
"""So many endings may stand behind one another: ``-2507-fp8-tee:free``."""
_TOKEN = re.compile(r"[-:@/.]")


class Form(NamedTuple):
    """A name that may be known, and the parts that were taken off."""

    name: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Beginnings:
    """What may stand in front of a name: as written, or by a pattern."""

    written: Mapping[str, Part]
    patterns: Sequence[tuple[re.Pattern[str], Part]]

    def of(self, beginning: str) -> Part | None:
        """Give what a beginning says, its last sign included; None where it is declared nowhere."""
        if part := self.written.get(beginning):
            return part
        if not beginning.endswith("/"):
            return None
        for form, part in self.patterns:
            if form.fullmatch(beginning):
                regional = part.edge is Edge.REGION_FORM
                return replace(part, region=beginning[:-1]) if regional else part
        return None


def by_prefix(name: str, beginnings: Beginnings) -> Iterator[Form]:
    """Give the id as it is, then with each declared beginning taken off in turn.

    What stands in front of a slash and is declared nowhere stays: who knows what
    ``someone/gpt-5`` is.
    """
    form: Form | None = Form(name)
    while form:
        yield form
        form = _without_first(form, beginnings)


def _without_first(form: Form, beginnings: Beginnings) -> Form | None:
    for length in _cuts(form.name):
        part = beginnings.of(form.name[:length])
        if part and length < len(form.name) and not (part.region and part in form.parts):
            return Form(form.name[length:], (*form.parts, part))
    return None


def _cuts(name: str) -> Iterator[int]:
    """Give the lengths of beginnings that may be declared: to a slash, else to a sign or two."""
    if "/" in name:
        yield name.index("/") + 1
        if ":" in name:
            yield name.index(":") + 1
        return
    signs = [found.end() for found in _TOKEN.finditer(name)]
    yield from reversed(signs[:2])


def by_ending(
    form: Form, endings: Mapping[str, Sequence[Part]], rules: Sequence[Rule]
) -> Iterator[list[Form]]:
    """Give the forms with one ending or rule taken off, then those with two, and so on."""
    forms = [form]
    for _ in range(DEEPEST):
        forms = [new for one in forms for new in _shorter(one, endings, rules) if new.name]
        if not forms:
            return
        yield forms


def _shorter(
    form: Form, endings: Mapping[str, Sequence[Part]], rules: Sequence[Rule]
) -> Iterator[Form]:
    for cut in _tails(form.name):
        for part in endings.get(form.name[cut:], ()):
            if part not in form.parts:
                yield Form(form.name[:cut], (*form.parts, part))
    for rule in rules:
        if found := rule.pattern.search(form.name):
            middle = found.expand(rule.replacement)
            name = form.name[: found.start()] + middle + form.name[found.end() :]
            yield Form(name, (*form.parts, rule.part))


def _tails(name: str) -> Iterator[int]:
    signs = [found.start() for found in _TOKEN.finditer(name)]
    yield from reversed(signs[-3:])
