"""The archive keeps every content once, whole, and proves what it gives back."""

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from scrapy.http import Headers, Response

from catalog.documents.archive import ArchiveError
from spiders.fetching.archive import Archive
from tests.spiders.errands import go, session_in
from tests.spiders.site import Answer, serving

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = "<p>输入 ¥4 / 1M tokens</p>".encode()
NONE: Mapping[str, str] = {}


def response(body: bytes = PAGE, headers: Mapping[str, str] = NONE) -> Response:
    named = Headers(dict(headers))
    return Response("https://example.org/pricing", status=403, body=body, headers=named)


def records(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_stored_comes_back_by_its_sha256(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    stored = archive.store(response(), NOW)
    assert stored.sha256 == sha256(PAGE).hexdigest()
    assert stored.size == len(PAGE)
    assert archive.open(stored.sha256) == PAGE


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = archive.store(response(), NOW)
    written = first.path.stat().st_mtime_ns
    assert archive.store(response(), NOW) == first
    assert records(tmp_path) == [first.path]
    assert first.path.stat().st_mtime_ns == written


def test_a_record_says_where_when_and_how_the_page_was_answered(tmp_path: Path) -> None:
    stored = Archive(tmp_path).store(response(headers={"ETag": '"v1"'}), NOW)
    text = gzip.decompress(stored.path.read_bytes()).decode()
    assert "WARC-Target-URI: https://example.org/pricing\r\n" in text
    assert "WARC-Date: 2026-11-22T12:00:00Z\r\n" in text
    assert "HTTP/1.1 403" in text
    assert 'Etag: "v1"\r\n' in text


def test_no_cookie_is_kept(tmp_path: Path) -> None:
    stored = Archive(tmp_path).store(response(headers={"Set-Cookie": "sid=secret"}), NOW)
    assert b"secret" not in gzip.decompress(stored.path.read_bytes())


def test_an_unknown_sha256_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="holds no 00"):
        Archive(tmp_path).open("00" * 32)


def test_damaged_bytes_are_not_given(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    good, bad = archive.store(response(), NOW), archive.store(response(b"other"), NOW)
    good.path.write_bytes(bad.path.read_bytes())
    with pytest.raises(ArchiveError, match="is damaged"):
        archive.open(good.sha256)


def test_a_file_without_a_record_is_not_given(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    stored = archive.store(response(), NOW)
    stored.path.write_bytes(b"")
    with pytest.raises(ArchiveError, match="holds no record"):
        archive.open(stored.sha256)


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        Archive(tmp_path).store(response(), NOW)
    assert records(tmp_path) == []


def test_a_compressed_page_is_archived_as_it_reads(tmp_path: Path) -> None:
    with serving() as site:
        headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
        fetched = go(tmp_path, site.says("/p", Answer(body=gzip.compress(PAGE), headers=headers)))
    assert fetched.snapshot is not None
    assert session_in(tmp_path).archive.open(fetched.snapshot.sha256) == PAGE


def test_redirects_and_refused_tries_are_archived_too(tmp_path: Path) -> None:
    with serving() as site:
        tries = (
            Answer(status=302, headers={"Location": "/b"}, body=b"moved"),
            Answer(status=503, body=b"busy"),
            Answer(body=b"page"),
        )
        site.says("/b", *tries[1:])
        go(tmp_path, site.says("/a", tries[0]))
    archive = session_in(tmp_path).archive
    for body in (b"moved", b"busy", b"page"):
        assert archive.open(sha256(body).hexdigest()) == body
