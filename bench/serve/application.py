"""The application as another server than ours is given it."""

import sys

from fastapi import FastAPI

from api.app import create_app
from api.feeds.serving import SWITCHES_EVERY
from catalog.settings import environment_settings
from catalog.store import open_store


def make() -> FastAPI:
    """Make it over the store that the environment names."""
    sys.setswitchinterval(SWITCHES_EVERY)
    return create_app(open_store(environment_settings().database_url))
