"""The archive: every response as it came, once, as a WARC record under the sha256 of its bytes."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from scrapy.http import Response
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]  # it ships no types
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]  # it ships no types

from catalog.documents.archive import archive_path, open_archived
from catalog.moments import print_moment
from spiders.fetching.headers import headers, keeps


@dataclass(frozen=True, slots=True)
class ArchivedSnapshot:
    """A response's bytes in the archive."""

    sha256: str
    size: int
    path: Path


class Archive:
    """A folder of WARC files, one a content: ``ab/abcd….warc.gz``."""

    def __init__(self, folder: Path) -> None:
        """Keep the records in the folder, which is made when needed."""
        self._folder = folder

    def store(self, response: Response, fetched_at: datetime) -> ArchivedSnapshot:
        """Keep a response's body with its address and headers; the same bytes are kept once."""
        digest = sha256(response.body).hexdigest()
        path = self._path(digest)
        if not path.exists():
            _write_whole(path, _record(response, fetched_at))
        return ArchivedSnapshot(sha256=digest, size=len(response.body), path=path)

    def open(self, digest: str) -> bytes:
        """Give the bytes kept under a sha256; ArchiveError where there are none, or others."""
        return open_archived(self._folder, digest)

    def _path(self, digest: str) -> Path:
        return archive_path(self._folder, digest)


def _record(response: Response, fetched_at: datetime) -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    record = writer.create_warc_record(
        response.url,
        "response",
        payload=BytesIO(response.body),
        length=len(response.body),
        http_headers=StatusAndHeaders(str(response.status), _kept(response), "HTTP/1.1"),
        warc_headers_dict={"WARC-Date": print_moment(fetched_at)},
    )
    writer.write_record(record)
    return buffer.getvalue()


def _kept(response: Response) -> list[tuple[str, str]]:
    length = ("Content-Length", str(len(response.body)))
    return [*((name, value) for name, value in headers(response) if keeps(name)), length]


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            _flush(file, content)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _flush(file: IO[bytes], content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
