"""Mutations of JSON lists; each says what the list states after it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from catalog.reading import PricePoint
from spiders.exact_json import Json, as_printed
from tests.spiders.mutation.made import Made
from tests.spiders.mutation.sheets import Sheet, restated, without
from tests.spiders.mutation.table_kinds import next_name

Fields = dict[str, Json]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Leaf:
    """A price, where it stands, and the record of its model."""

    price: PricePoint
    path: Path
    record: Path


def leaves(sheet: Sheet) -> list[Leaf]:
    """Find the values that prices were read from; those not surely found are left out."""
    found = []
    for price in sheet.points:
        path = _path(sheet.data, price.locator)
        record = _record(sheet.data, path, price.model) if path else None
        if path and record is not None:
            found.append(Leaf(price, path, record))
    return found


def _path(value: Json, locator: str) -> Path:
    """Read a locator, by the longest key that fits at each step; empty where none does."""
    path: list[str | int] = []
    rest = locator
    while rest:
        if (index := re.match(r"\[(\d+)\]\.?", rest)) and isinstance(value, list):
            step: str | int = int(index[1])
            rest = rest[index.end() :]
        elif isinstance(value, dict):
            ends = [found.start() for found in re.finditer(r"\.|\[|$", rest)]
            key = next((rest[:end] for end in reversed(ends) if rest[:end] in value), None)
            if key is None:
                return ()
            step, rest = key, rest[len(key) :].removeprefix(".")
        else:
            return ()
        value = _step(value, step)
        path.append(step)
    return tuple(path)


def _step(value: Json, step: str | int) -> Json:
    inner: Json
    if isinstance(value, list) and isinstance(step, int):
        inner = value[step]
    else:
        assert isinstance(value, dict)
        inner = value[str(step)]
    return inner


def _at(value: Json, path: Path) -> Json:
    for step in path:
        value = _step(value, step)
    return value


def _record(data: Json, path: Path, model: str) -> Path | None:
    """Find the innermost object around a price that names its model, or is named after it."""
    for depth in range(len(path) - 1, 0, -1):
        value = _at(data, path[:depth])
        named = isinstance(value, dict) and model in [
            v for v in value.values() if isinstance(v, str)
        ]
        if named or path[depth - 1] == model:
            return path[:depth]
    return None


def _fields(sheet: Sheet, path: Path) -> Fields:
    value = _at(sheet.data, path)
    assert isinstance(value, dict)
    return value


def fields_reversed(sheet: Sheet, _random: Random) -> Made | None:
    """The fields of each record stand in another order; the list states the same."""
    records = dict.fromkeys(leaf.record for leaf in leaves(sheet))
    for path in records:
        _reverse(_fields(sheet, path))
    return Made(f"{len(records)} records", sheet, sheet.points) if records else None


def _reverse(fields: Fields) -> None:
    turned = list(fields.items())[::-1]
    fields.clear()
    fields.update(turned)
    for value in fields.values():
        if isinstance(value, dict):
            _reverse(value)


def field_renamed(sheet: Sheet, random: Random) -> Made | None:
    """A field of prices has a name that nobody knows, in all records."""
    found = leaves(sheet)
    names = sorted({str(leaf.path[-1]) for leaf in found})
    if not names:
        return None
    name = random.choice(names)
    other = random.choice((f"{name}_v2", "tariff", "amount_b"))
    some = [leaf for leaf in found if leaf.path[-1] == name]
    for path in dict.fromkeys(leaf.path for leaf in some):
        fields = _fields(sheet, path[:-1])
        fields[other] = fields.pop(name)
    return Made(f"{name} is {other}", sheet, without(sheet.points, [leaf.price for leaf in some]))


def records_halved(sheet: Sheet, _random: Random) -> Made | None:
    """Every second record is gone."""
    return _without_records(sheet, 2)


def a_record_gone(sheet: Sheet, _random: Random) -> Made | None:
    """One record in twenty is gone, at least one."""
    return _without_records(sheet, 20)


def _without_records(sheet: Sheet, every: int) -> Made | None:
    found = leaves(sheet)
    records = list(dict.fromkeys(leaf.record for leaf in found))
    gone = set(records[1::every])
    if not gone or len(records) < 3:
        return None
    for path in sorted(gone, key=lambda path: [str(step).zfill(9) for step in path], reverse=True):
        around = _at(sheet.data, path[:-1])
        assert isinstance(around, dict | list)
        del around[path[-1]]  # type: ignore[arg-type] # a path fits what it was made of
    prices = [leaf.price for leaf in found if leaf.record in gone]
    return Made(f"{len(gone)} records gone", sheet, without(sheet.points, prices))


def currency_changed(sheet: Sheet, _random: Random) -> Made | None:
    """Each field that names a currency names the euro."""
    changed = [_named_euro(fields) for fields in _objects(sheet.data)]
    stated = restated(sheet.points, sheet.points, currency="EUR")
    return Made("currency is EUR", sheet, stated) if any(changed) else None


def _named_euro(fields: Fields) -> bool:
    names = [n for n in fields if "currency" in n.lower() and isinstance(fields[n], str)]
    for name in names:
        fields[name] = "EUR"
    return bool(names)


def unit_changed(sheet: Sheet, _random: Random) -> Made | None:
    """Each text that names the unit says thousands of tokens."""
    changed = 0
    for fields in _objects(sheet.data):
        for name, value in fields.items():
            if isinstance(value, str) and re.search(r"unit|per", name) and len(value) < 40:
                said = re.sub(r"(?i)\b1?m(illion)?(?=[\s_-]*tok|$)", "1k", value)
                changed += said != value
                fields[name] = said
    stated = tuple(p.model_copy(update={"amount": p.amount * 1000}) for p in sheet.points)
    return Made("the unit is 1K tokens", sheet, stated) if changed else None


def _objects(value: Json) -> Iterator[Fields]:
    if isinstance(value, dict):
        yield value
        for inner in list(value.values()):
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def decimal_comma_in_values(sheet: Sheet, _random: Random) -> Made | None:
    """The prices are texts with decimal commas."""
    paths = dict.fromkeys(leaf.path for leaf in leaves(sheet))
    changed = 0
    for path in paths:
        said = as_printed(_at(sheet.data, path)).strip('"')
        changed += "." in said
        _fields(sheet, path[:-1])[str(path[-1])] = said.replace(".", ",")
    return Made("decimal commas", sheet, sheet.points) if changed else None


def prices_removed(sheet: Sheet, _random: Random) -> Made | None:
    """The object of prices is gone from each record, or the fields of prices are."""
    found = leaves(sheet)
    for path in dict.fromkeys(leaf.path for leaf in found):
        around = path[:-1]
        _fields(sheet, around).pop(str(path[-1]), None)
    for record in dict.fromkeys(leaf.record for leaf in found):
        _without_prices(_fields(sheet, record))
    prices = [leaf.price for leaf in found]
    return Made("no prices", sheet, without(sheet.points, prices)) if found else None


def _without_prices(record: Fields) -> None:
    """Take away fields that repeat the prices in other units."""
    for name in [name for name in record if re.search(r"pric|cost", name)]:
        del record[name]


def extra_field(sheet: Sheet, random: Random) -> Made | None:
    """Beside each price stands one more, of which nobody knows what it is for."""
    found = leaves(sheet)
    if not found:
        return None
    name = random.choice(("surge_price", "input_eu", "prompt_v2", "priority"))
    for path in dict.fromkeys(leaf.path for leaf in found):
        fields = _fields(sheet, path[:-1])
        fields[name] = fields[str(path[-1])]
    return Made(f"a field {name!r}", sheet, sheet.points)


def record_renamed(sheet: Sheet, random: Random) -> Made | None:
    """One model has another name wherever its records have it."""
    found = leaves(sheet)
    if not found:
        return None
    model = random.choice(sorted({leaf.price.model for leaf in found}))
    some = [leaf for leaf in found if leaf.price.model == model]
    for path in dict.fromkeys(leaf.record for leaf in some):
        _rename(sheet, path, model)
    prices = [leaf.price for leaf in some]
    return Made(f"{model} renamed", sheet, restated(sheet.points, prices, model=next_name(model)))


def _rename(sheet: Sheet, path: Path, model: str) -> None:
    fields = _fields(sheet, path)
    for name, value in fields.items():
        fields[name] = next_name(model) if value == model else value
    if path[-1] == model:
        around = _fields(sheet, path[:-1])
        around[next_name(model)] = around.pop(model)
