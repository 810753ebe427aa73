"""The browser: renders the pages that hold no prices until their scripts have run."""

import asyncio
import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser as Chromium
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Playwright, async_playwright
from playwright.async_api import Response as PageResponse
from playwright.async_api import TimeoutError as NotShown
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import HtmlResponse, Request

from spiders.fetching.headers import keeps

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = timedelta(seconds=10)
"""For the declared selector to show."""
INSTALL = "no browser is installed for this page; install one with: tokentape install-browser"


class BrowserMissingError(Exception):
    """No Chromium could be started on this machine."""


class Browser:
    """One Chromium for a whole crawl, started when the first page needs it."""

    def __init__(self, user_agent: str, *, har: Path | None = None) -> None:
        """Go by the user agent's name; with ``har``, answer from that recording alone."""
        self._user_agent = user_agent
        self._har = har
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None

    async def render(self, request: Request) -> HtmlResponse:
        """Give the page as it stands once the request's ``wait_for`` selector shows."""
        chromium = await self._started()
        context = await chromium.new_context(
            user_agent=self._user_agent, service_workers="block", locale="en-US"
        )
        async with context:
            if self._har is not None:
                await context.route_from_har(self._har, not_found="abort")
            return await _render(await context.new_page(), request)

    async def close(self) -> None:
        """End the browser, if it was started."""
        chromium, self._chromium = self._chromium, None
        playwright, self._playwright = self._playwright, None
        if chromium is not None:
            await chromium.close()
        if playwright is not None:
            await playwright.stop()

    async def _started(self) -> Chromium:
        async with self._starting:
            if self._chromium is None:
                self._playwright = self._playwright or await async_playwright().start()
                self._chromium = await _launch(self._playwright)
            return self._chromium


def installed_browser() -> str | None:
    """Find a Chromium of this machine's own; None leaves it to Playwright's."""
    return next(filter(None, map(shutil.which, INSTALLED)), None)


def install_commands(*, root: bool) -> list[list[str]]:
    """Say what installs a Chromium: Debian's package where we may, else Playwright's own."""
    if root and shutil.which("apt-get"):
        return [
            ["apt-get", "update"],
            ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
        ]
    return [[sys.executable, "-m", "playwright", "install", "chromium"]]


async def _launch(playwright: Playwright) -> Chromium:
    try:
        return await playwright.chromium.launch(
            executable_path=installed_browser(),
            chromium_sandbox=os.geteuid() != 0,  # Chromium has no sandbox for root.
            args=list(QUIET),
        )
    except PlaywrightError as error:
        missing = "executable doesn't exist" in error.message.lower()
        why = INSTALL if missing else f"the browser did not start: {_first_line(error)}"
        raise BrowserMissingError(why) from error


def _first_line(error: PlaywrightError) -> str:
    return error.message.splitlines()[0]


async def _render(page: Page, request: Request) -> HtmlResponse:
    try:
        answer = await page.goto(request.url, wait_until="domcontentloaded")
        flags = await _wait_for(page, request.meta.get("wait_for"))
    except NotShown as error:
        raise DownloadTimeoutError(f"{request.url} was not rendered in time") from error
    except PlaywrightError as error:
        raise DownloadFailedError(_first_line(error)) from error
    return await _response(page, answer, flags)


async def _wait_for(page: Page, selector: str | None) -> list[str]:
    """Wait until the selector shows; where it never does, the page is kept with a flag saying so.

    What came instead is often a challenge page, which its reader names better than a timeout.
    """
    if selector is None:
        return []
    try:
        await page.wait_for_selector(selector, timeout=PATIENCE // timedelta(milliseconds=1))
    except NotShown:
        return [f"{selector!r} never showed on the rendered page"]
    return []


async def _response(page: Page, answer: PageResponse | None, flags: list[str]) -> HtmlResponse:
    if answer is None:
        raise DownloadFailedError(f"{page.url} gave the browser nothing")
    headers = {name: value for name, value in answer.headers.items() if keeps(name)}
    body = (await page.content()).encode()
    return HtmlResponse(
        page.url, status=answer.status, headers=headers, body=body, flags=flags, encoding="utf-8"
    )
