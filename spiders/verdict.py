"""What reading a page came to: its reading, or the outcome that says in words why there is none."""

from dataclasses import dataclass
from datetime import date

from catalog.reading import NotRead, Reading
from catalog.vocabulary import Outcome
from spiders.source import Source, document_of, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An outcome, in words where it is none of the good ones, and the reading where it is ok."""

    outcome: Outcome
    detail: str = ""
    reading: Reading | None = None

    @classmethod
    def of(cls, refusal: NotRead) -> "Verdict":
        """Take over a refusal."""
        return cls(outcome=refusal.outcome, detail=refusal.detail)


def judge(
    source: Source, body: bytes, *, seen_at: date | None = None, content_type: str | None = None
) -> Verdict:
    """Read a page; a reader that breaks on it is an outcome too, so that others go on."""
    try:
        reading = read(source, body, content_type=content_type, seen_at=seen_at)
    except NotRead as refusal:
        return Verdict.of(refusal)
    except Exception as mistake:  # noqa: BLE001 no page may stop other sources' pages
        return Verdict(
            outcome=Outcome.PAGE_CHANGED,
            detail=f"the reader of {source.name} broke on the page "
            f"({type(mistake).__name__}: {mistake}); mend it in {source.__module__}",
        )
    return Verdict(outcome=Outcome.OK, reading=reading)


def judge_document(
    source: Source, document: str, body: bytes, *, seen_at: date, content_type: str | None
) -> Verdict:
    """Read a page fetched as one document; the layout of another document is not that page."""
    verdict = judge(source, body, seen_at=seen_at, content_type=content_type)
    if verdict.reading is None:
        return verdict
    belongs = document_of(source, verdict.reading.form).name
    if belongs == document:
        return verdict
    return Verdict(
        outcome=Outcome.PAGE_CHANGED,
        detail=f"the page has the layout of another document ({belongs}, {verdict.reading.form}); "
        f"look where its address leads now",
    )
