"""What a source declares of itself; synced into the store at start, read by API and cron."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from catalog.vocabulary import SourceKind


class DocumentDeclaration(BaseModel):
    """One page or API answer of a source, and the least a good reading of it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    url: str
    forms: tuple[str, ...]
    """The layouts the page has had. A form belongs to one document of its source."""
    minimum_models: Annotated[int, Field(ge=0)] = 1
    minimum_points: Annotated[int, Field(ge=0)] = 1


class SourceDeclaration(BaseModel):
    """One publisher of prices, scores or rates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: SourceKind
    provider: str
    """Who sells what the source lists, unless a point says otherwise."""
    cadence: timedelta
    reader_version: int
    documents: tuple[DocumentDeclaration, ...]
    """In order of precedence: where two state one series, the first one's price counts."""
