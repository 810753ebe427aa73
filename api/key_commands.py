"""The ``tokentape keys`` commands: who may subscribe over HTTP."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.commands import LARGEST, migrated_store
from catalog.moments import MomentError, parse_moment, print_moment, utc_now
from catalog.printing import print_rows
from catalog.vocabulary import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from api.delivery.keyring import Keyring

commands = typer.Typer()
keys = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")
commands.add_typer(keys, name="keys")

HEADS = ("key", "owner", "begins", "scopes", "made", "expires", "revoked", "last used")


def keyring() -> "Keyring":
    """Give the keys of TOKENTAPE_SECRET_KEY; exit 1 where it is not set as it must be."""
    from api.delivery.keyring import SecretKeyError, keyring_of
    from catalog.settings import environment_settings

    try:
        return keyring_of(environment_settings().secret_key)
    except SecretKeyError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@keys.command()
def create(
    owner: Annotated[str, typer.Argument(help="Whose it is; an owner may have several keys.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it may do; everything, unless named.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option(help="When it ends: 2027-01-31, or with a time.")
    ] = None,
) -> None:
    """Make a key and print it, this once: only a keyed hash of it is stored."""
    from api.delivery.keys import make_key
    from catalog.subscribing.subscriptions import changing

    ring, ends = keyring(), _moment(expires)
    with changing(migrated_store()) as session:
        made = make_key(
            session, ring, owner, scopes=scope or list(Scope), now=utc_now(), expires_at=ends
        )
    typer.echo(made.key)
    if sys.stdout.isatty():
        typer.echo(f"Key {made.id} of {owner}. It is not shown again.", err=True)


def _moment(text: str | None) -> "datetime | None":
    if text is None:
        return None
    try:
        moment = parse_moment(text)
    except MomentError as error:
        raise typer.BadParameter(str(error), param_hint="--expires") from None
    if moment <= utc_now():
        raise typer.BadParameter(f"{text} is over already", param_hint="--expires")
    return moment


@keys.command("list")
def list_command(
    owner: Annotated[str | None, typer.Option(help="Only this owner's.")] = None,
) -> None:
    """List the keys: how each begins, what it may do, and when it was last used."""
    from api.delivery.keys import list_keys
    from catalog.store import reading

    with reading(migrated_store()) as session:
        rows = [
            (
                str(key.id),
                key.owner,
                f"{key.hint}…",
                ", ".join(key.scopes),
                *map(_printed, (key.created_at, key.expires_at, key.revoked_at, key.used_at)),
            )
            for key in list_keys(session, owner)
        ]
    print_rows(HEADS, rows)


def _printed(moment: "datetime | None") -> str:
    return "" if moment is None else print_moment(moment)


@keys.command()
def revoke(
    number: Annotated[
        int, typer.Argument(help="The key's number in the list.", min=1, max=LARGEST)
    ],
) -> None:
    """Let a key hold no longer, from now on."""
    from api.delivery.keys import UnknownKeyError, revoke_key
    from catalog.subscribing.subscriptions import changing

    try:
        with changing(migrated_store()) as session:
            revoke_key(session, number, utc_now())
    except UnknownKeyError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Key {number} holds no longer.")
