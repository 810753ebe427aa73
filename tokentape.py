"""The front door: the ``tokentape`` command. It mounts each folder's commands and holds none."""

import sys

import typer

import api.commands
import api.discrepancy_commands
import api.estimate_commands
import api.export_commands
import api.key_commands
import api.ranking_commands
import api.subscription_commands
import catalog.commands
import catalog.cost.cost_commands
import catalog.identity.model_commands
import catalog.review.correct_commands
import catalog.review.review_commands
import catalog.sealing.chain_commands
import cron.commands
import spiders.commands

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="The open, dated and proven catalog of what AI tokens cost.",
)
for folder in (
    cron.commands,
    api.commands,
    api.export_commands,
    api.ranking_commands,
    api.estimate_commands,
    api.discrepancy_commands,
    api.key_commands,
    api.subscription_commands,
    catalog.identity.model_commands,
    catalog.commands,
    catalog.cost.cost_commands,
    catalog.review.review_commands,
    catalog.review.correct_commands,
    catalog.sealing.chain_commands,
    spiders.commands,
):
    app.add_typer(folder.commands)


def main() -> None:
    """Run the command line; what is wrong outside of it is told in a line."""
    try:
        app()
    except Exception as error:
        from catalog.failures import failure_of  # noqa: PLC0415 commands start fast

        failure = failure_of(error)
        if failure is None:
            raise
        typer.echo(failure.line, err=True)
        sys.exit(failure.status)


if __name__ == "__main__":
    main()
