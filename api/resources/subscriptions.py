"""Subscriptions: who is told what, and where; each owner's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy.orm import Session

from api.delivery import subscribing
from api.delivery.addresses import policy_of
from api.delivery.conditions import UnknownNameError, Wanted, check_names
from api.delivery.shapes import (
    SecretOut,
    SubscriptionIn,
    SubscriptionMade,
    SubscriptionOut,
    SubscriptionPage,
    SubscriptionPatch,
    page_of,
    show,
    show_made,
)
from api.delivery.subscribing import ConflictError, UnknownSubscriptionError
from api.delivery.targets import TargetError, check_url
from api.holders import OfKeyring, Reader, Writer
from api.problems import Refused, not_found, refuse_parameter
from api.questions import Question, Text
from api.state import OfViews
from catalog.current.view import Views
from catalog.settings import environment_settings
from catalog.store import reading
from catalog.subscribing.subscriptions import changing

USUAL_PAGE = 100


class ListAsked(Question):
    """Of a list of an owner's own things."""

    limit: Annotated[int, Field(ge=1, le=1000)] = USUAL_PAGE
    """At most so many."""
    cursor: Text = ""
    """`next` of the page before."""


@contextmanager
def refusing() -> Iterator[None]:
    """Answer what an owner may not or cannot do with a problem."""
    try:
        yield
    except UnknownSubscriptionError as error:
        raise not_found(str(error)) from None
    except ConflictError as error:
        raise Refused(HTTPStatus.CONFLICT, str(error)) from None
    except TargetError as error:
        raise refuse_parameter("url", str(error)) from None
    except UnknownNameError as error:
        raise Refused(
            HTTPStatus.UNPROCESSABLE_ENTITY, str(error), candidates=error.candidates
        ) from None


@contextmanager
def changing_as_asked(views: Views) -> Iterator[Session]:
    """Open a session that changes what an owner asks for, whole or not at all."""
    with refusing(), changing(views.engine) as session:
        yield session


def _check(views: Views, url: str | None, wanted: Wanted | None) -> None:
    with refusing():
        if wanted is not None:
            check_names(wanted, views.identity)
        if url is not None:
            check_url(url, policy_of(allow_loopback=environment_settings().allow_loopback))


router = APIRouter()


@router.get("/subscriptions", name="list_subscriptions")
def list_all(
    asked: Annotated[ListAsked, Query()], views: OfViews, holder: Reader
) -> SubscriptionPage:
    """List the subscriptions of the key's owner."""
    with reading(views.engine) as session:
        found = subscribing.list_subscriptions(
            session, holder.owner, after=asked.cursor, limit=asked.limit + 1
        )
        return page_of(found, asked.limit)


@router.post("/subscriptions", name="subscribe", status_code=HTTPStatus.CREATED)
def create(
    given: SubscriptionIn, views: OfViews, keyring: OfKeyring, holder: Writer
) -> SubscriptionMade:
    """Subscribe to what happens from now on.

    The endpoint is sent a signed `subscription.verify`, and nothing else before it has answered
    with its challenge. The secret is shown this once.
    """
    _check(views, given.url, given.filter)
    with changing_as_asked(views) as session:
        made = subscribing.subscribe(
            session,
            keyring,
            holder.owner,
            url=given.url,
            wanted=given.filter,
            name=given.name,
            now=views.now(),
        )
        return show_made(made.subscription, made.secret)


@router.get("/subscriptions/{subscription}", name="show_subscription")
def show_one(subscription: Text, views: OfViews, holder: Reader) -> SubscriptionOut:
    """Show a subscription as it stands."""
    with refusing(), reading(views.engine) as session:
        return show(subscribing.find(session, holder.owner, subscription))


@router.patch("/subscriptions/{subscription}", name="change_subscription")
def change(
    subscription: Text, given: SubscriptionPatch, views: OfViews, holder: Writer
) -> SubscriptionOut:
    """Change a subscription's URL, name or filter."""
    with refusing(), reading(views.engine) as session:
        subscribing.find(session, holder.owner, subscription)
    _check(views, given.url, given.filter)
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        subscribing.change(
            session, one, views.now(), url=given.url, wanted=given.filter, name=given.name
        )
        return show(one)


@router.delete(
    "/subscriptions/{subscription}", name="unsubscribe", status_code=HTTPStatus.NO_CONTENT
)
def remove(subscription: Text, views: OfViews, holder: Writer) -> None:
    """Remove a subscription with its messages; nothing is sent any more."""
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        subscribing.remove(session, one)


@router.post("/subscriptions/{subscription}/pause", name="pause_subscription")
def pause(subscription: Text, views: OfViews, holder: Writer) -> SubscriptionOut:
    """Send nothing for now; its place in the log stands."""
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        subscribing.pause(one)
        return show(one)


@router.post("/subscriptions/{subscription}/resume", name="resume_subscription")
def resume(subscription: Text, views: OfViews, holder: Writer) -> SubscriptionOut:
    """Go on with a paused or disabled subscription from where it stood."""
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        subscribing.resume(one)
        return show(one)


@router.post("/subscriptions/{subscription}/verify", name="verify_subscription")
def verify(subscription: Text, views: OfViews, holder: Writer) -> SubscriptionOut:
    """Send the endpoint a new challenge; nothing else is sent before it is echoed."""
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        subscribing.challenge(session, one, views.now())
        return show(one)


@router.post("/subscriptions/{subscription}/rotate", name="rotate_secret")
def rotate(subscription: Text, views: OfViews, keyring: OfKeyring, holder: Writer) -> SecretOut:
    """Give a new secret, shown this once; both sign for 24 hours."""
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        return SecretOut(secret=subscribing.rotate(session, keyring, one, views.now()))
