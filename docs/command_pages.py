"""The reference page of the command line, from the commands themselves."""

import inspect
from collections.abc import Iterator, Sequence

from tables import page, section, table
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from tokentape import app

ABOUT = """\
`tokentape COMMAND --help` says the same. Lists are tables in a terminal and one JSON object a line
in a pipe."""


def commands_page() -> str:
    """Every command with its arguments and options."""
    return page("Commands", ABOUT, *(section(name, *_said(name, c)) for name, c in commands()))


def commands() -> Iterator[tuple[str, TyperCommand]]:
    """Give the commands by name."""
    group = get_command(app)
    if isinstance(group, TyperGroup):
        yield from _within(group)


def _within(group: TyperGroup, *before: str) -> Iterator[tuple[str, TyperCommand]]:
    """Give the commands of a group and of the groups in it, by their whole names."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, TyperGroup):
            yield from _within(command, *before, name)
        elif isinstance(command, TyperCommand):
            yield " ".join((*before, name)), command


def _said(name: str, command: TyperCommand) -> Iterator[str]:
    arguments = [_shown(p) for p in command.params if isinstance(p, TyperArgument)]
    yield f"`{' '.join(('tokentape', name, *arguments))}`"
    yield inspect.cleandoc(command.help or "")
    if rows := [_row(p) for p in command.params if isinstance(p, TyperArgument | TyperOption)]:
        yield table(("argument", "default", "means"), rows)


def _row(parameter: TyperArgument | TyperOption) -> Sequence[object]:
    default = "" if parameter.default in (None, "", False) else f"`{parameter.default}`"
    return f"`{_shown(parameter)}`", default, parameter.help or ""


def _shown(parameter: TyperArgument | TyperOption) -> str:
    if isinstance(parameter, TyperOption):
        return parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} VALUE"
    name = str(parameter.name).upper()
    named = f"{name}..." if parameter.nargs == -1 else name
    return named if parameter.required else f"[{named}]"
