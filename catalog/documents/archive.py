"""The archive as it is read: the bytes of a fetched response, by their sha256, proven by it."""

import gzip
import zlib
from hashlib import sha256
from pathlib import Path


class ArchiveError(Exception):
    """The archive does not hold what was asked of it, or holds it damaged."""


class NotArchivedError(ArchiveError):
    """The archive does not hold what was asked of it."""


def archive_path(folder: Path, digest: str) -> Path:
    """Say where a content lies in an archive: ``ab/abcd….warc.gz``."""
    return folder / digest[:2] / f"{digest}.warc.gz"


def open_archived(folder: Path, digest: str) -> bytes:
    """Give the bytes kept under a sha256; ArchiveError where there are none, or others."""
    path = archive_path(folder, digest)
    if not path.exists():
        raise NotArchivedError(f"the archive {folder} holds no {digest}; crawl again")
    body = _body(path)
    if sha256(body).hexdigest() != digest:
        raise ArchiveError(f"{path} is damaged: its bytes are not those of its name")
    return body


def _body(path: Path) -> bytes:
    # Untyped, and slow to import: a server that is asked for no page does without it.
    from warcio import ArchiveIterator  # type: ignore[import-untyped] # noqa: PLC0415 as said above
    from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped] # noqa: PLC0415 as above

    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                body: bytes = record.content_stream().read()
                return body
    except (ArchiveLoadFailed, EOFError, zlib.error) as error:
        raise ArchiveError(f"{path} is damaged: {error}") from error
    raise ArchiveError(f"{path} holds no record")


def check_archived(folder: Path, digest: str) -> None:
    """Read all that is kept under a sha256, to its checksum; ArchiveError where it is not whole."""
    open_archived(folder, digest)
    path = archive_path(folder, digest)
    try:
        gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveError(f"{path} is damaged: {error}") from error
