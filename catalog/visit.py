"""One visit of one document: the one thing that ingest takes."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from catalog.reading import Reading
from catalog.vocabulary import Cause, Outcome


class Visit(BaseModel):
    """What came of fetching and reading one document at one time.

    Either ``reading`` is set and the outcome is ``ok``, or it is not and the outcome says why;
    ``unchanged`` means that the document's last reading holds again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    document: str
    url: str
    """Evidence only: an address, or prose where a capture's origin is described."""
    fetched_at: AwareDatetime
    reader_version: int
    outcome: Outcome
    detail: str = ""
    reading: Reading | None = None
    cause: Cause = Cause.OBSERVED
    started_at: AwareDatetime | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """Only those that later requests or proofs need: ETag, Last-Modified, Content-Type, Date."""
    sha256: str | None = None
    """Of the bytes as served; none where nothing was served."""
    size: int | None = None
    archived: bool = False
    """Whether the archive holds the bytes under their sha256."""

    @property
    def begun_at(self) -> datetime:
        """When the run began: as stated, else when the page was fetched."""
        return self.started_at or self.fetched_at
