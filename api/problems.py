"""Errors as RFC 9457 problems: their one shape, and how a question is refused."""

from collections.abc import Sequence
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict


class Fault(BaseModel):
    """One thing wrong with a request."""

    parameter: str
    """The query or path parameter."""
    detail: str
    """What is wrong with it, and what is allowed."""


class Problem(BaseModel):
    """An error, as RFC 9457 shapes it."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None
    """Each parameter that is wrong, where any is."""
    candidates: list[str] | None = None
    """Model ids that look alike, where a model is not known."""
    url: str | None = None
    """Where bytes were fetched that are not archived."""
    fetched_at: str | None = None
    """When they were."""
    sha256: str | None = None
    """What is known of them."""


class Refused(Exception):  # noqa: N818 it is an answer, not an error of ours
    """A request that is answered with a problem."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        candidates: Sequence[str] = (),
    ) -> None:
        """Say the status, and in plain words what is wrong and what to do."""
        super().__init__(detail)
        self.problem = Problem(
            title=status.phrase,
            status=status,
            detail=detail,
            errors=list(errors) or None,
            candidates=list(candidates) or None,
        )


def refuse_parameter(parameter: str, detail: str) -> Refused:
    """Make the refusal of one parameter, by name."""
    fault = Fault(parameter=parameter, detail=detail)
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"{parameter}: {detail}", errors=[fault])


def not_found(detail: str, candidates: Sequence[str] = ()) -> Refused:
    """Make the answer for what is not in the catalog."""
    return Refused(HTTPStatus.NOT_FOUND, detail, candidates=candidates)
