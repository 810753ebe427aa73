"""What sources are declared with, under one name: `from spiders import kit`."""

from catalog.vocabulary import SourceKind
from spiders.bounds import read_bound
from spiders.columns import (
    Choice,
    Condition,
    Context,
    Ignored,
    Model,
    Per,
    Price,
    Role,
    States,
    columns,
)
from spiders.component_tables import ComponentTables
from spiders.dates import find_dates, find_day, print_dates
from spiders.embedded import streamed_object
from spiders.exact_json import Json, Printed, as_printed, number, objects
from spiders.facts import (
    Says,
    above_zero,
    facts,
    flag,
    given,
    iso_day,
    listed,
    one_of,
    token_count,
    unix_day,
    worded,
)
from spiders.field_price import PER_TOKEN, TOKEN_FIELDS, ZERO, Common, FieldPrice, ignore, tokens
from spiders.grid import Block, Cell, Grid, Prose
from spiders.html_grids import Cards, Lines
from spiders.keys import Key
from spiders.ledger import Unread
from spiders.meter_list import MeterList, take_words, words_in
from spiders.names import (
    Names,
    listed_names,
    named_as,
    read_bounded_names,
    read_id,
    read_names,
    status_in,
)
from spiders.page import Kind, Page, changed
from spiders.paging import Details, NumberedPages, Paging
from spiders.price_list import PriceList
from spiders.price_table import NONE_OR_MORE, NONE_OR_ONE, ONE_OR_MORE, Above, PriceTable
from spiders.quotes import Measure, Quote, Setting, absence, read_measure, read_quotes
from spiders.reader import Claim, Found, together
from spiders.records import Record, other_than, part_of, records, values
from spiders.results import Result
from spiders.rewriting import rewritten
from spiders.score_table import ScoreTable, yaml_rows
from spiders.sentence import Multiplier, Repeats, Sentence, Told
from spiders.signs import (
    Test,
    all_of,
    has_column,
    has_heading,
    has_text,
    html_with,
    is_kind,
    json_with,
    markdown_with,
    none_of,
)
from spiders.source import (
    DAILY,
    TWICE_A_DAY,
    Benchmark,
    Catalog,
    Document,
    Form,
    Official,
    PriceSource,
    Reseller,
)
from spiders.terms import Terms, coordinates, meanings, point
from spiders.token_paths import token_paths

__all__ = [
    "DAILY",
    "NONE_OR_MORE",
    "NONE_OR_ONE",
    "ONE_OR_MORE",
    "PER_TOKEN",
    "TOKEN_FIELDS",
    "TWICE_A_DAY",
    "ZERO",
    "Above",
    "Benchmark",
    "Block",
    "Cards",
    "Catalog",
    "Cell",
    "Choice",
    "Claim",
    "Common",
    "ComponentTables",
    "Condition",
    "Context",
    "Details",
    "Document",
    "FieldPrice",
    "Form",
    "Found",
    "Grid",
    "Ignored",
    "Json",
    "Key",
    "Kind",
    "Lines",
    "Measure",
    "MeterList",
    "Model",
    "Multiplier",
    "Names",
    "NumberedPages",
    "Official",
    "Page",
    "Paging",
    "Per",
    "Price",
    "PriceList",
    "PriceSource",
    "PriceTable",
    "Printed",
    "Prose",
    "Quote",
    "Record",
    "Repeats",
    "Reseller",
    "Result",
    "Role",
    "Says",
    "ScoreTable",
    "Sentence",
    "Setting",
    "SourceKind",
    "States",
    "Terms",
    "Test",
    "Told",
    "Unread",
    "above_zero",
    "absence",
    "all_of",
    "as_printed",
    "changed",
    "columns",
    "coordinates",
    "facts",
    "find_dates",
    "find_day",
    "flag",
    "given",
    "has_column",
    "has_heading",
    "has_text",
    "html_with",
    "ignore",
    "is_kind",
    "iso_day",
    "json_with",
    "listed",
    "listed_names",
    "markdown_with",
    "meanings",
    "named_as",
    "none_of",
    "number",
    "objects",
    "one_of",
    "other_than",
    "part_of",
    "point",
    "print_dates",
    "read_bound",
    "read_bounded_names",
    "read_id",
    "read_measure",
    "read_names",
    "read_quotes",
    "records",
    "rewritten",
    "status_in",
    "streamed_object",
    "take_words",
    "together",
    "token_count",
    "token_paths",
    "tokens",
    "unix_day",
    "values",
    "worded",
    "words_in",
    "yaml_rows",
]
