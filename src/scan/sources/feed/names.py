"""The elements of feeds, by the names that feedparser gives them: `title`, `dc_creator` and so on.

Source: feedparser 6.0.12, mixin.py and namespaces/.
"""

_CORE = (
    "http://backend.userland.com/rss",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://purl.org/rss/1.0/modules/rss091#",
    "http://www.w3.org/2005/atom",
)

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_NAMESPACES = dict.fromkeys(_CORE, "") | {
    "": "",
    RDF.lower(): "rdf_",
    "http://purl.org/rss/1.0/modules/content/": "content_",
    "http://purl.org/dc/elements/1.1/": "dc_",
    "http://purl.org/dc/terms/": "dcterms_",
    "http://search.yahoo.com/mrss": "media_",
    "http://search.yahoo.com/mrss/": "media_",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes_",
}
"""In lower case. Elements of any other namespace say nothing that is read here."""

_HANDLED_PREFIXES = frozenset(
    (
        *("admin", "cc", "content", "creativecommons", "dc", "dcterms", "feedburner", "geo", "georss", "gml"),
        *("itunes", "media", "psc", "rdf", "xhtml"),
    )
)

_KNOWN_AS = {
    "admin": ("http://webns.net/mvcb/",),
    "cc": ("http://web.resource.org/cc/", "http://creativecommons.org/ns#license"),
    "creativecommons": (
        "http://backend.userland.com/creativecommonsrssmodule",
        "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html",
    ),
    "feedburner": ("http://rssnamespace.org/feedburner/ext/1.0",),
    "geo": ("http://www.w3.org/2003/01/geo/wgs84_pos#",),
    "georss": ("http://www.georss.org/georss",),
    "gml": ("http://www.opengis.net/gml",),
    "psc": ("http://podlove.org/simple-chapters",),
}
"""Namespaces whose elements feedparser handles, without any effect on what is read here."""

OTHER = ""
"""The name of an element that says nothing here."""

RSS_1 = frozenset(("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"))

CONTENTS = frozenset(("content", "content_encoded"))
PERSON = frozenset(("name", "email", "uri", "url", "homepage"))
TIMES = (
    dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), "published")
    | dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), "updated")
    | dict.fromkeys(("created", "dcterms_created"), "created")
)
_TITLES = frozenset(("title", "dc_title", "media_title"))
_SUMMARIES = frozenset(("summary", "description", "dc_description", "media_description", "itunes_summary"))
TEXTS = _TITLES | _SUMMARIES | CONTENTS

ROLES = (
    dict.fromkeys(TIMES, "time")
    | dict.fromkeys(_TITLES, "title")
    | dict.fromkeys(_SUMMARIES | CONTENTS, "text")
    | {"link": "link", "id": "id", "guid": "id"}
    | dict.fromkeys(("author", "managingeditor", "dc_creator", "dc_author", "itunes_author"), "author")
    | dict.fromkeys(PERSON, "person_part")
    | dict.fromkeys(("category", "keywords", "dc_subject", "media_category", "itunes_category"), "category")
    | dict.fromkeys(("itunes_keywords", "media_keywords"), "keywords")
    | dict.fromkeys(("rights", "copyright", "dc_rights", "subtitle", "tagline", "itunes_subtitle", "info"), "unread")
    | dict.fromkeys(
        ("item", "entry", "image", "textinput", "body", "fullitem", "abstract", "tags", "itunes_owner"), "odd"
    )
    | dict.fromkeys(("authors", "links", "summary_detail", "author_detail"), "odd")
)
"""What part an element of an entry plays; `elements.EntryReader` has a method for each."""


def standard(name: str) -> str:
    """Name an element as expat gives it (`URI local`) the way feedparser does."""
    uri, _, local = name.rpartition(" ")
    prefix = _NAMESPACES.get(uri.lower())
    return OTHER if prefix is None else prefix + local.lower()


def misleading(prefix: str | None, uri: str) -> bool:
    """Tell whether feedparser would take this namespace for another one, by its prefix or for want of one."""
    if uri.lower() in _NAMESPACES:
        return False
    if prefix is None:
        return True
    known = prefix.lower() in _HANDLED_PREFIXES
    return known and uri.lower() not in _KNOWN_AS.get(prefix.lower(), ())
