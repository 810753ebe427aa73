"""Content codings: which one a request wants, and bytes in it, all at once or as they come."""

import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from api.http.weights import weighed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP_LEVEL = 6
ZSTD_LEVEL = 3
GZIP_FRAME = 16 + zlib.MAX_WBITS
"""Tells zlib to write gzip; its head then states no time, so that the bytes are always the same."""


class Coding(StrEnum):
    """How the bytes of an answer are coded."""

    ZSTD = "zstd"
    GZIP = "gzip"
    IDENTITY = "identity"
    """As they are."""


class Encoder(Protocol):
    """Takes bytes as they come."""

    def compress(self, data: bytes, /) -> bytes:
        """Take some; give what is ready, which may be nothing."""

    def flush(self) -> bytes:
        """Give the rest."""


@dataclass(frozen=True)
class Wish:
    """The coding that a request weighs most, and whether it takes bytes as they are."""

    coding: Coding
    plain: bool


AS_IT_IS = Wish(Coding.IDENTITY, plain=True)


def choose_coding(accept: str | None) -> Wish | None:
    """Choose by ``Accept-Encoding``; of equal ones the best for us. None: nothing is accepted."""
    if accept is None:
        return AS_IT_IS
    weights = {name.replace("x-gzip", "gzip"): weight for name, weight in weighed(accept)}
    rest = weights.get("*")
    plain = weights.get("identity", Decimal(1) if rest is None else rest)
    ours = [(weights.get(one, rest or Decimal(0)), one) for one in (Coding.ZSTD, Coding.GZIP)]
    weight, coding = max(ours, key=lambda pair: pair[0])
    if weight > 0 and ("identity" not in weights or weight >= plain):
        return Wish(coding, plain=plain > 0)
    return AS_IT_IS if plain > 0 else None


def encode(coding: Coding, body: bytes) -> bytes:
    """Code bytes; the same ones always become the same."""
    if coding is Coding.IDENTITY:
        return body
    encoder = _ENCODERS[coding]()
    return encoder.compress(body) + encoder.flush()


def encoder_of(coding: Coding) -> Encoder | None:
    """Make what codes bytes as they come; None where they stay as they are."""
    return None if coding is Coding.IDENTITY else _ENCODERS[coding]()


_ENCODERS: dict[Coding, Callable[[], Encoder]] = {
    Coding.ZSTD: lambda: zstd.ZstdCompressor(ZSTD_LEVEL),
    Coding.GZIP: lambda: zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_FRAME),
}
VERSIONS = f"{zlib.ZLIB_RUNTIME_VERSION} {zstd.zstd_version} {GZIP_LEVEL} {ZSTD_LEVEL}"
"""What coded bytes depend on beside the bytes."""
