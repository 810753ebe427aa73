"""What a mutation made of a page."""

from dataclasses import dataclass

from tests.spiders.mutation.sheets import Points, Sheet


@dataclass(frozen=True)
class Made:
    """A mutated page, and what it states: more is not to be published, and less may be."""

    what: str
    sheet: Sheet
    stated: Points
    instead: bytes | None = None
    """What came instead of the page that the sheet holds."""

    @property
    def body(self) -> bytes:
        """Give the bytes that a site would answer."""
        if self.instead is not None:
            return self.instead
        return self.sheet.specimen.body(self.sheet.text)
