"""Everything that reads foreign bytes, fed with bytes that nobody would write (see `fuzz/`)."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from types import CodeType, FrameType, FunctionType, ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scan
from fuzz.corpus import seeds
from fuzz.surfaces import SURFACES, Surface, pages
from scan.page import Page
from scan.sources import KINDS

pytestmark = pytest.mark.long

each_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
some = settings(max_examples=settings().max_examples // 4, suppress_health_check=list(HealthCheck))

LONGEST = 2_000


@st.composite
def spoilt(draw: st.DrawFn, whole: bytes) -> bytes:
    """Cut a good input, put noise in, or double a part of it."""
    start, end = sorted((draw(st.integers(0, len(whole))), draw(st.integers(0, len(whole)))))
    noise = draw(st.binary(max_size=6))
    return draw(
        st.sampled_from(
            [
                whole[:end],
                whole[:start] + noise + whole[end:],
                whole[:start] + noise + whole[start:],
                whole[:end] + whole[start:end] * 3 + whole[end:],
            ]
        )
    )


@each_surface
@some
@given(data=st.data())
def test_what_must_hold_holds_whatever_is_read(surface: Surface, data: st.DataObject) -> None:
    short = [seed for seed in seeds(surface, recorded=False) if len(seed) <= LONGEST]
    surface.check(data.draw(st.sampled_from(short).flatmap(spoilt) | st.binary(max_size=100)))


ROOMS = (
    *("normalize", "sources", "guess", "lists.table", "fetch", "page", "match.fold", "match.mark", "match.excerpt"),
    *("config.scalars", "config.units", "config.document", "config.insertion", "channels.clean", "channels.mailbox"),
)
"""Where foreign texts are read, and users' own that somebody may have given them."""

NOT_REACHED = {
    "scan.fetch.remembered.forgetful": "knows nothing, whatever it is asked",
    "scan.sources.fields.zone_problem": "a zone's name, which scan.config.scalars.zone reads likewise",
}
"""Why no surface has to call them."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(scan.__path__, "scan."):
        name = found.name.removeprefix("scan.")
        if any(name == room or name.startswith(f"{room}.") for room in ROOMS):
            yield importlib.import_module(found.name)


def readers() -> dict[CodeType, str]:
    """Find every public function that begins with a text, bytes or a page, by its code."""
    found: dict[CodeType, str] = {}
    for module in modules():
        for name, function in vars(module).items():
            if not isinstance(function, FunctionType) or function.__module__ != module.__name__ or name[0] == "_":
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and first.annotation in {str, bytes, str | None, Page}:
                found[function.__code__] = f"{module.__name__}.{name}"
    return found


READERS = readers()


@cache
def reached(name: str) -> frozenset[str]:
    """Read a surface's good inputs; gives the readers that were called."""
    seen: set[str] = set()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in READERS:
            seen.add(READERS[frame.f_code])

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        for seed in seeds(SURFACES[name], recorded=False):
            SURFACES[name].check(seed)
    finally:
        sys.setprofile(before)
    return frozenset(seen)


@pytest.mark.parametrize("name", SURFACES)
def test_good_inputs_are_read(name: str) -> None:
    reached(name)  # a surface asserts for itself


def test_no_reader_of_foreign_texts_is_forgotten() -> None:
    called = {reader for name in SURFACES for reader in reached(name)}
    assert set(READERS.values()) - called == NOT_REACHED.keys()


def test_every_kind_of_source_is_read_by_a_surface() -> None:
    of_their_own = {*pages.IN_XML, *pages.IN_HTML, *pages.ALONE}
    assert {*pages.IN_JSON, *of_their_own} == set(KINDS)
    assert not of_their_own & set(pages.IN_JSON)
