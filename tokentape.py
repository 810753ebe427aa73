"""The front door: the ``tokentape`` command. It mounts each folder's commands and holds none."""

import typer

app = typer.Typer(no_args_is_help=True)


def main() -> None:
    """Run the command line."""
    app()
