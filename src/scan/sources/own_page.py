"""Reading the page of a single item, as `follow:` says."""

from collections.abc import Mapping

from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page
from scan.sources.document import base_of, document
from scan.sources.fields import item_of, zoned
from scan.sources.paths import EVALUATION
from scan.sources.picks import Pick, picked_on, short
from scan.sources.rows import load
from scan.sources.schema_org import item_of as described
from scan.sources.structured import scripts, things
from scan.sources.taking import Take, item_in

_TYPES = ("JobPosting", "Event", "Product", "Article", "BlogPosting")
_NOTHING = RawItem()


def read(
    page: Page, *, html: Mapping[str, str | Pick] | None, json: Mapping[str, str | Take] | None, zone: str | None
) -> RawItem:
    """Read what is wanted of a page: of its HTML or JSON, else what it says of itself in schema.org's words.

    Raises:
        ParseError: nothing of it is there.

    """
    if json is not None:
        item = _in_json(page, json, zone)
    elif html is not None:
        item = _in_html(page, html, zone)
    else:
        values, _ = scripts(page, document(page))
        item = next((described(node, zone=zone) for node in things(values, _TYPES)), _NOTHING)
    if item == _NOTHING:
        raise ParseError(page.url, "a page with anything of what follow: reads", page.body[:400])
    return item


def _in_html(page: Page, fields: Mapping[str, str | Pick], zone: str | None) -> RawItem:
    tree = document(page)
    base = base_of(tree, page.url) or page.url
    if tree.root is None:
        return _NOTHING
    values = {target: picked_on(short(pick), tree.root, target, base) for target, pick in fields.items()}
    return item_of({target: zoned(value, target, zone) for target, value in values.items()})


def _in_json(page: Page, fields: Mapping[str, str | Take], zone: str | None) -> RawItem:
    try:
        return item_in(load(page), fields, zone)
    except EVALUATION as error:
        raise ParseError(page.url, f"what follow: reads ({error})", page.body[:400]) from error
