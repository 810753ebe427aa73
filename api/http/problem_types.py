"""The types of problems: one for each status that is no success, with a page that explains it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

PAGES = "/problems"
"""Below this path each type has its page: a type is the address of its page."""


@dataclass(frozen=True)
class ProblemType:
    """What one status means here, and what to do about it."""

    status: HTTPStatus
    name: str
    """The last part of its address."""
    meaning: str
    remedy: str

    @property
    def uri(self) -> str:
        """The reference that answers carry as ``type``."""
        return f"{PAGES}/{self.name}"


TYPES = (
    ProblemType(
        HTTPStatus.BAD_REQUEST,
        "malformed-request",
        "The request cannot be read: its address or body is not well formed.",
        "Percent-encode what is not plain ASCII, as UTF-8, and send no control characters.",
    ),
    ProblemType(
        HTTPStatus.UNAUTHORIZED,
        "not-authenticated",
        "This needs a key, and none that is known was sent.",
        "Send a key that was given out and not revoked.",
    ),
    ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-allowed",
        "The key that was sent does not allow this.",
        "Use a key that was given this right.",
    ),
    ProblemType(
        HTTPStatus.NOT_FOUND,
        "not-found",
        "Nothing is served at this address, or nothing of this name is in the catalog.",
        "`candidates` names what looks alike; /docs and /llms.txt list every address.",
    ),
    ProblemType(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This address does not take this method.",
        "Use one of the methods that the header `Allow` names.",
    ),
    ProblemType(
        HTTPStatus.NOT_ACCEPTABLE,
        "not-acceptable",
        "Neither `Accept` nor `Accept-Encoding` leaves a form that there is.",
        "Accept JSON, CSV, NDJSON or Parquet (or ask with `format=`), as it is or as gzip or zstd.",
    ),
    ProblemType(
        HTTPStatus.CONFLICT,
        "conflict",
        "The state of what is asked for does not allow this.",
        "Read it again, and decide by what it is now.",
    ),
    ProblemType(
        HTTPStatus.GONE,
        "gone",
        "This was here and will not come back.",
        "Stop asking for it; /docs lists what is served.",
    ),
    ProblemType(
        HTTPStatus.PRECONDITION_FAILED,
        "precondition-failed",
        "`If-Match` or `If-Unmodified-Since` does not hold for what is served now.",
        "Ask without it, and take the new `ETag`.",
    ),
    ProblemType(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "content-too-large",
        "The body is longer than this address takes.",
        "Send less at once.",
    ),
    ProblemType(
        HTTPStatus.REQUEST_URI_TOO_LONG,
        "uri-too-long",
        "The address with its query is longer than is taken.",
        "Ask with fewer values, and several times.",
    ),
    ProblemType(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "The body is of a type that this address does not take.",
        "Say what it is in `Content-Type`; `detail` names the types taken.",
    ),
    ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-parameters",
        "A parameter or a member of the body is unknown or has a value that is not taken.",
        "`errors` names each with what is allowed; nothing is ignored or guessed.",
    ),
    ProblemType(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-requests",
        "More requests came from this address than are answered.",
        "Wait for the seconds that `Retry-After` says; keep `ETag`s, ask for many rows at once.",
    ),
    ProblemType(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "headers-too-large",
        "The headers are longer than is taken.",
        "Send fewer or shorter ones.",
    ),
    ProblemType(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "The server failed; the request may be right.",
        "Try again later; tell the server's owner the `request_id`, which is in the log.",
    ),
    ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The store cannot be read now, or is not of the version that this server needs.",
        "Try again later; the owner may need to run `tokentape migrate`.",
    ),
)
BY_STATUS: Mapping[int, ProblemType] = MappingProxyType({one.status: one for one in TYPES})
BY_NAME: Mapping[str, ProblemType] = MappingProxyType({one.name: one for one in TYPES})


def type_uri(status: int) -> str:
    """Give the type of a status; of one without a page of its own, the one that says nothing."""
    known = BY_STATUS.get(status)
    return known.uri if known else "about:blank"
