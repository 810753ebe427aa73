"""The kinds of mutations, and which of them make sense for which kind of page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from random import Random

from spiders.page import Kind
from tests.spiders.mutation import json_kinds, page_kinds, table_kinds
from tests.spiders.mutation.made import Made
from tests.spiders.mutation.sheets import Sheet

Mutation = Callable[[Sheet, Random], Made | None]
"""Changes a sheet and says what it then states; None where the page offers no place for it."""


@dataclass(frozen=True)
class MutationKind:
    """One way in which a page may come otherwise than it was."""

    name: str
    applies: Mapping[Kind, Sequence[Mutation]]
    """By kind of page, what is tried in turn; a kind that is not named makes no sense there."""
    _: KW_ONLY
    readable: bool = False
    """Whether a page changed so should still be read."""


def _marked_up(*mutations: Mutation) -> dict[Kind, Sequence[Mutation]]:
    return {Kind.HTML: mutations, Kind.MARKDOWN: mutations}


def _any(*mutations: Mutation) -> dict[Kind, Sequence[Mutation]]:
    return {**_marked_up(*mutations), Kind.JSON: mutations}


def _both(of_markup: Sequence[Mutation], of_json: Mutation) -> dict[Kind, Sequence[Mutation]]:
    return {**_marked_up(*of_markup), Kind.JSON: (of_json,)}


_T, _P, _J = table_kinds, page_kinds, json_kinds
KINDS: tuple[MutationKind, ...] = (
    MutationKind("columns swapped", _both([_T.columns_swapped], _J.fields_reversed), readable=True),
    MutationKind("header renamed", _both([_T.header_renamed], _J.field_renamed)),
    MutationKind("rows halved", _both([_T.rows_halved, _P.lines_halved], _J.records_halved)),
    MutationKind("a row gone", _both([_T.a_row_gone], _J.a_record_gone), readable=True),
    MutationKind("currency changed", _both([_P.sign_changed], _J.currency_changed)),
    MutationKind("currency changed in a table", _marked_up(_T.sign_changed_in_a_table)),
    MutationKind("per 1K for per 1M", _both([_P.per_thousand], _J.unit_changed)),
    MutationKind(
        "decimal comma",
        _both([_T.decimal_comma, _P.decimal_comma_in_text], _J.decimal_comma_in_values),
    ),
    MutationKind("table removed", _both([_T.table_removed], _J.prices_removed)),
    MutationKind("truncated body", _any(_P.truncated)),
    MutationKind("challenge page", _any(_P.challenge_page)),
    MutationKind("login wall", _any(_P.login_wall)),
    MutationKind("stale tab", _marked_up(_T.stale_tab)),
    MutationKind("extra column", _both([_T.extra_column], _J.extra_field)),
    MutationKind(
        "model renamed",
        _both([_T.model_renamed, _P.model_renamed_in_text], _J.record_renamed),
        readable=True,
    ),
    MutationKind("prose in a new section", _marked_up(_P.prose_added), readable=True),
    MutationKind("worked example added", _marked_up(_P.example_added), readable=True),
    MutationKind("note reworded", _marked_up(_P.note_reworded), readable=True),
    MutationKind("tool price reworded", _marked_up(_P.tool_price_reworded), readable=True),
    MutationKind("tool price unstated", _marked_up(_P.tool_price_unstated), readable=True),
)
