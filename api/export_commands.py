"""The command ``tokentape publish``: the catalog as files for a static host."""

import sys
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()
USUAL_ROOT = "http://localhost"


@commands.command("publish")
def publish_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go.")],
    root: Annotated[
        str, typer.Option(help="The address they will be served at; feeds name it in their links.")
    ] = USUAL_ROOT,
) -> None:
    """Write the exports, the feeds and a JSON for each model, for any static host.

    Each file is what the server answers at the same path: exports/, models/MAKER/NAME.json,
    changes.atom and changes.json. index.json lists them with their checksums, and _headers the
    media types of names that do not tell them.

    Only what changed is touched, in one step each, so a second run writes nothing while the
    catalog stands still. What an earlier publication made and this one does not is removed; a file
    that none made stays.

    Example: tokentape publish site --root https://prices.example
    """
    from dataclasses import replace

    from api.app import create_app
    from api.exports.publish import PublishError, publish
    from catalog.commands import migrated_store
    from catalog.settings import environment_settings

    settings = replace(environment_settings(), rate_limit=0)
    app = create_app(migrated_store(), settings=settings)
    with typer.progressbar(length=0, label="Publishing", file=sys.stderr) as bar:

        def told(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        try:
            done = publish(app, folder, root=root, told=told)
        except PublishError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
    typer.echo(f"{done.files} files, {done.written} of them written; {done.removed} removed.")
