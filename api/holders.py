"""Who asks: an API key in the Authorization header, and what it lets its holder do."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.delivery.keyring import Keyring, SecretKeyError, keyring_of
from api.delivery.keys import Holder, holder_of
from api.problems import Refused
from api.state import OfViews
from catalog.settings import environment_settings
from catalog.vocabulary import Scope

BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="ApiKey",
    description="A key that this server's owner made with `tokentape keys create`.",
)
CHALLENGE = {"WWW-Authenticate": "Bearer"}
NO_KEY = "send an API key of this server that holds: Authorization: Bearer ttk_…"


def _keyring() -> Keyring:
    try:
        return keyring_of(environment_settings().secret_key)
    except SecretKeyError:
        detail = "this server takes no subscriptions; its owner has not set TOKENTAPE_SECRET_KEY"
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail) from None


OfKeyring = Annotated[Keyring, Depends(_keyring)]
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


def may(scope: Scope) -> Callable[..., Holder]:
    """Give the dependency that finds who asks, and refuses whom a key does not let do this."""

    def holder(
        response: Response, keyring: OfKeyring, views: OfViews, credentials: Credentials
    ) -> Holder:
        response.headers["Cache-Control"] = "no-store"
        key = credentials.credentials if credentials else ""
        found = holder_of(views.engine, keyring, key, views.now())
        if found is None:
            raise Refused(HTTPStatus.UNAUTHORIZED, NO_KEY, headers=CHALLENGE)
        if scope not in found.scopes:
            detail = f"this key does not let its holder do this; it needs the scope {scope}"
            raise Refused(HTTPStatus.FORBIDDEN, detail)
        return found

    return holder


Reader = Annotated[Holder, Depends(may(Scope.READ))]
Writer = Annotated[Holder, Depends(may(Scope.WRITE))]
Replayer = Annotated[Holder, Depends(may(Scope.REPLAY))]
