"""The catalog as files for any static host: exports, feeds, and a JSON for each model.

Each file is what the API answers at the same path, byte for byte. Only what changed is touched.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from fastapi import FastAPI

from api.exports.asking import ask
from api.exports.formats import FORMATS
from api.exports.trees import to_json
from catalog.current.view import Views

INDEX = "index.json"
HEADERS = "_headers"
"""Media types of files whose names do not tell them; several static hosts read it."""
BULK = ("history.sqlite", "history.parquet", "changes.ndjson")
FEEDS = ("changes.atom", "changes.json")
GOOD = 200


class PublishError(Exception):
    """Something that could not be published; the message says what."""


@dataclass(frozen=True)
class Published:
    """What a publication did: how many files it is, its own two with them."""

    files: int
    written: int
    removed: int


Told = Callable[[int, int], None]
"""Is told how many files are done, and of how many."""


def publish(
    app: FastAPI, folder: Path, *, root: str, told: Told = lambda _done, _all: None
) -> Published:
    """Write everything into a folder, for a host that serves it at a root.

    Files of an earlier publication that are no longer made are removed; no others are. Raises
    PublishError where a path is not answered.
    """
    return asyncio.run(_published(app, folder, root, told))


async def _published(app: FastAPI, folder: Path, root: str, told: Told) -> Published:
    before = _known(folder)
    paths = list(_paths(app.state.views))
    sums: dict[str, str] = {}
    types: dict[str, str] = {}
    written = 0
    for done, (name, path) in enumerate(paths, start=1):
        answer = await ask(app, path, root)
        if answer.status != GOOD:
            raise PublishError(f"{path} was answered with {answer.status}: {answer.body[:300]!r}")
        sums[name] = sha256(answer.body).hexdigest()
        types[name] = answer.headers.get("content-type", "")
        written += _write(folder / name, answer.body)
        told(done, len(paths))
    written += _write(folder / HEADERS, _headers(types))
    removed = sum(_remove(folder, name) for name in before - sums.keys())
    written += _write(folder / INDEX, _index(app.state.views, sums))
    return Published(len(sums) + len((HEADERS, INDEX)), written, removed)


def _paths(views: Views) -> Iterator[tuple[str, str]]:
    """Give each file's name and the path of the API that it is."""
    for one in FORMATS:
        yield f"exports/{one.path}", f"/exports/{one.path}"
        yield f"exports/{one.name}/loss.json", f"/exports/{one.name}/loss"
    yield from ((f"exports/{name}", f"/exports/{name}") for name in BULK)
    yield from ((name, f"/{name}") for name in FEEDS)
    for model in sorted(views.look().view.by_model):
        yield f"models/{model}.json", f"/models/{model}"


def _write(path: Path, body: bytes) -> bool:
    """Put a file in place in one step, where it is not there as it is to be."""
    if path.is_file() and path.read_bytes() == body:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    made = Path(file.name)
    made.chmod(0o644)
    made.replace(path)
    return True


def _known(folder: Path) -> set[str]:
    """Give the names of what was published before; nothing where none is known to be."""
    index = folder / INDEX
    if not index.is_file():
        return set()
    stated = json.loads(index.read_bytes())
    return {one["path"] for one in stated["files"]}


def _remove(folder: Path, name: str) -> bool:
    """Remove a file of an earlier publication; never one outside of the folder."""
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        return False
    path = folder / name
    if not path.is_file():
        return False
    path.unlink()
    return True


def _headers(types: Mapping[str, str]) -> bytes:
    bare = {name: kind for name, kind in types.items() if not PurePosixPath(name).suffix}
    lines = (f"/{name}\n  Content-Type: {kind}\n" for name, kind in sorted(bare.items()))
    return "".join(lines).encode()


def _index(views: Views, sums: Mapping[str, str]) -> bytes:
    files = [{"path": name, "sha256": digest} for name, digest in sorted(sums.items())]
    return to_json({"sequence": views.look().view.sequence, "files": files})
