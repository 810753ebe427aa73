"""Reports of wrong prices: what a person finds filled in when they say that one is wrong."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, quote, urlsplit

from catalog.moments import print_moment
from catalog.money import plain
from catalog.past.history import Price
from catalog.settings import Settings


@dataclass(frozen=True)
class Report:
    """A report that a price is wrong, with all that is needed to check it."""

    title: str
    body: str


def report_on(price: Price, *, as_of: datetime) -> Report:
    """Fill in a report on the price that held at a moment."""
    evidence = price.evidence
    amount = "none" if price.amount is None else f"{plain(price.amount)} {price.currency}"
    said = {
        "series": price.series,
        "as of": print_moment(as_of),
        "price": f"{amount} per {price.unit.value} of {price.meter.value}",
        "held from": print_moment(price.valid_from),
        "recorded at": print_moment(price.recorded_at),
        "page": evidence.url,
        "fetched at": print_moment(evidence.fetched_at),
        "sha256": evidence.sha256 or "not known",
        "its words": evidence.text,
        "where": evidence.locator,
        "corrected by": evidence.corrected_by or "",
    }
    lines = [f"{name}: {text}" for name, text in said.items() if text]
    questions = ["", "What should it be, from when on?", "", "Where does that stand?", ""]
    return Report(f"Wrong price: {price.series}", "\n".join(lines + questions))


def report_url(report: Report, settings: Settings) -> str | None:
    """Give the address that opens a report, filled in; None where nobody takes reports.

    That is the setting's, else a letter to the contact, where that is a mail address.
    """
    title, body = quote(report.title, safe=""), quote(report.body, safe="")
    if settings.report_url:
        return settings.report_url.replace("{title}", title).replace("{body}", body)
    if "@" in settings.contact and ":" not in settings.contact:
        return f"mailto:{settings.contact}?subject={title}&body={body}"
    return None


def report_path(price: Price) -> str:
    """Give where a report on a price opens, below the API's root."""
    moment = quote(print_moment(price.valid_from), safe=":")
    return f"/report?series={quote(price.series, safe=':')}&as_of={moment}"


def series_of(text: str) -> str:
    """Take a series' name out of an address that names it; another text is the name itself."""
    asked = parse_qs(urlsplit(text).query).get("series")
    return asked[0] if asked else text
