"""A page of events as Atom (RFC 4287), with the links of a paged feed (RFC 5005)."""

import re
from collections.abc import Iterable
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from api.feeds.entries import Entry
from api.feeds.links import Links
from catalog.moments import print_moment

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
OURS = "urn:tokentape"
"""The namespace of what Atom has no word for: `sequence`, an event's number in the log."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, however it is written."""


def write_atom(entries: Iterable[Entry], links: Links, title: str, updated: datetime) -> bytes:
    """Write a feed document."""
    feed = Element("feed", {"xmlns": NAMESPACE, "xmlns:tokentape": OURS})
    _text(feed, "id", links.first)
    _text(feed, "title", title)
    _text(feed, "updated", print_moment(updated))
    _text(SubElement(feed, "author"), "name", "Tokentape")
    for rel, href in links.by_relation():
        SubElement(feed, "link", rel=rel, href=href, type=MEDIA_TYPE)
    for one in entries:
        _entry(feed, one, links)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: Element, one: Entry, links: Links) -> None:
    element = SubElement(feed, "entry")
    _text(element, "id", one.id)
    _text(element, "title", one.title)
    _text(element, "updated", print_moment(one.recorded_at))
    _text(element, "published", print_moment(one.recorded_at))
    _text(element, "tokentape:sequence", str(one.event.sequence))
    event = links.event(one.event.sequence)
    SubElement(element, "link", rel="alternate", href=event, type="application/json")
    if one.page:
        SubElement(element, "link", rel="via", href=_clean(one.page))
    for term in one.categories:
        SubElement(element, "category", term=_clean(term))
    _text(element, "content", one.text)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
