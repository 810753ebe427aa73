"""The headers of a message, as Standard Webhooks 1.0 asks for them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook

USER_AGENT = "Tokentape (webhooks)"


def signed_headers(
    message: str, body: str, secrets: Iterable[str], now: datetime
) -> Mapping[str, str]:
    """Sign a message's body by each secret that holds, at the moment of the attempt."""
    # The library takes the digits of a moment for UTC, whatever its zone is.
    at = now.astimezone(UTC)
    signatures = (Webhook(secret).sign(message, at, body) for secret in secrets)
    return {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "accept-encoding": "identity",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
