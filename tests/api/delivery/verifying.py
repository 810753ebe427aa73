"""Receivers' own libraries, the specification itself, and messages with one byte changed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import standardwebhooks
import svix.webhooks
from standardwebhooks.exceptions import WebhookVerificationError

from api.delivery.signing import signed_headers
from api.delivery.tokens import new_id, new_secret

Headers = Mapping[str, str]
Accepts = Callable[[str, bytes, Headers], bool]


@dataclass(frozen=True)
class Message:
    """A signed message."""

    secret: str
    body: bytes
    headers: dict[str, str]


def by_standardwebhooks(secret: str, body: bytes, headers: Headers) -> bool:
    """Verify as that library's users do; it raises ValueError for signatures it cannot split."""
    try:
        standardwebhooks.Webhook(secret).verify(body, dict(headers))
    except (WebhookVerificationError, ValueError):
        return False
    return True


def by_svix(secret: str, body: bytes, headers: Headers) -> bool:
    """Verify as that library's users do."""
    try:
        svix.webhooks.Webhook(secret).verify(body, dict(headers))
    except (svix.webhooks.WebhookVerificationError, ValueError):
        return False
    return True


def by_the_specification(secret: str, body: bytes, headers: Headers) -> bool:
    """Verify by the words of Standard Webhooks 1.0, with nothing but the standard library."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join(
        (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
    )
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return wanted in headers["webhook-signature"].split(" ")


VERIFIERS: dict[str, Accepts] = {
    "standardwebhooks": by_standardwebhooks,
    "svix": by_svix,
    "the specification": by_the_specification,
}


def random_text(random: Random) -> str:
    """Give any text that JSON holds: controls, accents, and what is beyond the first plane."""
    ranges = ((0, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF))
    signs = (chr(random.randint(*random.choice(ranges))) for _ in range(random.randint(0, 300)))
    return "".join(signs)


def random_message(random: Random) -> Message:
    """Sign a message of random words, in a random zone."""
    zone = timezone(timedelta(minutes=random.randint(-720, 840)))
    secret, now = new_secret(), datetime.now(UTC).astimezone(zone)
    said = {"type": "price.changed", "data": {"text": random_text(random)}}
    body = json.dumps(said, ensure_ascii=random.random() < 0.5)
    return Message(
        secret,
        body.encode(),
        dict(signed_headers(new_id("msg"), body, [secret], now)),
    )


def tampered(message: Message, random: Random) -> tuple[bytes, dict[str, str]]:
    """Change one byte of what is signed: id, time or body."""
    headers, body = dict(message.headers), bytearray(message.body)
    part = random.choice(("webhook-id", "webhook-timestamp", "body", "body"))
    if part == "body":
        body[random.randrange(len(body))] ^= random.randint(1, 255)
        return bytes(body), headers
    text = headers[part]
    place = random.randrange(len(text))
    others = [sign for sign in _like(text[place]) if sign != text[place]]
    headers[part] = text[:place] + random.choice(others) + text[place + 1 :]
    return bytes(body), headers


def _like(sign: str) -> str:
    return "0123456789" if sign.isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"


def accepted(accepts: Accepts, message: Message, body: bytes, headers: Headers) -> bool:
    """Whether a verifier takes it; bytes that are no text are not taken by any."""
    try:
        return accepts(message.secret, body, headers)
    except UnicodeDecodeError:
        return False


def count_tampered(random: Random, tries: int) -> int:
    """Count how many one-byte changes any of the verifiers takes."""
    messages = [random_message(random) for _ in range(100)]
    taken = 0
    for number in range(tries):
        message = messages[number % len(messages)]
        body, headers = tampered(message, random)
        taken += any(accepted(one, message, body, headers) for one in VERIFIERS.values())
    return taken
