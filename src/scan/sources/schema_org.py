"""What schema.org's postings, events, products and articles say, as items.

Source: https://schema.org/JobPosting, /Event, /Product, /Article; https://developers.google.com/search/docs/appearance/
structured-data/job-posting for what job pages fill in; and recorded pages, where about any type stands in any field.
"""

import html
import math
import re
from collections.abc import Mapping
from typing import Any

from scan.model import RawItem, RawTime
from scan.sources.jobs import headed, interval, place, salary, whole
from scan.sources.rows import present
from scan.sources.structured import Node, types_of

_NOTHING = frozenset({"", "unavailable", "n/a", "null", "undefined"})
"""Words that systems fill empty fields with."""

_TAG, _ESCAPED_TAG = re.compile(r"<[a-zA-Z/!]"), re.compile(r"&lt;[a-zA-Z/!]")


def item_of(node: Node, *, base: str = "", zone: str | None = None) -> RawItem:
    """Read one thing; what is of an odd type is read as far as it goes.

    Args:
        node: as `structured.things` finds it.
        base: what its address is relative to; empty for the page.
        zone: the IANA zone of its times without one.

    """
    return RawItem(
        key=_identifier(node.get("identifier")),
        title=_text(node.get("title")) or _text(node.get("name")) or _text(node.get("headline")),
        url=_address(node),
        base=base,
        organization=_first_name(node, "hiringOrganization", "organizer", "brand", "publisher"),
        location=_locations(node),
        text=_description(node),
        published_at=_time(node, zone, "datePosted", "datePublished"),
        updated_at=_time(node, zone, "dateModified"),
        attributes=present(_attributes(node)),
    )


def _identifier(value: object) -> str | None:
    """Give an id that is a text, a number or a `PropertyValue`."""
    return _text(value["value"]) if isinstance(value, Mapping) and "value" in value else _text(value)


def _address(node: Node) -> str | None:
    of = node.get("mainEntityOfPage")
    candidates = (node.get("url"), of.get("@id") if isinstance(of, Mapping) else of, node.get("@id"))
    texts = [_text(one) for one in candidates]
    if texts[0]:
        return texts[0]
    return next((one for one in texts if one and one.startswith(("http://", "https://"))), None)


def _time(node: Node, zone: str | None, *names: str) -> str | RawTime | None:
    text = next((text for name in names if (text := _text(node.get(name)))), None)
    return RawTime(value=text, zone=zone) if text and zone else text


def _description(node: Node) -> str | None:
    """Put the description together of its parts, where a page doesn't say all in the first."""
    whole = _markup(node.get("description")) or _markup(node.get("articleBody"))
    parts = [(name.capitalize(), _markup(node.get(name))) for name in ("responsibilities", "qualifications", "skills")]
    return headed([(None, whole), *((name, part) for name, part in parts if part and part not in (whole or ""))])


def _markup(value: object) -> str | None:
    """Give a text in HTML, once escaped where the page has escaped its tags, too."""
    text = _text(value)
    return html.unescape(text) if text and _ESCAPED_TAG.search(text) and not _TAG.search(text) else text


def _attributes(node: Node) -> dict[str, object]:
    remote = _text(node.get("jobLocationType")) == "TELECOMMUTE"
    return {
        "type": next(iter(types_of(node)), None),
        "employment_type": _texts(node.get("employmentType")),
        "department": _text(node.get("occupationalCategory")) or _text(node.get("industry")),
        "valid_through": _text(node.get("validThrough")),
        "workplace": "remote" if remote else None,
        "remote": True if remote else None,
        "starts_at": _text(node.get("startDate")),
        "ends_at": _text(node.get("endDate")),
        "event_status": _status(node.get("eventStatus")),
        "author": _names(node.get("author")),
        "section": _texts(node.get("articleSection")),
        "keywords": _texts(node.get("keywords")),
        "sku": _text(node.get("sku")),
    } | (_salary(node.get("baseSalary")) | _offer(node.get("offers")))


def _salary(pay: object) -> dict[str, object]:
    """Read a `MonetaryAmount`, whose unit stands on either level."""
    if not isinstance(pay, Mapping):
        return {}
    value = pay.get("value")
    amount: Node = value if isinstance(value, Mapping) else {"value": value}
    least, most = amount.get("minValue", amount.get("value")), amount.get("maxValue", amount.get("value"))
    unit = _text(amount.get("unitText")) or _text(pay.get("unitText"))
    return salary(least, most, _text(pay.get("currency")), interval(unit))


def _offer(offers: object) -> dict[str, object]:
    """Read the first offer, or the range of an `AggregateOffer`."""
    offer = offers[0] if isinstance(offers, list) and offers else offers
    if not isinstance(offer, Mapping):
        return {}
    price = offer.get("price", offer.get("lowPrice"))
    found = salary(price, price, None).get("salary_min")
    return {
        "price": found if found is not None else _text(price),
        "currency": _text(offer.get("priceCurrency")),
        "availability": _status(offer.get("availability")),
    }


def _status(value: object) -> str | None:
    """Give `InStock` for `https://schema.org/InStock`."""
    text = _text(value)
    return text.rstrip("/").rpartition("/")[2] if text else None


def _locations(node: Node) -> str | tuple[str, ...] | None:
    """Give all places; of several with one address, what each is called."""
    places = _list(node.get("jobLocation")) or _list(node.get("location"))
    written = [_place(one) for one in places]
    if len(places) > 1 and len(set(written)) == 1:
        written = [_name(one) or address for one, address in zip(places, written, strict=True)]
    if not any(written):
        written = [_name(one) for one in _list(node.get("applicantLocationRequirements"))]
    return tuple(one for one in written if one) or None


def _place(value: object) -> str | None:
    if not isinstance(value, Mapping):
        return _text(value)
    address = value.get("address", value)
    if not isinstance(address, Mapping):
        return _text(address) or _name(value)
    parts = (address.get(name) for name in ("addressLocality", "addressRegion", "addressCountry"))
    return place(*(_name(part) for part in parts)) or _name(value)


def _first_name(node: Node, *names: str) -> str | None:
    return next((found for name in names if (found := _names(node.get(name)))), None)


def _names(value: object) -> str | None:
    """Join what people or organizations are called."""
    return ", ".join(dict.fromkeys(name for one in _list(value) if (name := _name(one)))) or None


def _name(value: object) -> str | None:
    """Say what a thing is called that is a text, or has a name, or several."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list):
        value = value[0] if value else None
    return _text(value)


def _texts(value: object) -> str | list[str] | None:
    texts = [text for one in _list(value) if (text := _text(one))]
    return texts[0] if len(texts) == 1 else texts


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object) -> str | None:
    """Give a text, or a number as one; None for anything else, and for a word that stands for nothing."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(whole(value)) if math.isfinite(value) else None
    return value if isinstance(value, str) and value.strip().lower() not in _NOTHING else None
