"""Random texts that are known to whom they are given: API keys, webhook secrets, identifiers."""

import secrets
from base64 import b64encode
from string import ascii_letters, digits
from zlib import crc32

ALPHABET = digits + ascii_letters
BITS = 160
RANDOM = 27
"""So many signs of 62 hold 160 bits."""
CHECKSUM = 6
"""So many hold a CRC-32."""
PREFIX = "ttk_"
SECRET_PREFIX = "whsec_"  # noqa: S105 how secrets begin
SECRET_BYTES = 32


def new_api_key() -> str:
    """Make an API key: a prefix that scanners know, 160 random bits, and a checksum of both."""
    start = PREFIX + _print(secrets.randbits(BITS), RANDOM)
    return start + _checksum(start)


def is_api_key(text: str) -> bool:
    """Whether a text can be a key, by its checksum: so that a slip is told without the store."""
    if len(text) != len(PREFIX) + RANDOM + CHECKSUM or not text.isascii():
        return False
    start, end = text[:-CHECKSUM], text[-CHECKSUM:]
    return text.startswith(PREFIX) and end == _checksum(start)


def new_secret() -> str:
    """Make a webhook secret of 256 random bits, as Standard Webhooks prints them."""
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_id(prefix: str) -> str:
    """Make an identifier that nobody guesses."""
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(RANDOM))}"


def _checksum(start: str) -> str:
    return _print(crc32(start.encode()), CHECKSUM)


def _print(number: int, width: int) -> str:
    signs = []
    for _ in range(width):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(reversed(signs))
