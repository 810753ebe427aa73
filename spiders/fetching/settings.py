"""What Scrapy is told: our handler and middlewares, and nothing of its own that would differ."""

from scrapy.settings import Settings

from spiders.fetching.manners import Manners

HANDLER = "spiders.fetching.handler.PoliteHandler"
LARGEST_RESPONSE = 32 * 1024 * 1024
STOCK = "scrapy.downloadermiddlewares"


def scrapy_settings(manners: Manners, user_agent: str) -> Settings:
    """Build the settings of every crawl.

    The order of the middlewares matters on the way back: a response is decompressed (590), then
    archived (580), then perhaps asked for again (550) or followed elsewhere (540).
    """
    return Settings(
        {
            "TWISTED_REACTOR_ENABLED": False,
            "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER},
            "USER_AGENT": user_agent,
            "DOWNLOAD_TIMEOUT": manners.timeout.total_seconds(),
            "DOWNLOAD_MAXSIZE": LARGEST_RESPONSE,
            "DOWNLOAD_WARNSIZE": 0,
            "COOKIES_ENABLED": False,  # It would fetch a list of public suffixes.
            "HTTPERROR_ALLOW_ALL": True,  # Every answer is named by an outcome.
            "METAREFRESH_ENABLED": False,
            "SPIDER_MIDDLEWARES": {"spiders.fetching.errands.ErrandMiddleware": 10},
            "DOWNLOADER_MIDDLEWARES": {
                f"{STOCK}.offsite.OffsiteMiddleware": None,
                f"{STOCK}.robotstxt.RobotsTxtMiddleware": None,
                f"{STOCK}.retry.RetryMiddleware": None,
                f"{STOCK}.redirect.RedirectMiddleware": None,
                "spiders.fetching.robots_gate.RobotsMiddleware": 100,
                "spiders.fetching.redirects.SameHostRedirects": 540,
                "spiders.fetching.retry.RetryMiddleware": 550,
                "spiders.fetching.archiving.ArchivingMiddleware": 580,
            },
        }
    )
