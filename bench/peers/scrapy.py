"""Scrapy: one spider that reads every item's fields and writes them to a file. It keeps nothing from scan to scan."""

from typing import ClassVar

from bench.peers.peer import Peer

SPIDER = """
import scrapy


class Feeds(scrapy.Spider):
    name = "feeds"

    async def start(self):
        with open(self.urls) as urls:
            for url in urls.read().split():
                yield scrapy.Request(url, dont_filter=True)

    def parse(self, response):
        for item in response.xpath("//item"):
            fields = ("guid", "title", "link", "pubDate", "description")
            yield {"source": response.url} | {name: item.xpath(f"{name}/text()").get() for name in fields}
"""
SETTINGS = ("LOG_LEVEL=ERROR", "CONCURRENT_REQUESTS=32", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "DOWNLOAD_DELAY=0")


class Scrapy(Peer):
    """https://scrapy.org."""

    name: ClassVar = "Scrapy"
    requirements: ClassVar = "scrapy.txt"

    def prepare(self) -> None:
        """Write the spider, and what it is to fetch."""
        self.path("spider.py").write_text(SPIDER, encoding="utf-8")
        self.path("urls").write_text("\n".join(self.task.urls), encoding="utf-8")

    def command(self, case: str) -> list[str]:
        """Crawl."""
        del case
        settings = [part for setting in SETTINGS for part in ("-s", setting)]
        files = ("-a", f"urls={self.path('urls')}", "-O", str(self.path("items.jsonl")), str(self.path("spider.py")))
        return [self.program("scrapy"), "runspider", *settings, *files]

    def found(self, case: str, said: bytes) -> tuple[int, int]:
        """Count the items it wrote."""
        del said
        with self.path("items.jsonl").open("rb") as items:
            return sum(1 for _ in items), self.items(case)
