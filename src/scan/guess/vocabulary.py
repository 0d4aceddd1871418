"""What sources call the fields of an item, in the languages that public pages are commonly written in."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

NAMES: Mapping[str, Mapping[str, float]] = {
    "title": {
        **dict.fromkeys(("title", "headline", "jobtitle", "titel", "titre", "titulo", "titolo"), 1.0),
        **dict.fromkeys(("name", "intitule", "bezeichnung", "betreff", "nom", "nombre"), 0.85),
        **dict.fromkeys(("subject", "position", "objective", "role", "event", "meeting", "committee", "unit"), 0.7),
        **dict.fromkeys(("label", "text", "body", "summary", "caption", "item"), 0.5),
        "description": 0.3,
    },
    "url": {
        **dict.fromkeys(("url", "link", "permalink", "href"), 1.0),
        **dict.fromkeys(("uri", "canonical", "website", "page"), 0.7),
    },
    "key": {
        **dict.fromkeys(("id", "uuid", "guid", "uid", "key", "shortcode"), 1.0),
        **dict.fromkeys(("slug", "ref", "reference", "code", "identifier", "number", "no", "nr"), 0.7),
    },
    "published_at": {
        **dict.fromkeys(("published", "posted", "publication", "publish", "publishedat", "pubdate", "listed"), 1.0),
        **dict.fromkeys(("date", "datum", "fecha", "data", "datetime", "released", "release", "when"), 0.8),
        **dict.fromkeys(("created", "create", "creation", "added", "opened", "epoch", "timestamp"), 0.7),
        **dict.fromkeys(("start", "starts", "begin", "begins", "time", "issued", "day"), 0.5),
    },
    "updated_at": dict.fromkeys(("updated", "update", "modified", "changed", "lastmod", "updatedat"), 1.0),
    "organization": {
        **dict.fromkeys(("company", "organization", "organisation", "employer", "organizer", "organizations"), 1.0),
        **dict.fromkeys(("agency", "publisher", "brand", "entreprise", "unternehmen", "firma", "empresa"), 0.9),
    },
    "location": {
        **dict.fromkeys(("location", "locations", "venue", "place", "standort", "lieu", "ubicacion", "where"), 1.0),
        **dict.fromkeys(("city", "cities", "town", "ort", "ville", "ciudad", "address", "locationname"), 0.8),
        **dict.fromkeys(("region", "places"), 0.5),
    },
    "text": {
        **dict.fromkeys(("description", "content", "beschreibung", "contenu", "descripcion", "details"), 1.0),
        **dict.fromkeys(("text", "body", "html", "summary", "excerpt", "abstract", "teaser", "notes", "comment"), 0.8),
        **dict.fromkeys(("snippet", "tagline", "overview", "subtitle"), 0.5),
    },
}
"""Of each field, the words that name it, with how surely they do."""

AGAINST: Mapping[str, frozenset[str]] = {
    "title": frozenset(("sub", "subtitle", "file", "user", "meta", "seo", "short", "type")),
    "url": frozenset(
        (
            *("image", "images", "img", "logo", "photo", "picture", "avatar", "icon", "thumb", "thumbnail", "banner"),
            *("video", "audio", "company", "author", "user", "api", "download", "feed", "rss", "map", "member"),
            *("privacy", "terms", "parent", "tracking", "embed", "organization", "employer", "calendar", "ical"),
        )
    ),
    "key": frozenset(
        (
            *("company", "user", "author", "category", "type", "parent", "location", "department", "organization"),
            *("city", "country", "zip", "postal", "phone", "version", "row", "status", "client", "owner", "color"),
            *("currency", "language", "employer", "publisher", "event"),
        )
    ),
    "published_at": frozenset(
        (
            *("updated", "update", "modified", "changed", "end", "ends", "close", "closes", "closing", "expire"),
            *("expires", "expiry", "expiration", "deadline", "valid", "through", "until", "archived", "deleted"),
            *("birth", "last", "utc", "due", "available", "availability", "ready", "deadlines"),
        )
    ),
    "updated_at": frozenset(("row", "version")),
    "organization": frozenset(("id", "url", "link", "logo", "size", "type", "description", "image", "count")),
    "location": frozenset(("id", "type", "url", "count", "code", "remote", "latitude", "longitude", "lat", "lng")),
    "text": frozenset(
        (
            *("id", "url", "count", "length", "type", "meta", "format", "language", "alt", "css"),
            *("organization", "company", "companies", "employer", "author", "logo", "license", "privacy", "location"),
        )
    ),
}
"""Words beside the naming one that mean something else: the company's link is not the item's."""

OF_SOMETHING_ELSE = frozenset(
    (
        *("author", "user", "category", "categories", "department", "team", "tag", "tags", "type", "status", "owner"),
        *("country", "state", "region", "language", "currency", "group", "license", "parent", "manager", "contact"),
        *("file", "image", "photo", "logo", "seniority", "level", "industry", "function", "domain", "profile"),
        *("first", "last", "middle", "maintainer", "creator", "editor", "sender", "recruiter", "source", "body"),
        *("street", "district", "county", "province", "timezone", "zone", "color", "plan", "brand", "vendor"),
    )
)
"""Whose name is not the item's title."""

ATTRIBUTES = frozenset(
    (
        *("price", "rent", "salary", "cost", "amount", "beds", "bedrooms", "baths", "bathrooms", "sqft", "rooms"),
        *("category", "department", "team", "type", "status", "remote", "workplace", "contract", "level", "available"),
        *("deadline", "budget", "committee", "miete", "preis", "prix", "precio", "zimmer"),
    )
)
"""What is worth an attribute."""

HOLDS_ITEMS = frozenset(
    (
        *("jobs", "items", "results", "data", "posts", "entries", "articles", "events", "listings", "units", "rows"),
        *("records", "offers", "postings", "positions", "openings", "vacancies", "products", "documents", "hits"),
        *("list", "nodes", "edges", "content", "topics", "stories", "news", "meetings", "properties", "opportunities"),
        *("requisitions", "requisition", "announcements", "releases", "value", "objects", "children", "features"),
    )
)
"""What the list of an answer's items is called."""

HOLDS_OTHERS = frozenset(
    (
        *("related", "similar", "recommended", "recommendations", "suggestions", "facets", "facet", "filters"),
        *("filter", "aggregations", "breadcrumbs", "breadcrumb", "menu", "navigation", "nav", "ads", "sponsored"),
        *("categories", "tags", "departments", "locations", "offices", "languages", "countries", "options", "users"),
        *("images", "columns", "fields", "metadata", "links", "skills", "authors", "attachments", "resources"),
        *("groups", "types", "buckets", "values", "schema", "warnings", "errors", "members", "extras", "media"),
        *("favorites", "viewed", "promoted", "featured", "popular", "trending", "footer", "header", "social"),
    )
)
"""What lists of something else beside it are called: known to be taken for the items by careless readers."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|[0-9]+")

_LESS = frozenset(("apply", "application", "external", "short", "old", "original"))
"""Words beside the naming one that say: something like it."""

_LONGEST = 80

_NEUTRAL = frozenset(
    (
        *("rendered", "value", "plain", "raw", "en", "at", "on", "the", "of", "display", "full", "de", "localized"),
        *("string", "formatted", "html", "iso", "normalized", "primary", "main", "hosted", "current"),
    )
)


def words_of(name: str) -> tuple[str, ...]:
    """Take a key or a heading apart: `companyName`, `company_name` and "Company name" alike."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return tuple(word.lower() for word in _WORD.findall(plain[:_LONGEST]))


def speaks_against(words: Iterable[str], target: str) -> bool:
    """Tell whether words name something that a field is not."""
    return not AGAINST[target].isdisjoint(words)


def naming(words: Iterable[str], target: str) -> float:
    """Tell how surely words name a field: 0 to 1."""
    words = tuple(words)
    telling = [word for word in words if word not in _NEUTRAL] or list(words)
    if not telling or speaks_against(telling, target):
        return 0.0
    named, known = telling[-1], NAMES[target]
    joined = "".join(telling)
    if joined in known:
        return known[joined]
    if target == "title" and len(telling) > 1 and (telling[-2] in OF_SOMETHING_ELSE or _names_another(telling[-2])):
        return 0.0
    if named in {"name", "title", "label"} and len(telling) > 1 and target in {"organization", "location"}:
        return known.get(telling[-2], 0.0)
    if target in {"published_at", "updated_at"}:
        return max((known.get(word, 0.0) for word in telling), default=0.0) * (0.9 if len(telling) > 1 else 1.0)
    return known.get(named, 0.0) * (0.9 if len(telling) > 1 else 1.0) * (0.6 if _LESS & set(telling) else 1.0)


def _names_another(word: str) -> bool:
    return any(word in NAMES[target] for target in ("organization", "location"))
