"""Mutations of tables, in HTML and markdown alike; each says what the page states after it."""

import re
from collections.abc import Iterator, Sequence
from random import Random

from catalog.reading import PricePoint
from tests.spiders.mutation.made import Made
from tests.spiders.mutation.sheets import Placed, Points, Sheet, restated, without

_UNKNOWN = ("Zone B", "Adjusted", "Committed use", "Surcharge", "Priority input", "Batch rate")
_FURTHER = ("Input (EU residency)", "Cached input (priority)", "Q3 price", "Cache write (6h)")
_TRIES = 12


def columns_swapped(sheet: Sheet, random: Random) -> Made | None:
    """Two columns change places with their headings; the page states the same."""
    for placed in _some(sheet, random):
        width = len(placed.table.texts[0])
        for _ in range(_TRIES if width > 1 else 0):
            one, other = random.sample(range(width), 2)
            if placed.table.swap(one, other):
                return Made(f"columns {one + 1} and {other + 1} of a table", sheet, sheet.points)
    return None


def header_renamed(sheet: Sheet, random: Random) -> Made | None:
    """A column of prices gets a heading that nobody knows; what stands in it is not stated."""
    for placed in _some(sheet, random):
        columns = sorted({column for _, column, _ in placed.prices})
        for column in random.sample(columns, len(columns)):
            if _names_models(placed, [column]):
                continue
            name = random.choice(_UNKNOWN)
            if placed.table.rename(column, name):
                stated = without(sheet.points, placed.of(columns=[column]))
                return Made(f"column {column + 1} is now {name!r}", sheet, stated)
    return None


def _names_models(placed: Placed, columns: Sequence[int]) -> bool:
    """Tell whether columns are headed by models: each is one model's, then."""
    heads = placed.table.texts[: placed.table.heads]
    words = " ".join(row[column] for row in heads for column in columns)
    return any(price.model in words for price in placed.points)


def rows_halved(sheet: Sheet, _random: Random) -> Made | None:
    """Every second row of prices is gone from each table."""
    gone = [price for placed in sheet.placed for price in _dropped(placed, 2)]
    if not gone:
        return None
    return Made(f"{len(gone)} prices gone", sheet, without(sheet.points, gone))


def a_row_gone(sheet: Sheet, random: Random) -> Made | None:
    """One row is gone; so small a loss is the page's own business."""
    for placed in _some(sheet, random):
        rows = sorted({row for row, _, _ in placed.prices})
        for row in random.sample(rows, len(rows)) if len(rows) > 1 else []:
            if placed.table.drop([row]):
                stated = without(sheet.points, placed.of(rows=[row]))
                return Made(f"row {row + 1} gone", sheet, stated)
    return None


def table_removed(sheet: Sheet, random: Random) -> Made | None:
    """A whole table is gone."""
    for placed in _some(sheet, random):
        placed.table.remove()
        return Made(
            f"a table of {len(placed.points)} prices",
            sheet,
            without(sheet.points, placed.points),
        )
    return None


def sign_changed_in_a_table(sheet: Sheet, random: Random) -> Made | None:
    """The cells of one table are in euros."""
    for placed in _some(sheet, random):
        said = [p for row, column, p in placed.prices if _edited(placed, row, column, _in_euros)]
        touched = {id(price) for price in said}
        cells = {(row, column) for row, column, price in placed.prices if id(price) in touched}
        euros = [p for row, column, p in placed.prices if (row, column) in cells]
        if euros:
            stated = restated(sheet.points, euros, currency="EUR")
            return Made(f"{len(euros)} prices in euros", sheet, stated)
    return None


def decimal_comma(sheet: Sheet, random: Random) -> Made | None:
    """The prices of a table are written with decimal commas; the page states the same."""
    for placed in _some(sheet, random):
        cells = dict.fromkeys((row, column) for row, column, _ in placed.prices)
        if sum([placed.table.edit(row, column, with_comma) for row, column in cells]):
            return Made("decimal commas in a table", sheet, sheet.points)
    return None


def with_comma(text: str) -> str:
    """Write decimal commas for decimal points."""
    return re.sub(r"(\d)\.(\d)", r"\1,\2", text)


def stale_tab(sheet: Sheet, random: Random) -> Made | None:
    """Under one tab's label stand another tab's amounts: what differs there is not stated."""
    tabs = _some(sheet, random)
    pairs = [(one, other) for one in tabs for other in tabs if one is not other]
    for fresh, stale in random.sample(pairs, min(len(pairs), 400)):
        wrong = list(_misplaced(fresh, stale))
        if wrong and stale.table.fill(fresh.table):
            return Made(
                f"{wrong[0].tier}/{wrong[0].region} holds {fresh.points[0].tier}/"
                f"{fresh.points[0].region}",
                sheet,
                without(sheet.points, wrong),
            )
    return None


def extra_column(sheet: Sheet, random: Random) -> Made | None:
    """A table has a further column of prices, of which nobody knows what they are for."""
    for placed in _some(sheet, random):
        if _names_models(placed, range(len(placed.table.texts[0]))):
            continue
        rows = len(placed.table.texts) - placed.table.heads
        sign = "¥" if placed.points[0].currency == "CNY" else "$"
        values = [f"{sign}{random.randrange(1, 900) / 100}" for _ in range(rows)]
        name = random.choice(_FURTHER)
        if placed.table.insert(name, values):
            return Made(f"a column {name!r}", sheet, sheet.points)
    return None


def model_renamed(sheet: Sheet, random: Random) -> Made | None:
    """A model has another name wherever one table names it."""
    for placed in _some(sheet, random):
        models = sorted({price.model for price in placed.points})
        for model in random.sample(models, len(models)):
            if made := _renamed(sheet, placed, model):
                return made
    return None


def _renamed(sheet: Sheet, placed: Placed, model: str) -> Made | None:
    name = next_name(model)
    cells = list(_naming(placed, model))
    if not cells:
        return None
    for row, column in cells:
        placed.table.edit(row, column, lambda text: _once(text, model))
    there = {id(price) for each in sheet.placed for price in each.points}
    renamed = [price for price in placed.points if price.model == model]
    loose = [p for p in sheet.points if id(p) not in there and p.model == model]
    either = tuple(price.model_copy(update={"model": name}) for price in loose)
    stated = (*restated(sheet.points, renamed, model=name), *either)
    return Made(f"{model} is now {name}", sheet, stated)


def _naming(placed: Placed, model: str) -> Iterator[tuple[int, int]]:
    """Give the cells that name a model, if each of its rows has one and is of no other model."""
    rows = sorted({row for row, _, price in placed.prices if price.model == model})
    prices = {column for _, column, _ in placed.prices}
    found = [
        (row, column)
        for row in rows
        for column, cell in enumerate(placed.table.texts[row])
        if column not in prices and named(model).search(cell)
    ]
    alone = all(price.model == model for price in placed.of(rows=rows))
    if alone and {row for row, _ in found} == set(rows):
        yield from found


def _once(text: str, model: str) -> str:
    """Rename a model, but not twice in a cell that spans rows."""
    return text if next_name(model) in text else named(model).sub(next_name(model), text)


def next_name(model: str) -> str:
    """Give a name like a model's own that no model has; the ending of an id stays."""
    name, colon, ending = model.partition(":")
    return f"{model} Zeta" if " " in model else f"{name}-zeta{colon}{ending}"


def named(model: str) -> re.Pattern[str]:
    """Match a model's name where it is no part of another's."""
    return re.compile(rf"(?<![\w./-]){re.escape(model)}(?!-?[\w]|\.\d)")


def _some(sheet: Sheet, random: Random) -> list[Placed]:
    return random.sample(sheet.placed, len(sheet.placed))


def _dropped(placed: Placed, every: int) -> Points:
    rows = sorted({row for row, _, _ in placed.prices})
    gone = placed.table.drop(rows[1::every])
    return placed.of(rows=gone)


def _edited(placed: Placed, row: int, column: int, edit: "_Edit") -> bool:
    return placed.table.edit(row, column, edit)


class _Edit:
    """A change of a cell's words."""

    def __call__(self, text: str) -> str:
        """Write the words anew."""
        return in_euros(text)


_in_euros = _Edit()
_SIGN = re.compile(r"(?:US|CN|\\)?[$¥￥]+(?![{(A-Za-z_$])")
_WORD = re.compile(r"\b(?:USD|CNY|RMB)\b")
_HAN = re.compile(r"人民币|美元|元")


def in_euros(text: str) -> str:
    """Write euros for whatever currency a text speaks of."""
    return _HAN.sub("欧元", _WORD.sub("EUR", _SIGN.sub("€", text)))


def _misplaced(fresh: Placed, stale: Placed) -> Iterator[PricePoint]:
    """Give the prices under a stale tab that its amounts are not; none where tabs don't match."""
    shown = {_within(price): price for price in fresh.points}
    tabs = {_tab(price) for price in fresh.points}, {_tab(price) for price in stale.points}
    if shown.keys() != {_within(price) for price in stale.points} or [
        *map(len, (*tabs, tabs[0] | tabs[1]))
    ] != [1, 1, 2]:
        return
    for price in stale.points:
        if shown[_within(price)].amount != price.amount:
            yield price


def _within(price: PricePoint) -> tuple[object, ...]:
    dates = price.valid_from, price.valid_to
    return price.model, price.meter, price.unit, price.context_over, price.variant, dates


def _tab(price: PricePoint) -> Sequence[object]:
    return price.tier, price.region, price.window, price.currency
