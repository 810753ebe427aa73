"""Lists declared once: from a table of columns follow parameters, order, pages, fields, formats."""

from api.listing.asking import Ask, Found, Part, meta_of
from api.listing.columns import Best, Column, Json, Kind, Test
from api.listing.filters import Filter, all_of, any_of, one
from api.listing.pages import as_page
from api.listing.questions import Known, Paged, Timed
from api.listing.resource import ListResource
from api.listing.serving import columns_by_path, json_response, mount

__all__ = [
    "Ask",
    "Best",
    "Column",
    "Filter",
    "Found",
    "Json",
    "Kind",
    "Known",
    "ListResource",
    "Paged",
    "Part",
    "Test",
    "Timed",
    "all_of",
    "any_of",
    "as_page",
    "columns_by_path",
    "json_response",
    "meta_of",
    "mount",
    "one",
]
