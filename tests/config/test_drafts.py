"""Entries that no config has yet, read as a config's own."""

from pathlib import Path

import pytest

from scan.config.drafts import Drafts, values_of
from scan.errors import ConfigError
from scan.sources.html import Html
from scan.sources.lever import Lever
from scan.sources.personio import Personio
from scan.sources.usajobs import UsaJobs


def drafts(folder: Path, **environ: str) -> Drafts:
    return Drafts(folder / "scan.yaml", environ)


def test_an_entry_is_read_with_its_defaults_placeholders_and_folder(tmp_path: Path) -> None:
    values = {"name": "a", "kind": "html", "url": "file:page.html", "items": "li", "fields": {"title": "${env:CSS}"}}
    draft = drafts(tmp_path, CSS="td.title").read(values)
    assert isinstance(draft.entry.source, Html)
    assert draft.entry.source.url == f"file://{tmp_path}/page.html"
    assert draft.entry.source.fields == {"title": "td.title"}
    assert (draft.values, draft.secrets) == (values, frozenset({"td.title"}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"name": "a", "kind": "html", "url": "https://x.example/", "items": "li[", "fields": {}},
            "not a CSS selector",
        ),
        ({"name": "a b", "kind": "feed", "url": "https://x.example/"}, "is no name"),
        ({"name": "a", "kind": "feed", "url": "gopher://x"}, "http:, https: or file:"),
        ({"name": "a", "kind": "feed", "url": "https://x.example/${env:NOT_SET}"}, "NOT_SET"),
    ],
)
def test_what_is_no_entry_is_refused(tmp_path: Path, values: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match="entry:") as caught:
        drafts(tmp_path).read(values)
    assert said in str(caught.value)


def test_a_source_is_written_with_what_its_defaults_don_t_say() -> None:
    assert values_of(Lever(site="acme")) == {"site": "acme"}
    assert values_of(Lever(site="acme", eu=True)) == {"site": "acme", "eu": True}
    assert values_of(Personio(account="acme", domain="com", organization="Acme")) == {
        "account": "acme",
        "domain": "com",
        "organization": "Acme",
    }
    key = "${credential:usajobs}"
    assert values_of(UsaJobs(email="a@example.org", key=key)) == {"email": "a@example.org", "key": key}  # type: ignore[arg-type]
