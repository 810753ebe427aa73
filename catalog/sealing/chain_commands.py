"""The command that verifies a store: its rows against their chain, its pages by their sha256."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from catalog.sealing.anchors import Anchor
    from catalog.sealing.proof import Proof

commands = typer.Typer()


@commands.command()
def verify(
    expect: Annotated[
        str,
        typer.Option(help="A head that an earlier run printed: the chain must still lead there."),
    ] = "",
) -> None:
    """Check that nothing in the store, the archive or the bundles was altered since it was written.

    Every row of history is compared with the chain of hashes that the commits wrote, and every
    archived and bundled page with its sha256. Says what was altered first, and exits 1; exits 0
    where all is whole, and prints the chain's head.

    Keep that head elsewhere and pass it as --expect another time: whoever can rewrite the store
    can also cut off its end, or write the whole chain anew, and only that shows it.
    """
    from catalog.commands import migrated_store
    from catalog.sealing.proof import verify as verify_store
    from catalog.settings import environment_settings

    engine, archive = migrated_store(), environment_settings().archive
    anchor = _anchor(expect) if expect else None
    with _progress() as move:
        proof = verify_store(engine, archive, expect=anchor, progress=move)
    if sys.stdout.isatty():
        typer.echo(_worded(proof))
    else:
        typer.echo(json.dumps(_plain(proof), ensure_ascii=False))
    if not proof.is_whole:
        raise typer.Exit(1)


def _anchor(text: str) -> "Anchor":
    from catalog.sealing.anchors import Anchor, AnchorError

    try:
        return Anchor.of(text)
    except AnchorError as error:
        raise typer.BadParameter(f"--expect: {error}") from None


def _worded(proof: "Proof") -> str:
    if proof.first is not None:
        more = f", and {proof.flaws - 1:,} more" if proof.flaws > 1 else ""
        return f"Not as it was written: {_safe(proof.first.said)}{more}."
    checked = f"{proof.rows:,} rows in {proof.links:,} links, {proof.pages:,} kept pages"
    return f"All is as it was written: {checked}.\nThe head, to keep elsewhere: {proof.head}"


def _safe(text: str) -> str:
    """Leave out what could steer the terminal: altered rows hold anything."""
    return "".join(sign for sign in text if sign.isprintable())


def _plain(proof: "Proof") -> dict[str, str | int | bool | None]:
    return {
        "whole": proof.is_whole,
        "links": proof.links,
        "rows": proof.rows,
        "pages": proof.pages,
        "head": str(proof.head) if proof.head else None,
        "altered": proof.flaws,
        "first": proof.first.said if proof.first else None,
    }


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error where a person watches."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("verifying", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
