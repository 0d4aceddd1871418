"""What is read of a feed's entry, whoever read it."""

import msgspec

from scan.model import RawItem


class Entry(msgspec.Struct):
    """One entry, its texts as they stand in the feed.

    Attributes:
        texts: descriptions and contents, each with whether it is plain text rather than HTML.

    """

    id: str | None = None
    link: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    created: str | None = None
    texts: list[tuple[str, bool]] = []
    tags: list[str] = []

    def item(self) -> RawItem:
        """Choose what an item is made of.

        The longest text is the description: feeds send a summary, the whole, or both, under any of several names.
        A feed without dates of publication is read by its dates of change. An id doubles as the link only if it is one.
        """
        texts = self.texts
        text, plain = texts[0] if len(texts) == 1 else max(texts, key=lambda one: len(one[0]), default=("", False))
        link = self.link or None
        if link == self.id and link and not link.lower().startswith(("http://", "https://")):
            link = None
        attributes: dict[str, object] = {}
        if self.author:
            attributes["author"] = self.author
        if self.tags:
            attributes["tags"] = list(dict.fromkeys(self.tags))
        return RawItem(
            key=self.id or link,
            title=self.title or None,
            url=link,
            text=text or None,
            markup="plain" if plain else "html",
            published_at=self.published or self.created or self.updated or None,
            updated_at=self.updated or None,
            attributes=attributes,
        )
