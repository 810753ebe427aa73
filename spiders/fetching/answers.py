"""What an answer that is not the page means: each status and each failure has a named outcome."""

from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.fetching.browser import BrowserMissingError
from spiders.fetching.headers import header
from spiders.fetching.redirects import target
from spiders.fetching.robots import RobotsRefusal
from spiders.fetching.turns import HostResting

REFUSALS = {401, 402, 403, 407, 429, 451}
DEPARTURES = {404, 410}
UNREACHABLE: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "its name could not be resolved; is this machine on the network?"),
    (DownloadConnectionRefusedError, "no connection could be made"),
    (ResponseDataLossError, "the answer broke off"),
    (DownloadTimeoutError, "it did not answer in time"),
    (DownloadFailedError, "the connection failed"),
)


def check_answer(response: Response, asked: str) -> None:
    """Raise NotRead unless the response is the asked page (200) or says it is as before (304)."""
    if urlsplit(response.url).hostname != urlsplit(asked).hostname:
        raise NotRead(Outcome.PAGE_CHANGED, _moved(asked, response.url))
    if header(response, "cf-mitigated") or header(response, "x-amzn-waf-action"):
        raise NotRead(Outcome.BLOCKED, f"{asked} answered with a challenge to prove a person")
    if response.status not in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        raise NotRead(*_refused(response, asked))


def failed(failure: BaseException, asked: str) -> NotRead | None:
    """Name what kept an answer from coming; None where it is a mistake of our own."""
    match failure:
        case NotRead():
            return failure
        case RobotsRefusal():
            return NotRead(Outcome.ROBOTS, str(failure))
        case HostResting():
            return NotRead(Outcome.BLOCKED, f"{failure}; crawl again after that")
        case DownloadTimeoutError():
            return NotRead(Outcome.TIMEOUT, f"{failure}; crawl again later")
        case BrowserMissingError():
            return NotRead(Outcome.NETWORK, str(failure))
    known = any(isinstance(failure, kind) for kind, _ in UNREACHABLE)
    return NotRead(Outcome.NETWORK, unreached(failure, asked)) if known else None


def unreached(failure: BaseException, asked: str) -> str:
    """Say in plain words why nothing came from an address."""
    named = (words for kind, words in UNREACHABLE if isinstance(failure, kind))
    said = " ".join(str(failure).split()) or type(failure).__name__
    return f"{asked} could not be reached: {next(named, 'something failed')} ({said})"


def _refused(response: Response, asked: str) -> tuple[Outcome, str]:
    status = response.status
    if status in REFUSALS:
        return Outcome.BLOCKED, f"{asked} answered {_name(status)}{_wait(response)}"
    if status in DEPARTURES:
        return Outcome.GONE, f"{asked} answered {_name(status)}; find where the page went"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome.NETWORK, f"{asked} answered {_name(status)}{_wait(response)}"
    if there := target(response):
        return Outcome.PAGE_CHANGED, _moved(asked, there)
    return Outcome.PAGE_CHANGED, f"{asked} answered {_name(status)} instead of the page"


def _moved(asked: str, there: str) -> str:
    return f"{asked} leads to {there}; if that is the page now, declare it in the source"


def _wait(response: Response) -> str:
    rest = header(response, "Retry-After")
    return f" and asks to be left alone (Retry-After: {rest})" if rest else ""


def _name(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
