"""The messages that subscribers are sent, described for OpenAPI: one webhook for each type."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import FastAPI, Header
from pydantic import BaseModel, create_model

from api.delivery.payload import TEST, VERIFY, EventMessage, TestMessage, VerifyMessage
from api.shapes import Made
from catalog.vocabulary import EventType

Id = Annotated[str, Header(alias="webhook-id", description="The same at every attempt.")]
Timestamp = Annotated[
    int, Header(alias="webhook-timestamp", description="When this attempt is made, Unix seconds.")
]
Signature = Annotated[
    str,
    Header(
        alias="webhook-signature",
        description="`v1,` and the signature, for each secret that holds, with a space between.",
    ),
]
TAKEN = "Any 2xx: the message is taken. Another answer is a failure; 410 ends the subscription."
ABOUT = "Signed as Standard Webhooks 1.0 describes; verify it before you trust it."


def describe_webhooks(app: FastAPI) -> None:
    """Add every message to an application's description."""
    for kind in EventType:
        _describe(app, kind.value, kind.meaning, _message_of(kind))
    _describe(app, VERIFY, "an endpoint is to echo a challenge", VerifyMessage)
    _describe(app, TEST, "an owner tries whether messages arrive", TestMessage)


def _message_of(kind: EventType) -> type[BaseModel]:
    """Give the shape of one type's message: an event's, of that type."""
    name = "".join(part.title() for part in kind.split("."))
    only = (Literal[kind], ...)
    return create_model(f"{name}Message", __base__=(EventMessage, Made), type=only)  # type: ignore[arg-type] # a form made as it runs


def _describe(app: FastAPI, name: str, meaning: str, message: type[BaseModel]) -> None:
    app.webhooks.add_api_route(
        name,
        _endpoint(message),
        methods=["POST"],
        status_code=HTTPStatus.NO_CONTENT,
        operation_id=f"receive_{name.replace('.', '_')}",
        summary=meaning[0].upper() + meaning[1:],
        description=ABOUT,
        response_description=TAKEN,
    )


def _endpoint(message: type[BaseModel]) -> Callable[..., None]:
    def endpoint(id: Id, timestamp: Timestamp, signature: Signature, body: object) -> None:  # noqa: A002 as the header is called
        """Take a message."""

    endpoint.__annotations__["body"] = message
    return endpoint
