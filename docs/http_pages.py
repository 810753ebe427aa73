"""The reference page of what holds for every answer: headers, caching, limits, problems."""

from tables import page, section, table

from api.http import asking, caching, rate_limits
from api.http.answering import EVERYWHERE
from api.http.deprecations import DEPRECATED
from api.http.problem_types import TYPES
from catalog.settings import USUAL_RATE_LIMIT

ABOUT = (
    "Every address answers GET, HEAD (the same headers, no body) and OPTIONS, below `/v1`, too; "
    "/llms.txt and /docs list them all. Parameters that an address does not know, values it does "
    "not take, and a parameter given twice where one value counts are refused by name."
)
HEADERS = (
    ("`ETag`", "strong: other bytes, formats and codings have another one"),
    ("`Last-Modified`", "when the answer became what it is; left out while that is under a minute"),
    ("`Vary`", "`Accept-Encoding`; of lists `Accept`, too"),
    ("`Content-Encoding`", "`zstd` or `gzip`, as `Accept-Encoding` weighs them"),
    ("`Link`", "of a list: its first and its next page"),
    (
        "`Tokentape-Sequence`, `-As-Of`, `-Known-At`",
        "of a list: which state of the catalog it is of",
    ),
    ("`RateLimit-Policy`, `RateLimit`", "the limit, and what is left of it"),
    ("`X-Request-Id`", "the request's own where it sent a safe one, else one of ours"),
)
CONDITIONS = (
    "Ask again with the `ETag` in `If-None-Match`, or the date in `If-Modified-Since`: 304 without "
    "a body says that nothing is new. `If-Match` and `If-Unmodified-Since` that do not hold are "
    "answered with 412."
)
LIMITS = (
    "`RateLimit-Policy` and `RateLimit` are those of the draft "
    "draft-ietf-httpapi-ratelimit-headers: `q` requests in `w` seconds; `r` are left, and after "
    "`t` seconds there are all again. Who asks for more gets 429 with `Retry-After`. An IPv6 "
    "network of 64 bits is one client. `TOKENTAPE_RATE_LIMIT` and `TOKENTAPE_TRUSTED_PROXIES` "
    "change it; each server process counts for itself. Not counted: "
)
FRESHNESS = (
    "Each server process looks at the store four times a second, and makes the next state ready "
    "beside the one it answers by: what is committed is in its answers a second later or so. It "
    "takes nothing back: who was told of an event by any of its addresses is never answered by an "
    "earlier state at another. Several processes (`--workers`, hosts, the one that sends webhooks) "
    "follow by themselves, and may be as much apart. `meta.sequence` and `Tokentape-Sequence` say "
    "which state an answer is of: where that is before an event that you know of, ask again. While "
    "the store cannot be read, answers are 503; the processes go on and find it again. A file of "
    "SQLite is put in place of another only while nothing has it open, its `-wal` and `-shm` gone."
)
DEPRECATION = (
    "An address that will go says so with `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a "
    "`Link` to what takes its place; it is answered for at least half a year more."
)
HEALTH = (
    "`/livez` says that the process answers; `/readyz` that it reads its store and that the store "
    "has the tables it needs, else 503; `/metrics` is for Prometheus: requests by address, method "
    "and status, their seconds, the catalog's version and last event, open holds, and the seconds "
    "since each source's last good visit; processes of `--workers` count as one server. With "
    "`TOKENTAPE_ACCESS_LOG` each request is a line of JSON: `time`, `method`, `route`, `status`, "
    "`bytes`, `seconds`, `request_id`, and of a key that was sent how it begins; nothing of the "
    "query, of other headers or of the body."
)
PROBLEMS = (
    "What is not answered well is a problem of RFC 9457, as `application/problem+json`: `type` is "
    "the address of a page that explains it, `detail` says what to do, `errors` names each "
    "parameter that is wrong, `instance` is the path asked for, and `request_id` what to tell the "
    "server's owner. Nothing of what went wrong inside is told."
)


def http_page() -> str:
    """What holds for every answer."""
    return page(
        "HTTP",
        ABOUT,
        section("Headers", table(("header", "says"), HEADERS), _everywhere()),
        section("Caching", _caching(), CONDITIONS),
        section("Freshness", FRESHNESS),
        section("Limits", _limits(), LIMITS + _listed(rate_limits.NOT_COUNTED) + "."),
        section("Problems", PROBLEMS, _problems()),
        section("Health and metrics", HEALTH),
        section("Deprecated", DEPRECATION, _deprecated()),
    )


def _everywhere() -> str:
    return "Every answer has these, too:\n\n" + table(
        ("header", "is"), ((f"`{name}`", f"`{value}`") for name, value in EVERYWHERE.items())
    )


def _caching() -> str:
    kept = {True: "as any other", False: "not at all"}
    rows = [
        (
            "with both `as_of` and `known_at`, once anything was recorded since then",
            f"`{caching.LASTING}`",
        ),
        ("any other that is good", f"`{caching.FRESH}`"),
        ("problems, what is sent, and what is asked with a key", f"`{caching.NO_STORE}`"),
        *((f"`{one.path}`: {one.why}", kept[one.stored]) for one in caching.EXEMPT),
    ]
    return table(("answer", "may be kept"), rows)


def _limits() -> str:
    rows = (
        ("requests of one client", f"{USUAL_RATE_LIMIT:,} in {rate_limits.WINDOW} seconds", "429"),
        ("an address with its query", f"{asking.LONGEST_TARGET:,} bytes", "414"),
        ("all headers", f"{asking.LONGEST_HEADERS:,} bytes", "431"),
        ("a body", f"{asking.LONGEST_BODY:,} bytes", "413"),
        *((f"a body at `{k}`", f"{v:,} bytes", "413") for k, v in asking.LONGER_BODIES.items()),
    )
    return table(("of", "at most", "else"), rows)


def _problems() -> str:
    rows = ((f"`{one.uri}`", int(one.status), one.meaning, one.remedy) for one in TYPES)
    return table(("type", "status", "means", "do"), rows)


def _deprecated() -> str:
    rows = ((f"`{one.path}`", one.since, one.until, f"`{one.instead}`") for one in DEPRECATED)
    return table(("address", "since", "answers until", "use"), rows)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
