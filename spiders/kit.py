"""What sources are declared with, under one name: `from spiders import kit`.

It offers what it imports, and has nothing of its own.
"""

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
from spiders.dates import find_dates, find_day, iso_date, print_dates
from spiders.embedded import streamed_object
from spiders.exact_json import Json, Printed, as_printed, objects
from spiders.facts import (
    Says,
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
from spiders.field_price import (
    PER_TOKEN,
    ZERO,
    Common,
    FieldPrice,
    counted,
    ignore,
    tokens,
)
from spiders.grid import Block, Cell, Grid, Prose
from spiders.html_layouts import Cards, Lines, Tabs
from spiders.keys import Key
from spiders.ledger import Unread
from spiders.measures import Measure, read_measure
from spiders.meter_list import MeterList, take_words, words_in
from spiders.names import (
    Names,
    listed_names,
    named_as,
    read_bounded_names,
    read_id,
    read_names,
)
from spiders.page import Kind, Page, changed
from spiders.paging import Details, NumberedPages, Paging
from spiders.price_list import PriceList
from spiders.price_table import NONE_OR_MORE, NONE_OR_ONE, ONE_OR_MORE, Above, PriceTable
from spiders.quotes import Quote, Setting, absence, read_quotes
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
