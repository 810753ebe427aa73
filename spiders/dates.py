"""The days on which a page says that a price starts or ends."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTH_ALONE = re.compile(rf"{_MONTH},?\s+(?P<year>\d{{4}})", re.IGNORECASE)
_DAY = re.compile(
    rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
    r"|(?P<iso_year>\d{4})(?:[-/]|\s*年\s*)(?P<iso_month>\d{1,2})(?:[-/]|\s*月\s*)"
    r"(?P<iso_day>\d{1,2})(?:\s*日)?(?!\d)",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"(?:starting|starts|beginning|effective|from|since|as of|on and after|自|从)"
    r"(?:\s+(?:on|from))?\s*",
    re.IGNORECASE,
)
_ENDS_AFTER = re.compile(
    r"(?:through|thru|ending(?: on)?|up to and including|截至|至)\s*", re.IGNORECASE
)
_ENDS_BEFORE = re.compile(r"(?:until|till|before)\s*", re.IGNORECASE)
_AFTERWORD = re.compile(r"\s*(?P<starts>起)|\s*(?P<ends>之?前)")


@dataclass(frozen=True, slots=True)
class Dates:
    """When a price holds, half-open, as far as it is stated; and where the words end."""

    valid_from: date | None
    valid_to: date | None
    end: int


def match_dates(text: str, position: int) -> Dates | None:
    """Read one phrase such as "through August 31, 2026" that begins here."""
    for lead in (_STARTS, _ENDS_AFTER, _ENDS_BEFORE):
        opened = lead.match(text, position)
        named = _DAY.match(text, opened.end()) if opened else None
        day = _day(named) if named else None
        if named and day:
            return _phrase(lead, day, named.end())
    return _day_with_afterword(text, position)


def find_dates(text: str) -> tuple[str, Dates | None]:
    """Take the first such phrase out of a text; give what is left, and the phrase."""
    for position in range(len(text)) if _DAY.search(text) else ():
        if (position == 0 or not text[position - 1].isalpha()) and (
            found := match_dates(text, position)
        ):
            return text[:position] + text[found.end :], found
    return text, None


def find_day(text: str) -> date | None:
    """Give the first day that a text names, whatever it says of it; None where it names none."""
    named = _DAY.search(text)
    return _day(named) if named else None


def iso_date(text: str) -> str:
    """Word the first day that a text names as 2026-05-15, or only its month: 2024-11; else ""."""
    day, month = find_day(text), _MONTH_ALONE.search(text)
    if day:
        return day.isoformat()
    return f"{month['year']}-{_month(month['month']):02}" if month else ""


def print_dates(valid_from: date | None, valid_to: date | None) -> str:
    """Print both days in words that read back."""
    starts = f" starting {valid_from.isoformat()}" if valid_from else ""
    return starts + (f" until {valid_to.isoformat()}" if valid_to else "")


def _phrase(lead: re.Pattern[str], day: date, end: int) -> Dates:
    if lead is _STARTS:
        return Dates(day, None, end)
    return Dates(None, day + timedelta(days=lead is _ENDS_AFTER), end)


def _day_with_afterword(text: str, position: int) -> Dates | None:
    named = _DAY.match(text, position)
    day = _day(named) if named else None
    after = _AFTERWORD.match(text, named.end()) if named else None
    if not day or not after:
        return None
    return Dates(day if after["starts"] else None, day if after["ends"] else None, after.end())


def _day(named: re.Match[str]) -> date | None:
    if named["iso_year"]:
        year, month, day = named["iso_year"], int(named["iso_month"]), named["iso_day"]
    else:
        year, day = named["year"], named["day"]
        month = _month(named["month"])
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1
