"""Tables under tabs whose labels are plain text above them: what was said above each, as labels."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from spiders.grid import Block, Grid, Prose
from spiders.page import changed

_LONGEST_LABEL = 40
_SENTENCE_ENDS = (".", ":", '"', "。", "：")


@dataclass(frozen=True, kw_only=True)
class Tabs:
    """What may be said above a table; texts that are neither sentences nor declared are refused."""

    tabs: Mapping[str, str]
    """A tab's label, and the tier it stands for."""
    title: re.Pattern[str]
    """Titles of sections (whole); what prices are per must be said anew under each."""
    per: re.Pattern[str]
    """What says what prices are per (whole)."""
    tier: re.Pattern[str]
    """Headings of data (whole); the tier in their first group, if any, is the tab's."""

    def labelled(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Give all blocks, each table with the labels ``tier``, ``per`` and ``title``.

        Labels ``tier`` and ``pane`` that the table has already must agree with its tab.
        """
        heard = _Heard(self)
        for block in blocks:
            if isinstance(block, Prose):
                heard.hear(block.text)
                yield block
            else:
                yield heard.labelled(block)

    def is_label(self, text: str) -> bool:
        """Tell whether a text may be a tab or a title, and is no sentence between tables."""
        if self.per.fullmatch(text):
            return True
        short = len(text) <= _LONGEST_LABEL and not text.endswith(_SENTENCE_ENDS)
        return bool(text) and short and not self.tier.fullmatch(text)


class _Heard:
    """What has been said since the last table, and since the last title."""

    def __init__(self, tabs: Tabs) -> None:
        self._tabs = tabs
        self._title = ""
        self._per = ""
        self._said: list[str] = []
        self._table_read = False

    def hear(self, text: str) -> None:
        self._said = [text] if self._table_read else [*self._said, text]
        self._table_read = False
        if self._tabs.per.fullmatch(text):
            self._per = text
        elif self._tabs.title.fullmatch(text):
            self._title, self._per = text, ""

    def labelled(self, table: Grid) -> Grid:
        self._table_read = True
        labels = {"tier": self._tier(table), "per": self._per, "title": self._title}
        return replace(table, labels={**table.labels, **labels})

    def _tier(self, table: Grid) -> str:
        """Find the tab by the nearest label above the table; a title above it means no tabs."""
        known = self._tabs
        nearest = next((text for text in reversed(self._said) if known.is_label(text)), "")
        tier = known.tabs.get(nearest)
        if tier is None and not (known.per.fullmatch(nearest) or known.title.fullmatch(nearest)):
            raise changed(
                f"{table.locator} stands under {nearest!r}, which is neither a known tier nor the"
                " title of a section; look at the page and declare it"
            )
        self._agree(table, tier or "standard")
        return tier or "standard"

    def _agree(self, table: Grid, tier: str) -> None:
        stated = {table.labels[name] for name in ("tier", "pane") if table.labels.get(name)}
        found = (self._tabs.tier.fullmatch(heading) for heading in table.headings)
        stated |= {match[1].lower() for match in found if match and match[1]}
        if stated - {tier}:
            raise changed(f"{table.locator} says {sorted(stated)} and stands under {tier!r}")
