"""The ``tokentape subscriptions`` commands: what owners do over HTTP, done on the server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.key_commands import keyring
from catalog.commands import LARGEST, migrated_store
from catalog.moments import utc_now
from catalog.printing import print_lines
from catalog.vocabulary import DeliveryState

if TYPE_CHECKING:
    from pydantic import BaseModel
    from sqlalchemy.orm import Session

    from api.delivery.conditions import Wanted
    from catalog.subscribing.subscriptions import Subscription

commands = typer.Typer()
subscriptions = typer.Typer(
    no_args_is_help=True,
    help="Subscriptions and their messages: made, changed, sent again. Prints one JSON object a "
    "line, as the API answers.",
)
commands.add_typer(subscriptions, name="subscriptions")

Owner = Annotated[str, typer.Option(help="Whose subscriptions.")]
Id = Annotated[str, typer.Argument(metavar="SUBSCRIPTION", help="Its id, as the list shows it.")]
Url = Annotated[str, typer.Argument(help="Where messages are sent.")]
Filter = Annotated[
    str | None,
    typer.Option(
        "--filter", help='Which events, as JSON: {"models": ["openai/gpt-5"], "direction": "down"}'
    ),
]
Name = Annotated[str | None, typer.Option(help="What the owner calls it.")]


@contextmanager
def _refusing() -> Iterator[None]:
    """Exit 1 where what is asked cannot be done, and say why."""
    from api.delivery.conditions import UnknownNameError
    from api.delivery.subscribing import ConflictError, UnknownSubscriptionError
    from api.delivery.targets import TargetError

    try:
        yield
    except (
        ConflictError,
        TargetError,
        UnknownNameError,
        UnknownSubscriptionError,
    ) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@contextmanager
def _changing() -> "Iterator[Session]":
    """Open a session that changes what is asked, whole or not at all."""
    from catalog.subscribing.subscriptions import changing

    with _refusing(), changing(migrated_store()) as session:
        yield session


def _print(*shown: "BaseModel") -> None:
    print_lines([one.model_dump(mode="json") for one in shown])


def _wanted(text: str) -> "Wanted":
    from pydantic import ValidationError

    from api.delivery.conditions import Wanted, check_names
    from catalog.identity import load

    try:
        wanted = Wanted.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise typer.BadParameter(f"{where}: {first['msg']}", param_hint="--filter") from None
    check_names(wanted, load())
    return wanted


def _check(url: str) -> None:
    from api.delivery.addresses import policy_of
    from api.delivery.targets import check_url
    from catalog.settings import environment_settings

    check_url(url, policy_of(allow_loopback=environment_settings().allow_loopback))


@subscriptions.command("list")
def list_command(owner: Owner) -> None:
    """List an owner's subscriptions."""
    from api.delivery.shapes import show
    from api.delivery.subscribing import list_subscriptions
    from catalog.store import reading

    with reading(migrated_store()) as session:
        _print(*(show(one) for one in list_subscriptions(session, owner)))


@subscriptions.command()
def add(
    url: Url,
    owner: Owner,
    filter_: Filter = None,
    name: Name = None,
) -> None:
    """Subscribe to what happens from now on; the secret is shown this once."""
    from api.delivery.shapes import show_made
    from api.delivery.subscribing import subscribe

    ring = keyring()
    with _refusing():
        wanted = _wanted(filter_ or "{}")
        _check(url)
    with _changing() as session:
        made = subscribe(
            session, ring, owner, url=url, wanted=wanted, name=name or "", now=utc_now()
        )
        _print(show_made(made.subscription, made.secret))


@subscriptions.command()
def change(
    subscription: Id,
    owner: Owner,
    url: Annotated[str | None, typer.Option(help="Where messages are sent from now on.")] = None,
    filter_: Filter = None,
    name: Name = None,
) -> None:
    """Change a subscription's URL, filter or name; what is not named stays."""
    from api.delivery.shapes import show
    from api.delivery.subscribing import change as change_it
    from api.delivery.subscribing import find

    with _refusing():
        wanted = None if filter_ is None else _wanted(filter_)
        if url is not None:
            _check(url)
    with _changing() as session:
        one = find(session, owner, subscription, lock=True)
        change_it(session, one, utc_now(), url=url, wanted=wanted, name=name)
        _print(show(one))


def _do(subscription: str, owner: str, does: "Callable[[Session, Subscription], object]") -> None:
    """Do something with a subscription and show how it stands then."""
    from api.delivery.shapes import show
    from api.delivery.subscribing import find

    with _changing() as session:
        one = find(session, owner, subscription, lock=True)
        does(session, one)
        _print(show(one))


@subscriptions.command("show")
def show_command(subscription: Id, owner: Owner) -> None:
    """Show a subscription as it stands."""
    _do(subscription, owner, lambda *_: None)


@subscriptions.command()
def pause(subscription: Id, owner: Owner) -> None:
    """Send nothing for now; its place in the log stands."""
    from api.delivery.subscribing import pause as pause_it

    _do(subscription, owner, lambda _, one: pause_it(one))


@subscriptions.command()
def resume(subscription: Id, owner: Owner) -> None:
    """Go on with a paused or disabled subscription from where it stood."""
    from api.delivery.subscribing import resume as resume_it

    _do(subscription, owner, lambda _, one: resume_it(one))


@subscriptions.command()
def verify(subscription: Id, owner: Owner) -> None:
    """Send the endpoint a new challenge; nothing else is sent before it is echoed."""
    from api.delivery.subscribing import challenge

    _do(subscription, owner, lambda session, one: challenge(session, one, utc_now()))


@subscriptions.command()
def remove(subscription: Id, owner: Owner) -> None:
    """Remove a subscription with its messages; nothing is sent any more."""
    from api.delivery.subscribing import find
    from api.delivery.subscribing import remove as remove_it

    with _changing() as session:
        remove_it(session, find(session, owner, subscription, lock=True))
    typer.echo(f"{subscription} is removed.")


@subscriptions.command()
def rotate(subscription: Id, owner: Owner) -> None:
    """Give a new secret, shown this once; both sign for 24 hours."""
    from api.delivery.shapes import SecretOut
    from api.delivery.subscribing import find
    from api.delivery.subscribing import rotate as rotate_it

    ring = keyring()
    with _changing() as session:
        one = find(session, owner, subscription, lock=True)
        _print(SecretOut(secret=rotate_it(session, ring, one, utc_now())))


@subscriptions.command()
def deliveries(
    subscription: Id,
    owner: Owner,
    state: Annotated[DeliveryState | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=LARGEST)] = 100,
) -> None:
    """List a subscription's messages and their attempts, the newest first."""
    from api.delivery.messages import attempts_of, list_deliveries
    from api.delivery.shapes import show_delivery
    from api.delivery.subscribing import find

    with _changing() as session:
        one = find(session, owner, subscription)
        found = list_deliveries(session, one, limit=limit, state=state)
        attempts = attempts_of(session, found)
        _print(*(show_delivery(delivery, attempts[delivery.number]) for delivery in found))


@subscriptions.command("test")
def test_command(subscription: Id, owner: Owner) -> None:
    """Send a test message, once."""
    from api.delivery.shapes import show_delivery
    from api.delivery.subscribing import find, send_test

    with _changing() as session:
        one = find(session, owner, subscription, lock=True)
        _print(show_delivery(send_test(session, one, utc_now()), ()))


@subscriptions.command()
def replay(
    subscription: Id,
    message: Annotated[str, typer.Argument(help="Its id, as deliveries shows it.")],
    owner: Owner,
) -> None:
    """Send a message again, under the same id."""
    from api.delivery.messages import attempts_of, find_delivery
    from api.delivery.messages import replay as replay_it
    from api.delivery.shapes import show_delivery
    from api.delivery.subscribing import find

    with _changing() as session:
        one = find(session, owner, subscription, lock=True)
        delivery = find_delivery(session, one, message)
        replay_it(delivery, utc_now())
        _print(show_delivery(delivery, attempts_of(session, [delivery])[delivery.number]))


@subscriptions.command()
def recover(
    subscription: Id,
    first: Annotated[
        int, typer.Argument(help="The first event's number in the log.", min=1, max=LARGEST)
    ],
    last: Annotated[
        int, typer.Argument(help="The last event's number in the log.", min=1, max=LARGEST)
    ],
    owner: Owner,
) -> None:
    """Send again what failed of a range of the log, under the same ids."""
    from api.delivery.messages import recover as recover_it
    from api.delivery.shapes import RecoveredOut
    from api.delivery.subscribing import find

    with _changing() as session:
        one = find(session, owner, subscription, lock=True)
        sent = recover_it(session, one, first=first, last=last, now=utc_now())
        _print(RecoveredOut(messages=sent))


@subscriptions.command()
def reseal() -> None:
    """Encrypt all secrets with the newest of TOKENTAPE_SECRET_KEY, so that older ones can go."""
    from api.delivery.subscribing import reseal as reseal_all

    ring = keyring()
    with _changing() as session:
        sealed = reseal_all(session, ring)
    typer.echo(f"{sealed} secrets are encrypted with the newest key.")
