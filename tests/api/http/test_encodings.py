"""Content codings: the one that is weighed most, and bytes that come back the same."""

import gzip
from collections.abc import Callable

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from api.http.encodings import Coding, Wish, choose_coding, encode, encoder_of

BROWSER = "gzip, deflate, br, zstd"
DECODE: dict[Coding, Callable[[bytes], bytes]] = {
    Coding.GZIP: gzip.decompress,
    Coding.ZSTD: zstd.decompress,
    Coding.IDENTITY: bytes,
}


@pytest.mark.parametrize(
    ("accept", "coding", "plain"),
    [
        (None, "identity", True),
        ("", "identity", True),
        ("br", "identity", True),
        ("gzip", "gzip", True),
        ("x-gzip", "gzip", True),
        ("GZIP;Q=1", "gzip", True),
        (BROWSER, "zstd", True),
        ("*", "zstd", True),
        ("gzip, zstd;q=0.9", "gzip", True),
        ("gzip;q=0.5, identity", "identity", True),
        ("gzip;q=0", "identity", True),
        ("zstd;q=0, *", "gzip", True),
        ("gzip, identity;q=0", "gzip", False),
        ("gzip, *;q=0", "gzip", False),
        ("gzip;q=2", "identity", True),
        ("gzip;q=NaN", "identity", True),
        (",;,gzip", "gzip", True),
    ],
)
def test_the_coding_that_weighs_most_is_chosen(
    accept: str | None, coding: str, *, plain: bool
) -> None:
    assert choose_coding(accept) == Wish(Coding(coding), plain=plain)


@pytest.mark.parametrize("accept", ["identity;q=0", "*;q=0", "br, *;q=0", "br, identity;q=0.000"])
def test_where_nothing_is_accepted_nothing_is_chosen(accept: str) -> None:
    assert choose_coding(accept) is None


@pytest.mark.parametrize("coding", Coding)
@given(pieces=st.lists(st.binary(max_size=2000), max_size=5))
def test_bytes_come_back_and_are_coded_alike_each_time(coding: Coding, pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    assert DECODE[coding](encode(coding, whole)) == whole
    assert encode(coding, whole) == encode(coding, whole)
    encoder = encoder_of(coding)
    if encoder is not None:
        coded = b"".join(encoder.compress(piece) for piece in pieces) + encoder.flush()
        assert DECODE[coding](coded) == whole
