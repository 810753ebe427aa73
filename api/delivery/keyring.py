"""What TOKENTAPE_SECRET_KEY is for: webhook secrets encrypted at rest, API keys kept as hashes."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST = 32
MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


class SecretKeyError(RuntimeError):
    """TOKENTAPE_SECRET_KEY is not set as it must be; the message says what to do."""


@dataclass(frozen=True)
class Keyring:
    """The keys derived from the setting, the newest first."""

    _fernet: MultiFernet = field(repr=False)
    _hashing: tuple[bytes, ...] = field(repr=False)

    def seal(self, secret: str) -> str:
        """Encrypt a secret with the newest key."""
        return self._fernet.encrypt(secret.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt a secret with the key it was encrypted with; raise SecretKeyError without it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SecretKeyError(
                "a secret was encrypted with a key that TOKENTAPE_SECRET_KEY no longer holds; "
                "name the old one, too: new,old"
            ) from None

    def reseal(self, sealed: str) -> str:
        """Encrypt a secret anew with the newest key."""
        return self._fernet.rotate(sealed.encode()).decode()

    def hashes(self, token: str) -> list[str]:
        """Give the keyed hashes that a token may be stored under, by the newest key first."""
        return [hmac.digest(key, token.encode(), "sha256").hex() for key in self._hashing]


def keyring_of(setting: str) -> Keyring:
    """Derive the keys from TOKENTAPE_SECRET_KEY: one secret, or the newest, older ones after it.

    Commas stand between them. Raises SecretKeyError where it is not set or too short to be one.
    """
    secrets = [part.strip() for part in setting.split(",") if part.strip()]
    if not secrets:
        raise SecretKeyError(f"set TOKENTAPE_SECRET_KEY first; make a key with: {MAKE_ONE}")
    if any(len(secret) < SHORTEST for secret in secrets):
        raise SecretKeyError(
            f"TOKENTAPE_SECRET_KEY has fewer than {SHORTEST} characters; make one with: {MAKE_ONE}"
        )
    fernets = [Fernet(urlsafe_b64encode(_derive(secret, "webhook secrets"))) for secret in secrets]
    return Keyring(MultiFernet(fernets), tuple(_derive(secret, "API keys") for secret in secrets))


def _derive(secret: str, purpose: str) -> bytes:
    derivation = HKDF(SHA256(), length=32, salt=None, info=f"tokentape {purpose}".encode())
    return derivation.derive(secret.encode())
