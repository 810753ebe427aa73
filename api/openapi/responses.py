"""What is answered: each operation's errors as problems, and the headers that all answers have."""

from http import HTTPStatus

from api.http.problem_types import BY_STATUS, ProblemType
from api.openapi.parts import SCHEMAS, Operation, Part
from api.problems import Problem

PROBLEM = "application/problem+json"
EVENTS = "text/event-stream"
EXAMPLE_EVENT = 'data: {"sequence":42,"type":"price.changed","old":"5","new":"4"}\nid: 42\n\n'
OF_ALL = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.REQUEST_URI_TOO_LONG,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""Any request may get these."""
WITH_BODY = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
WITH_KEY = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
HEADERS: dict[str, Part] = {
    "X-Request-Id": {
        "description": "The request's own id where it had one, else one of ours.",
        "required": True,
        "schema": {"type": "string", "maxLength": 128, "example": "b4f6c1d2"},
    },
    "RateLimit-Policy": {
        "description": "How many requests are answered in how many seconds, if that is limited.",
        "schema": {"type": "string", "maxLength": 100},
    },
    "RateLimit": {
        "description": "How many requests are left, and when there are more again.",
        "schema": {"type": "string", "maxLength": 100},
    },
    "Access-Control-Allow-Origin": {
        "description": "Pages of every origin may ask.",
        "required": True,
        "schema": {"type": "string", "const": "*"},
    },
}
OF_GOOD: dict[str, Part] = {
    "ETag": {
        "description": "Of these bytes; ask again with it in `If-None-Match`.",
        "schema": {"type": "string", "maxLength": 200},
    },
    "Last-Modified": {
        "description": "When the answer became what it is, where that is certain.",
        "schema": {"type": "string", "maxLength": 40},
    },
    "Cache-Control": {
        "description": "How long it may be kept.",
        "schema": {"type": "string", "maxLength": 200},
    },
}
OF_REFUSED: dict[str, Part] = {
    "Retry-After": {
        "description": "The seconds to wait.",
        "schema": {"type": "string", "maxLength": 20},
    },
}
NOT_MODIFIED = "NotModified"


def _to(kind: str, name: str) -> Part:
    return {"$ref": f"#/components/{kind}/{name}"}


def _headers(*tables: dict[str, Part]) -> Part:
    return {name: _to("headers", name) for table in tables for name in table}


def _response_name(one: ProblemType) -> str:
    return "".join(word.capitalize() for word in one.name.split("-"))


def _problem(one: ProblemType) -> Part:
    again = OF_REFUSED if one.status is HTTPStatus.TOO_MANY_REQUESTS else {}
    return {
        "description": f"{one.meaning} {one.remedy}",
        "headers": _headers(HEADERS, again),
        "content": {
            PROBLEM: {
                "schema": {"$ref": f"{SCHEMAS}{Problem.__name__}"},
                "example": {
                    "type": one.uri,
                    "title": one.status.phrase,
                    "status": one.status.value,
                    "detail": one.meaning,
                    "instance": "/v1/models",
                    "request_id": "b4f6c1d2",
                },
            }
        },
    }


COMPONENTS: dict[str, Part] = {
    "headers": HEADERS | OF_GOOD | OF_REFUSED,
    "responses": {_response_name(one): _problem(one) for one in BY_STATUS.values()}
    | {
        NOT_MODIFIED: {
            "description": "What the client holds, by `If-None-Match`, is what there is.",
            "headers": _headers(HEADERS, OF_GOOD),
        }
    },
}
"""What operations point at."""


def complete_responses(operation: Operation) -> None:
    """Name every error that an operation can answer, and the headers of what is no error."""
    given: Part = operation.it["responses"]
    good = {code: one for code, one in given.items() if code < "400"}
    contents = good.get("200", {}).get("content", {})
    for code, response in good.items():
        tables = (HEADERS, OF_GOOD) if code == "200" and operation.method == "get" else (HEADERS,)
        response["headers"] = response.get("headers", {}) | _headers(*tables)
    if EVENTS in contents:
        contents[EVENTS] = {"schema": {"type": "string"}, "example": EXAMPLE_EVENT}
    if operation.method == "get" and contents.keys() != {EVENTS}:
        good["304"] = _to("responses", NOT_MODIFIED)
    problems = {str(int(status)): _refused(status) for status in _statuses(operation, given)}
    operation.it["responses"] = dict(sorted((good | problems).items()))


def _refused(status: int) -> Part:
    return _to("responses", _response_name(BY_STATUS[status]))


def _statuses(operation: Operation, given: Part) -> set[int]:
    """Give the statuses of an operation's errors: those of all, and those of its form."""
    more = [*OF_ALL, *(int(code) for code in given if code.isdigit() and code >= "400")]
    if "{" in operation.path or operation.it.get("parameters"):
        more.append(HTTPStatus.NOT_FOUND)
    if "requestBody" in operation.it:
        more.extend(WITH_BODY)
    if operation.it.get("security"):
        more.extend(WITH_KEY)
    return {int(status) for status in more}
