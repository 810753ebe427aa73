"""Which code answers: what answers depend on beside the catalog and the question."""

from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from api.http.encodings import VERSIONS

HERE = Path(__file__).resolve().parent.parent.parent
ANSWERING = ("api", "catalog")
KINDS = frozenset({".py", ".tsv"})
WRITING = ("fastapi", "pyarrow", "pydantic-core")
"""The libraries that write the bytes of answers."""


@cache
def build_digest() -> str:
    """Give a digest of our code and tables and of the libraries that write answers."""
    digest = sha256(VERSIONS.encode())
    for name in WRITING:
        digest.update(f"{name} {version(name)}".encode())
    for path in _files():
        digest.update(f"{path.relative_to(HERE)} ".encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def built_at() -> datetime:
    """Give when our code was last written here."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in _files()), UTC)


@cache
def _files() -> tuple[Path, ...]:
    found = (path for folder in ANSWERING for path in (HERE / folder).rglob("*"))
    return tuple(sorted(path for path in found if path.suffix in KINDS))
