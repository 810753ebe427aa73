"""The European Central Bank's reference rates of the day: what one euro buys (XML)."""

from datetime import date, timedelta

from pydantic import ValidationError

from catalog.reading import Rate
from spiders import kit

NAMES = {"e": "http://www.ecb.int/vocabulary/2002-08-01/eurofxref"}


def read_rates(page: kit.Page, _seen_at: date | None) -> kit.Found:
    """Read the rates of each day in the file; a currency without a number is refused."""
    days = page.xml.iterfind("e:Cube/e:Cube[@time]", NAMES)
    try:
        rates = [
            Rate.model_validate(
                {
                    "currency": rate.get("currency"),
                    "rate": rate.get("rate"),
                    "date": day.get("time"),
                }
            )
            for day in days
            for rate in day.iterfind("e:Cube", NAMES)
        ]
    except ValidationError as error:
        raise kit.changed(f"a rate is not as it must be: {error.errors()[0]['msg']}") from None
    if not rates:
        raise kit.changed("the file holds no day with rates; compare it with an earlier one")
    return kit.Found(rates=tuple(rates))


class Fx(kit.PriceSource):
    """The daily file: some thirty currencies, on working days at 16:00 in Frankfurt."""

    kind = kit.SourceKind.FX
    cadence = timedelta(hours=12)
    document = kit.Document(
        "daily",
        "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml",
        forms=(
            kit.Form(
                "xml",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.XML), kit.has_text(r"vocabulary/2002-08-01/eurofxref")
                ),
                read=read_rates,
            ),
        ),
        minimum_points=20,
    )
