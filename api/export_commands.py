"""The command ``tokentape publish``: the catalog as files for a static host."""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()
USUAL_ROOT = "http://localhost"


@commands.command("publish")
def publish_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go.")],
    root: Annotated[
        str, typer.Option(help="Where they will be served: feeds name it in their links.")
    ] = USUAL_ROOT,
) -> None:
    """Write the exports, the feeds and a JSON for each model, for any static host.

    Each file is what the server answers at the same path. Only what changed is touched, in one step
    each; what an earlier publication made and this one does not is removed. index.json lists them
    with their checksums.
    """
    from dataclasses import replace

    from api.app import create_app
    from api.exports.publish import PublishError, publish
    from catalog.commands import migrated_store
    from catalog.settings import environment_settings

    settings = replace(environment_settings(), rate_limit=0)
    try:
        done = publish(create_app(migrated_store(), settings=settings), folder, root=root)
    except PublishError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{done.files} files, {done.written} of them written; {done.removed} removed.")
