"""What is kept stays within its bytes; what was asked least recently goes first."""

from datetime import UTC, datetime

from api.ready.kept import OVERHEAD, Kept, Key, Memory

THEN = datetime(2026, 5, 1, tzinfo=UTC)


def key(path: str) -> Key:
    return Key(1, THEN, path, b"", None, None)


def kept(length: int) -> Kept:
    return Kept(headers=(), etag='"a"', modified=None, body=b"x" * length)


def test_what_was_asked_least_recently_goes_first() -> None:
    memory = Memory(3 * (OVERHEAD + 102))
    for path in ("/a", "/b", "/c"):
        memory.keep(key(path), kept(100))
    assert memory.bytes == memory.most
    assert memory.find(key("/a")) is not None
    memory.keep(key("/d"), kept(100))
    assert [memory.find(key(path)) is not None for path in ("/a", "/b", "/c", "/d")] == [
        True,
        False,
        True,
        True,
    ]
    assert memory.bytes == memory.most


def test_an_answer_takes_the_place_of_the_one_before() -> None:
    memory = Memory(10_000)
    memory.keep(key("/a"), kept(100))
    memory.keep(key("/a"), kept(5))
    assert memory.bytes == OVERHEAD + 2 + 5
    memory.clear()
    assert (memory.bytes, memory.find(key("/a"))) == (0, None)


def test_what_is_too_large_to_be_kept_leaves_nothing_behind() -> None:
    memory = Memory(1000)
    memory.keep(key("/a"), kept(100))
    assert (memory.bytes, memory.find(key("/a"))) == (0, None)


def test_only_what_was_asked_for_again_is_wanted_the_last_first() -> None:
    memory = Memory(100_000)
    for path in ("/a", "/b", "/c"):
        memory.keep(key(path), kept(1))
    for path in ("/c", "/a"):
        memory.find(key(path))
    assert [one.path for one in memory.wanted(9)] == ["/a", "/c"]
    assert [one.path for one in memory.wanted(1)] == ["/a"]
