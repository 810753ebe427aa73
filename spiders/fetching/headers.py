"""Response headers as text, and which of them are kept."""

from scrapy.http import Response

NOT_KEPT = {"set-cookie", "transfer-encoding", "content-encoding", "content-length"}
"""Secrets, and what no longer holds once the body is decoded."""


def header(response: Response, name: str) -> str:
    """Give a header's first value; empty where there is none."""
    return (response.headers.get(name) or b"").decode("latin-1")


def headers(response: Response) -> list[tuple[str, str]]:
    """List a response's headers, repeated ones each."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def keeps(name: str) -> bool:
    """Whether a header is kept beside the decoded body."""
    return name.lower() not in NOT_KEPT
