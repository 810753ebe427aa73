"""Mutations of whole pages: their currency, their unit, their end, their prose, their place."""

import re
from collections.abc import Callable
from decimal import Decimal
from random import Random

from lxml.html import HtmlElement, fragments_fromstring

from catalog.reading import PricePoint
from catalog.vocabulary import Unit
from tests.spiders.mutation.made import Made
from tests.spiders.mutation.sheets import Sheet, restated, without
from tests.spiders.mutation.table_kinds import in_euros, named, next_name

_CLOUDFLARE = """<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>
<h1>{host}</h1><p>Verify you are human by completing the action below.</p>
<noscript>Enable JavaScript and cookies to continue</noscript></body></html>"""
_DENIED = """<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>
You don't have permission to access this page here.<p>Reference #18.2d5</p></body></html>"""
_TRAFFIC = """<!doctype html><html><body><h2>Unusual traffic</h2><p>Our systems have detected
unusual traffic from your network. Solve the captcha to go on.</p></body></html>"""
_CHALLENGES = (_CLOUDFLARE, _DENIED, _TRAFFIC)
_SIGN_IN = """<!doctype html><html><body><h1>Pricing</h1><p>Sign in to continue</p><form>
<input type=email><input type=password><button>Log in</button></form>
<p>Pro from $20 per month</p></body></html>"""
_ACCOUNT = """<!doctype html><html><body><h1>Log in to your account</h1><form>
<input type='password'></form><table><tr><th>Plan</th><th>Price</th></tr>
<tr><td>Team</td><td>$25</td></tr></table></body></html>"""
_WALLS = (_SIGN_IN, _ACCOUNT)
_THOUSANDS = (
    (re.compile(r"MTok"), "KTok"),
    (re.compile(r"\b(?:1 |one )?million(?= (?:[\w-]+ ){0,2}tok)", re.IGNORECASE), "1 thousand"),
    (re.compile(r"\b1,000,000(?=\s*(?:[\w-]+ ){0,2}tok)", re.IGNORECASE), "1,000"),
    (re.compile(r"\b1\s?M(?=\s*(?:[\w-]+ ){0,2}tok)", re.IGNORECASE), "1K"),
    (re.compile(r"(?:(?<=/)|(?<=/ )|(?<=per ))1?M(?!\w|[ -]?char)", re.IGNORECASE), "1K"),
    (re.compile(r"百万(?=\s*tok)", re.IGNORECASE), "千"),
)
_TOKENS = (Unit.MILLION_TOKENS, Unit.MILLION_TOKEN_HOURS)


def _rewritten(sheet: Sheet, edit: Callable[[str], str]) -> bytes | None:
    """Change a page's text; None where nothing changed."""
    before = sheet.specimen.inner.text
    after = edit(before)
    return None if after == before else sheet.specimen.body(after)


def sign_changed(sheet: Sheet, _random: Random) -> Made | None:
    """The whole page is in euros."""
    body = _rewritten(sheet, in_euros)
    stated = restated(sheet.points, sheet.points, currency="EUR")
    return Made("all in euros", sheet, stated, body) if body else None


def per_thousand(sheet: Sheet, _random: Random) -> Made | None:
    """The page says that its prices are per thousand tokens."""

    def edit(text: str) -> str:
        for million, thousand in _THOUSANDS:
            text = million.sub(thousand, text)
        return text

    body = _rewritten(sheet, edit)
    stated = tuple(
        p.model_copy(update={"amount": p.amount * Decimal(1000)}) if p.unit in _TOKENS else p
        for p in sheet.points
    )
    return Made("per 1K tokens", sheet, stated, body) if body else None


def decimal_comma_in_text(sheet: Sheet, _random: Random) -> Made | None:
    """Where no table is found: each amount with a sign is written with a decimal comma."""
    body = _rewritten(sheet, lambda text: re.sub(r"([$¥￥]\s*\d+)\.(\d)", r"\1,\2", text))
    return Made("decimal commas", sheet, sheet.points, body) if body and not sheet.placed else None


def model_renamed_in_text(sheet: Sheet, random: Random) -> Made | None:
    """Where no table is found: a model has another name everywhere."""
    models = sorted({price.model for price in sheet.points})
    model = random.choice(models)
    body = _rewritten(sheet, lambda text: named(model).sub(next_name(model), text))
    if sheet.placed or not body:
        return None
    renamed = [p for p in sheet.points if p.model == model and not _is_told(p)]
    stated = restated(sheet.points, renamed, model=next_name(model))
    return Made(f"{model} is now {next_name(model)}", sheet, stated, body)


def _is_told(price: PricePoint) -> bool:
    """Tell whether a price is one of prose: whose it is, the source declares."""
    return price.locator.startswith("paragraph ")


def lines_halved(sheet: Sheet, _random: Random) -> Made | None:
    """Of rows that are data in a component, every second is gone."""
    rows = re.compile(r"^[ \t]*\[[\"'].*\],?[ \t]*$")
    lines = sheet.specimen.inner.text.split("\n")
    places = [place for place, line in enumerate(lines) if rows.match(line)]
    if sheet.placed or len(places) < 4:
        return None
    gone = set(places[1::2])
    kept = "\n".join(line for place, line in enumerate(lines) if place not in gone)
    return Made(f"{len(gone)} lines gone", sheet, sheet.points, sheet.specimen.body(kept))


def truncated(sheet: Sheet, random: Random) -> Made | None:
    """The body ends early, at times in the midst of an amount."""
    text = sheet.specimen.inner.text
    amounts = [f.end() - 1 for f in re.finditer(r"[$¥￥:|>] ?\d*\.?\d{2,}", text)]
    cut = random.randrange(len(text) // 4, len(text) - 1)
    if amounts and random.random() < 0.6:
        cut = random.choice(amounts)
    return Made(f"cut after {cut} characters", sheet, sheet.points, sheet.specimen.body(text[:cut]))


def challenge_page(sheet: Sheet, random: Random) -> Made | None:
    """A challenge page came instead."""
    body = random.choice(_CHALLENGES).format(host=f"{sheet.specimen.source.name}.example").encode()
    return Made("a challenge page", sheet, (), body)


def login_wall(sheet: Sheet, random: Random) -> Made | None:
    """A login page came instead."""
    return Made("a login page", sheet, (), random.choice(_WALLS).encode())


_NEWS = (
    "Prices may be revised from time to time; a typical prototype costs less than $5.00 a month "
    "in our experience, and new accounts receive a small amount of free credit to begin with."
)
_EXAMPLE = (
    "Suppose an assistant answers 10,000 requests a day with 2,000 input tokens and 500 output "
    "tokens each: at $3 per million input tokens the daily input alone comes to about $60.00."
)


def prose_added(sheet: Sheet, _random: Random) -> Made | None:
    """At the end stands a new section with an amount in a sentence; no price of a model."""
    return _with_section(sheet, "Planning your budget", _NEWS, last=True)


def example_added(sheet: Sheet, random: Random) -> Made | None:
    """Between two sections stands a worked example."""
    del random
    return _with_section(sheet, "What a busy week may come to", _EXAMPLE, last=False)


def _with_section(sheet: Sheet, heading: str, words: str, *, last: bool) -> Made | None:
    if sheet.root is not None:
        done = _in_html(sheet.root, heading, words, last=last)
    else:
        done = _in_markdown(sheet.lines, heading, words, last=last)
    return Made(heading, sheet, sheet.points) if done else None


def _in_html(root: HtmlElement, heading: str, words: str, *, last: bool) -> bool:
    tables = list(root.iter("table"))
    above = next(
        (e for e in (tables[-1].iterancestors() if tables else ()) if e.tag == "body"), None
    )
    if above is None:
        return False
    after = tables[-1] if last else tables[0]
    heads = [e for e in root.iter("h2", "h3") if _is_after(e, after)]
    level = heads[0].tag if heads else "h2"
    made = fragments_fromstring(f"<{level}>{heading}</{level}><p>{words}</p>")
    if last or not heads:
        above.extend(made)
    else:
        for element in made:
            heads[0].addprevious(element)
    return True


def _is_after(element: HtmlElement, other: HtmlElement) -> bool:
    return any(found is element for found in other.iter()) is False and bool(
        element.xpath("count(preceding::table)") and other in element.xpath("preceding::table")
    )


_HEADING = re.compile(r"(#{2,4}) ")


def _in_markdown(lines: list[str], heading: str, words: str, *, last: bool) -> bool:
    tables = [i for i, line in enumerate(lines) if line.lstrip().startswith("|")]
    later = [i for i, line in enumerate(lines) if tables and i > tables[0] and _HEADING.match(line)]
    if last or not later:
        lines += ["", f"## {heading}", "", words, ""]
        return True
    marks = _HEADING.match(lines[later[0]])
    assert marks
    lines[later[0] : later[0]] = [f"{marks[1]} {heading}", "", words, ""]
    return True


def note_reworded(sheet: Sheet, random: Random) -> Made | None:
    """A note of a few plain words stands in another wording."""
    priced = {price.evidence for price in sheet.points}
    notes = [block.text for block in sheet.specimen.shaped.prose]
    plain = [n for n in notes if re.fullmatch(r"[A-Z][A-Za-z ,'-]{30,200}\.", n)]
    plain = [note for note in plain if not any(note in said for said in priced)]
    text = sheet.specimen.inner.text
    there = [note for note in plain if text.count(note) == 1]
    if not there:
        return None
    note = random.choice(there)
    other = f"Please note: {note[0].lower()}{note[1:-1]}, unless stated otherwise."
    body = sheet.specimen.body(text.replace(note, other))
    return Made(f"{note[:40]!r} reworded", sheet, sheet.points, body)


def tool_price_reworded(sheet: Sheet, random: Random) -> Made | None:
    """A sentence states its price in other words."""
    return _reworded(sheet, random, "Expect {price} for it, as things stand")


def tool_price_unstated(sheet: Sheet, random: Random) -> Made | None:
    """A sentence no longer states its price."""
    return _reworded(sheet, random, "What it costs is part of your agreement")


def _reworded(sheet: Sheet, random: Random, words: str) -> Made | None:
    text = sheet.specimen.inner.text
    said = {
        price.evidence.removeprefix("prose only: "): price
        for price in sheet.points
        if _is_told(price) and price.evidence.startswith("prose only: ")
    }
    there = sorted(words for words in said if text.count(words) == 1)
    if not there:
        return None
    sentence = random.choice(there)
    amount = re.search(r"[$¥]?\d[\d.]*[^.,;]*", sentence)
    new = words.format(price=amount.group() if amount else "")
    gone = [p for p in sheet.points if p.evidence == f"prose only: {sentence}"]
    stated = sheet.points if "{price}" in words else without(sheet.points, gone)
    return Made(sentence[:60], sheet, stated, sheet.specimen.body(text.replace(sentence, new)))
