"""Every setting in one table: its name in the environment, its default and what it means."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
USUAL_RATE_LIMIT = 6000
USUAL_DAYS_KEPT = 90
USUAL_READY_BYTES = 64 * 1024 * 1024
Network = IPv4Network | IPv6Network
_STORE = re.compile(r"sqlite:///.|postgresql(\+psycopg)?://")


class SettingError(ValueError):
    """A setting that means nothing; the message says what to write."""


@dataclass(frozen=True)
class Setting:
    """One setting as the reference page prints it."""

    name: str
    default: str
    meaning: str


SITE_KEYS = ("TOKENTAPE_ARTIFICIAL_ANALYSIS_KEY",)
SETTINGS = (
    Setting(
        "TOKENTAPE_DATABASE_URL",
        "sqlite:///var/tokentape.db",
        "where the catalog is kept: sqlite:///FILE or postgresql://…; a checkout keeps its own "
        "file, an installed command one in ~/.local/share/tokentape",
    ),
    Setting(
        "TOKENTAPE_CONTACT",
        "",
        "an address or page in the User-Agent, so that a site's owner can reach you",
    ),
    Setting(
        "TOKENTAPE_REPORT_URL",
        "",
        "where reports of wrong prices open, filled in: an address with {title} and {body}, like "
        "https://github.com/OWNER/NAME/issues/new?title={title}&body={body}; without it they are "
        "letters to TOKENTAPE_CONTACT, where that is a mail address",
    ),
    Setting(
        "TOKENTAPE_SECRET_KEY",
        "",
        "what secrets in the store are encrypted and API keys hashed with, at least 32 characters; "
        "to change it, write the new one and the old one with a comma between, then run "
        "`tokentape subscriptions reseal`; without it nobody can subscribe",
    ),
    Setting(
        "TOKENTAPE_ALLOW_LOOPBACK",
        "0",
        "1 lets messages go to this machine, in the clear, too; for trying things out only",
    ),
    Setting(
        "TOKENTAPE_KEEP_DELIVERIES",
        str(USUAL_DAYS_KEPT),
        "how many days a message to a subscriber is kept that is no longer sent, with its "
        "attempts; 0: for ever",
    ),
    Setting(
        "TOKENTAPE_RATE_LIMIT",
        str(USUAL_RATE_LIMIT),
        "how many requests a minute each client's address may make of each server process; "
        "0: as many as it likes",
    ),
    Setting(
        "TOKENTAPE_TRUSTED_PROXIES",
        "",
        "addresses or networks of proxies in front of the server, with commas between, whose "
        "X-Forwarded-For says who asks and whose X-Forwarded-Proto says how; without it whoever "
        "connects is who asks",
    ),
    Setting(
        "TOKENTAPE_ACCESS_LOG",
        "",
        "where the server writes a line of JSON for each request: a file, or - for standard "
        "output; without it nowhere",
    ),
    Setting(
        "TOKENTAPE_READY_BYTES",
        str(USUAL_READY_BYTES),
        "how many bytes of answers each server process keeps ready, for as long as the catalog "
        "stands still; 0: none",
    ),
    Setting(
        "TOKENTAPE_ARCHIVE",
        "archive",
        "the folder of fetched pages as they were; by default beside the database file",
    ),
    Setting(
        "TOKENTAPE_ARTIFICIAL_ANALYSIS_KEY",
        "",
        "the key for the API of artificialanalysis.ai, sent to that host alone; without it that "
        "source is not read",
    ),
    Setting(
        "TOKENTAPE_CAPTURES",
        "../shared/captures",
        "the folder of captured pages that some tests read in place",
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings that hold for this process."""

    database_url: str
    contact: str
    secret_key: str
    allow_loopback: bool
    archive: Path
    captures: Path
    report_url: str = ""
    rate_limit: int = USUAL_RATE_LIMIT
    """Requests a minute of one client; 0: no limit."""
    trusted_proxies: tuple[Network, ...] = ()
    keep_deliveries: int = USUAL_DAYS_KEPT
    """Days that messages which ended are kept; 0: for ever."""
    access_log: str = ""
    """A file, or ``-`` for standard output; empty: requests are not logged."""
    ready_bytes: int = USUAL_READY_BYTES
    """Of answers kept ready by each server process; 0: none."""
    site_keys: Mapping[str, str] = field(default_factory=dict)
    """The keys for sites' APIs, by the names of their settings; only those that are set."""


def data_folder() -> Path:
    """Give the folder for what is kept: ``var`` in a checkout, else the user's data folder."""
    if (HERE / "pyproject.toml").exists():
        return HERE / "var"
    return Path.home() / ".local" / "share" / "tokentape"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment; what is not set or empty has its default."""
    folder = data_folder()
    return Settings(
        database_url=_store("TOKENTAPE_DATABASE_URL", environ, f"sqlite:///{folder}/tokentape.db"),
        contact=environ.get("TOKENTAPE_CONTACT", ""),
        secret_key=environ.get("TOKENTAPE_SECRET_KEY", ""),
        allow_loopback=environ.get("TOKENTAPE_ALLOW_LOOPBACK", "") == "1",
        archive=Path(environ.get("TOKENTAPE_ARCHIVE") or folder / "archive"),
        captures=Path(environ.get("TOKENTAPE_CAPTURES") or HERE.parent / "shared" / "captures"),
        report_url=environ.get("TOKENTAPE_REPORT_URL", ""),
        rate_limit=_count("TOKENTAPE_RATE_LIMIT", environ, USUAL_RATE_LIMIT),
        trusted_proxies=_networks("TOKENTAPE_TRUSTED_PROXIES", environ),
        keep_deliveries=_count("TOKENTAPE_KEEP_DELIVERIES", environ, USUAL_DAYS_KEPT),
        access_log=environ.get("TOKENTAPE_ACCESS_LOG", ""),
        ready_bytes=_count("TOKENTAPE_READY_BYTES", environ, USUAL_READY_BYTES),
        site_keys={name: environ[name] for name in SITE_KEYS if environ.get(name)},
    )


def _store(name: str, environ: Mapping[str, str], usual: str) -> str:
    url = environ.get(name) or usual
    if not _STORE.match(url):
        raise SettingError(f"{name} names no store; write sqlite:///FILE or postgresql://…")
    return url


def _count(name: str, environ: Mapping[str, str], usual: int) -> int:
    text = environ.get(name) or str(usual)
    if not (text.isascii() and text.isdigit()):
        raise SettingError(f"{name} is {text!r}; write a whole number, 0 or more")
    return int(text)


def _networks(name: str, environ: Mapping[str, str]) -> tuple[Network, ...]:
    parts = [part.strip() for part in environ.get(name, "").split(",")]
    try:
        return tuple(ip_network(part, strict=False) for part in parts if part)
    except ValueError as error:
        raise SettingError(f"{name}: {error}; write addresses or networks, as 10.0.0.0/8") from None


def environment_settings() -> Settings:
    """Read the settings from this process' environment."""
    return read_settings(os.environ)
