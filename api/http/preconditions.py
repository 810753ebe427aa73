"""Preconditions of RFC 9110: what a client holds already, and what it wants only if it is so."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from starlette.datastructures import Headers

from api.http.asked import list_of

LISTS = ("if-match", "if-none-match")
"""Those that name tags, in one line or in several."""
DATES = ("if-modified-since", "if-unmodified-since")
_TAGS = re.compile(r'\s*(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"\s*')


def http_date(moment: datetime) -> str:
    """Print a moment as HTTP does, in whole seconds."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def conditions_of(headers: Headers) -> dict[str, str]:
    """Give the preconditions that a request states, by name."""
    lists = ((name, list_of(headers, name)) for name in LISTS)
    dates = ((name, headers.get(name)) for name in DATES)
    return {name: given for name, given in (*lists, *dates) if given is not None}


def outcome(headers: Mapping[str, str], etag: str | None, modified: datetime | None) -> HTTPStatus:
    """Say how a GET is answered that could be answered with 200: so, with 304, or with 412.

    Without an ``etag`` or a moment, what asks about it is as good as not there.
    """
    if not _still_wanted(headers, etag, modified):
        return HTTPStatus.PRECONDITION_FAILED
    if _held_already(headers, etag, modified):
        return HTTPStatus.NOT_MODIFIED
    return HTTPStatus.OK


def _still_wanted(headers: Mapping[str, str], etag: str | None, modified: datetime | None) -> bool:
    match = headers.get("if-match")
    if match is not None:
        return etag is None or _names(match, etag, strong=True)
    unmodified = _date(headers.get("if-unmodified-since"))
    return unmodified is None or modified is None or modified <= unmodified


def _held_already(headers: Mapping[str, str], etag: str | None, modified: datetime | None) -> bool:
    none_match = headers.get("if-none-match")
    if none_match is not None:
        return etag is not None and _names(none_match, etag, strong=False)
    since = _date(headers.get("if-modified-since"))
    return since is not None and modified is not None and modified <= since


def _names(given: str, etag: str, *, strong: bool) -> bool:
    """Whether a list of tags names this one; a list that cannot be read names none."""
    if given.strip() in {"*", etag}:
        return True
    parts = _split(given)
    return any(part == etag or (not strong and part == f"W/{etag}") for part in parts)


def _split(given: str) -> list[str]:
    parts = re.findall(r'(?:W/)?"[^"]*"', given)
    rest = re.sub(r'(?:W/)?"[^"]*"', "", given)
    return parts if not rest.strip(" \t,") and all(map(_TAGS.fullmatch, parts)) else []


def _date(text: str | None) -> datetime | None:
    """Read a date of HTTP; None where it is none."""
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
