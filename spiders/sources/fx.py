"""The European Central Bank's reference rates of the day: what one euro buys (XML)."""

from datetime import date

from pydantic import ValidationError

from catalog.reading import Rate
from spiders import kit

URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
NAMES = {"e": "http://www.ecb.int/vocabulary/2002-08-01/eurofxref"}


def read_rates(page: kit.Page, _: date | None) -> kit.Found:
    """Read the rates of each day in the file; a currency without a number is refused."""
    days = page.xml.iterfind("e:Cube/e:Cube[@time]", NAMES)
    stated = [
        {"currency": rate.get("currency"), "rate": rate.get("rate"), "date": day.get("time")}
        for day in days
        for rate in day.iterfind("e:Cube", NAMES)
    ]
    try:
        rates = tuple(map(Rate.model_validate, stated))
    except ValidationError as error:
        raise kit.changed(f"a rate is not as it must be: {error.errors()[0]['msg']}") from None
    if not rates:
        raise kit.changed("the file holds no day with rates; compare it with an earlier one")
    return kit.Found(rates=rates)


IS_FILE = kit.all_of(kit.is_kind(kit.Kind.XML), kit.has_text(r"vocabulary/2002-08-01/eurofxref"))
FILE = kit.Form("xml", IS_FILE, read=read_rates)


class Fx(kit.PriceSource):
    """The daily file: some thirty currencies, on working days at 16:00 in Frankfurt."""

    kind = kit.SourceKind.FX
    cadence = kit.TWICE_A_DAY
    document = kit.Document("daily", URL, (FILE,), minimum_points=20)
