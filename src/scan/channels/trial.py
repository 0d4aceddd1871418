"""A digest that says of itself that it is a test."""

from datetime import datetime

from scan.model import Digest, Event, Item, Notice, Reason

SEARCH = "test"


def trial(*, id_: str, profile: str, channel: str, now: datetime, zone: str) -> Digest:
    """Make a digest with one notice, which no source has and nothing keeps.

    Args:
        id_: the message's identity, another one at every test, so that no receiver takes it for a copy.
        profile: the profile's name.
        channel: the channel's name.
        now: aware.
        zone: the IANA zone of dates.

    """
    item = Item(
        source=SEARCH,
        key=id_,
        kind="item",
        title=f"This is a test of the channel {channel}",
        text="Somebody ran `scan channels test`. Nothing was found; if you can read this, the channel works.",
        published_at=now,
        content_hash=b"",
    )
    notice = Notice(
        delivery=id_,
        search=SEARCH,
        event=Event.NEW,
        item=item,
        sources=(SEARCH,),
        reasons=(Reason(rule="any", term="test", field="title", excerpt="sent by hand with scan channels test"),),
    )
    return Digest(id=id_, profile=profile, created_at=now, notices=(notice,), zone=zone)
