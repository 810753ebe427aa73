"""Asking a list from the command line as it is asked over HTTP: the same question and answer."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import typer
from pydantic import ValidationError

from api.listing import Ask, ListResource, Part, as_page
from api.listing.columns import Item
from api.listing.questions import Asked
from api.listing.rows import json_text
from api.problems import Refused
from api.questions import Question
from catalog.commands import migrated_store
from catalog.current.view import Views
from catalog.store import FutureError

Given = Mapping[str, object]
Query = TypeVar("Query", bound=Question)
Answer = TypeVar("Answer")


def part_of(
    resource: ListResource[Item, Asked], given: Given, path: Mapping[str, str] | None = None
) -> Part[Item]:
    """Ask the store of the settings; a wrong option exits 2, by name, and so does any refusal.

    What is None is not asked. Without a ``limit`` the answer is whole.
    """

    def part(asked: Asked, views: Views) -> Part[Item]:
        return resource.part(Ask(views, asked, path or {}), asked.limit)

    return answer_of(resource.question, given, part)


def answer_of(
    question: type[Query], given: Given, answer: Callable[[Query, Views], Answer]
) -> Answer:
    """Ask what is no list in the same way."""
    try:
        stated = {name: value for name, value in given.items() if value is not None}
        return answer(question.model_validate(stated), Views(migrated_store()))
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(
            str(first["msg"]).removeprefix("Value error, "),
            param_hint=f"--{first['loc'][0]}".replace("_", "-"),
        ) from None
    except FutureError as error:
        raise typer.BadParameter(str(error), param_hint="--known-at") from None
    except Refused as refused:
        raise typer.BadParameter(refused.problem.detail) from None


def print_json(resource: ListResource[Item, Asked], part: Part[Item]) -> None:
    """Print what the route answers."""
    typer.echo(json_text(as_page(part, resource.rows)))
