"""Which models of OpenRouter's list are asked for, by the parameters that its own API takes.

A parameter that rests on what the catalog does not know (popularity, speed, use cases, data
retention) is refused by name, never ignored.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo

from api.exports.openrouter import MODALITIES, PARAMETERS
from api.exports.trees import Tree
from api.listing.questions import LARGEST_PAGE
from api.questions import Text, Times
from api.resources.changes import LARGEST

ALL = "all"
DAY = 24 * 60 * 60
_SAID = tuple(sorted(word for words in PARAMETERS.values() for word in words))
Model = Mapping[str, Tree]
Asks = Callable[[Model], bool]


class Sort(StrEnum):
    """How the list may be sorted."""

    CHEAP = "pricing-low-to-high"
    DEAR = "pricing-high-to-low"
    CONTEXT = "context-high-to-low"
    NEWEST = "newest"


def _among(*known: str) -> Callable[[str], str]:
    """Refuse a list with commas that has a word nobody states of a model here."""

    def checked(text: str) -> str:
        unknown = [word for word in _words(text) if word not in known]
        if unknown or not _words(text):
            raise ValueError(f"{', '.join(unknown) or 'nothing'}: known are {', '.join(known)}")
        return text

    return checked


def _described(*known: str) -> FieldInfo:
    """Say in the API's description which words a list with commas may have."""
    one = "|".join(map(re.escape, known))
    info: FieldInfo = Field(
        examples=[known[0]], json_schema_extra={"pattern": f"^({one})(,({one}))*$"}
    )
    return info


def _words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",") if word.strip()]


Dollars = Annotated[Decimal, Field(ge=0, max_digits=24)]
"""In USD per million tokens."""
Days = Annotated[int, Field(ge=0, le=LARGEST)]


class ModelsAsked(Times):
    """Of /exports/openrouter/v1/models: OpenRouter's own parameters that the catalog can answer.

    A model of which something is not known is left out where it is asked for.
    """

    offset: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    """How many models to leave out at the beginning."""
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] | None = None
    """How many models to give; all, unless given."""
    q: Text | None = None
    """Part of the name or of the id, in any case."""
    supported_parameters: (
        Annotated[Text, AfterValidator(_among(*_SAID)), _described(*_SAID)] | None
    ) = None
    """Only models known to take all of these, with commas between."""
    input_modalities: (
        Annotated[Text, AfterValidator(_among(*MODALITIES)), _described(*MODALITIES)] | None
    ) = None
    """Only models known to take all of these, with commas between."""
    output_modalities: (
        Annotated[Text, AfterValidator(_among(*MODALITIES, ALL)), _described(*MODALITIES, ALL)]
        | None
    ) = None
    """Only models known to give one of these, with commas between; all models, unless given.

    OpenRouter itself gives models of text unless asked."""
    context: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    """Only models with at least this many tokens of context."""
    min_price: Dollars | None = None
    """Least price of a million tokens of prompt, in USD."""
    max_price: Dollars | None = None
    """Highest price of a million tokens of prompt, in USD."""
    min_output_price: Dollars | None = None
    """Least price of a million tokens of completion, in USD."""
    max_output_price: Dollars | None = None
    """Highest price of a million tokens of completion, in USD."""
    model_authors: Text | None = None
    """Only models by these authors, as ids begin, with commas between."""
    min_age_days: Days | None = None
    """Only models at least this many days old, by `created`."""
    max_age_days: Days | None = None
    """Only models at most this many days old, by `created`."""
    sort: Sort | None = None
    """By the average of the prices of prompt and completion, by context, or by `created`."""


def narrows(asked: ModelsAsked) -> bool:
    """Tell whether anything but the two times is asked for."""
    return bool(asked.model_fields_set - Times.model_fields.keys())


def chosen(models: Sequence[Tree], asked: ModelsAsked, now: datetime) -> list[Model]:
    """Give the models that are asked for, in the order that is asked for, of all pages."""
    conditions = [*_conditions(asked, now)]
    entries = (one for one in models if isinstance(one, Mapping))
    found = [one for one in entries if all(holds(one) for holds in conditions)]
    return _sorted(found, asked.sort) if asked.sort else found


def page(models: Sequence[Tree], asked: ModelsAsked, following: str) -> Tree:
    """Give a part of the list, as OpenRouter's API does; ``following`` is where the next one is."""
    end = len(models) if asked.limit is None else asked.offset + asked.limit
    after = following if end < len(models) else None
    part = models[asked.offset : end]
    return {"data": part, "links": {"next": after}, "total_count": len(models)}


def _conditions(asked: ModelsAsked, now: datetime) -> Iterator[Asks]:
    if asked.q is not None:
        yield _named_like(asked.q.lower())
    if asked.supported_parameters is not None:
        yield _has_all(_words(asked.supported_parameters), _parameters)
    if asked.input_modalities is not None:
        yield _has_all(_words(asked.input_modalities), _inputs)
    if asked.output_modalities is not None and ALL not in _words(asked.output_modalities):
        yield _has_one(_words(asked.output_modalities), _outputs)
    if asked.model_authors is not None:
        yield _has_one(_words(asked.model_authors), _author)
    yield _between(_context, asked.context, None)
    yield _between(_dollars("prompt"), asked.min_price, asked.max_price)
    yield _between(_dollars("completion"), asked.min_output_price, asked.max_output_price)
    yield _between(_age(now), asked.min_age_days, asked.max_age_days)


def _named_like(part: str) -> Asks:
    return lambda model: part in str(model["id"]).lower() or part in str(model["name"]).lower()


def _has_all(words: Sequence[str], of: Callable[[Model], frozenset[str]]) -> Asks:
    return lambda model: of(model).issuperset(words)


def _has_one(words: Sequence[str], of: Callable[[Model], frozenset[str]]) -> Asks:
    return lambda model: not of(model).isdisjoint(words)


def _between(
    of: Callable[[Model], Decimal | int | None],
    least: Decimal | int | None,
    most: Decimal | int | None,
) -> Asks:
    """Ask for a number within bounds; what is not known lies in no bounds."""
    if least is None and most is None:
        return lambda _: True

    def holds(model: Model) -> bool:
        number = of(model)
        if number is None:
            return False
        return (least is None or number >= least) and (most is None or number <= most)

    return holds


def _texts(tree: Tree) -> frozenset[str]:
    return frozenset(map(str, tree)) if isinstance(tree, Sequence) else frozenset()


def _parameters(model: Model) -> frozenset[str]:
    return _texts(model["supported_parameters"])


def _inputs(model: Model) -> frozenset[str]:
    return _texts(_within(model, "architecture", "input_modalities"))


def _outputs(model: Model) -> frozenset[str]:
    return _texts(_within(model, "architecture", "output_modalities"))


def _author(model: Model) -> frozenset[str]:
    return frozenset({str(model["id"]).partition("/")[0]})


def _within(model: Model, outer: str, inner: str) -> Tree:
    within = model[outer]
    return within.get(inner) if isinstance(within, Mapping) else None


def _context(model: Model) -> int | None:
    context = model["context_length"]
    return context if isinstance(context, int) else None


def _dollars(name: str) -> Callable[[Model], Decimal | None]:
    def of(model: Model) -> Decimal | None:
        price = _within(model, "pricing", name)
        return Decimal(price).scaleb(6) if isinstance(price, str) else None

    return of


def _created(model: Model) -> int:
    created = model["created"]
    return created if isinstance(created, int) else 0


def _age(now: datetime) -> Callable[[Model], int]:
    return lambda model: (int(now.timestamp()) - _created(model)) // DAY


def _sorted(models: Sequence[Model], sort: Sort) -> list[Model]:
    """Sort; what has no number to go by stands last, and ties as the whole list has them."""
    of, highest_first = _KEYS[sort]
    known = [(number, model) for model in models if (number := of(model)) is not None]
    unknown = [model for model in models if of(model) is None]
    ordered = sorted(known, key=lambda pair: pair[0], reverse=highest_first)
    return [model for _, model in ordered] + unknown


def _average(model: Model) -> Decimal | None:
    prompt, completion = _dollars("prompt")(model), _dollars("completion")(model)
    return None if prompt is None or completion is None else (prompt + completion) / 2


_KEYS: Mapping[Sort, tuple[Callable[[Model], Decimal | int | None], bool]] = {
    Sort.CHEAP: (_average, False),
    Sort.DEAR: (_average, True),
    Sort.CONTEXT: (_context, True),
    Sort.NEWEST: (_created, True),
}
