"""Errors as RFC 9457 problems: their one shape, and how a question is refused."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict

from api.http.problem_types import type_uri


class Fault(BaseModel):
    """One thing wrong with a request."""

    parameter: str
    """The query or path parameter."""
    detail: str
    """What is wrong with it, and what is allowed."""


class Problem(BaseModel):
    """An error, as RFC 9457 shapes it."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    type: str
    """Where this type of problem is explained, below this API's root."""
    title: str
    status: int
    detail: str
    instance: str | None = None
    """The path that was asked for."""
    request_id: str | None = None
    """As in the header `X-Request-Id`; name it to the server's owner."""
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


def problem_of(
    status: HTTPStatus,
    detail: str,
    *,
    errors: Sequence[Fault] = (),
    candidates: Sequence[str] = (),
) -> Problem:
    """Make the problem of a status."""
    return Problem(
        type=type_uri(status),
        title=status.phrase,
        status=status,
        detail=detail,
        errors=list(errors) or None,
        candidates=list(candidates) or None,
    )


class Refused(Exception):  # noqa: N818 it is an answer, not an error of ours
    """A request that is answered with a problem."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        candidates: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Say the status, and in plain words what is wrong and what to do."""
        super().__init__(detail)
        self.headers = headers
        self.problem = problem_of(status, detail, errors=errors, candidates=candidates)


def refuse_parameter(parameter: str, detail: str) -> Refused:
    """Make the refusal of one parameter, by name."""
    fault = Fault(parameter=parameter, detail=detail)
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"{parameter}: {detail}", errors=[fault])


def not_found(detail: str, candidates: Sequence[str] = ()) -> Refused:
    """Make the answer for what is not in the catalog."""
    return Refused(HTTPStatus.NOT_FOUND, detail, candidates=candidates)
