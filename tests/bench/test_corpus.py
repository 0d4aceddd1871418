import gzip
from pathlib import Path

import pytest

from bench import floors
from bench.boards import boards
from bench.cases import AGAIN, EDITED, NEW
from bench.corpus import EPOCH, Corpus, packed
from bench.feeds import feeds


def quiet(_: str) -> None:
    pass


def read(folder: Path, name: str) -> list[floors.Item]:
    """Read a file as the floors do."""
    return floors.parser(name.rpartition(".")[2])(gzip.decompress(packed(folder / name).read_bytes()))


@pytest.fixture(params=[boards, feeds])
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Corpus:
    """A corpus of either sort, written."""
    made: Corpus = request.param(tmp_path, 10, 4)
    made.write(quiet)
    return made


def test_every_source_has_its_items_each_with_a_key_of_its_own(corpus: Corpus) -> None:
    for name in corpus.names:
        items = read(corpus.folder, name)
        assert len({item.key for item in items}) == corpus.items
        assert all(item.title and item.url.startswith("https://") and "<p>" in item.text for item in items)


def test_a_page_written_again_is_another_with_the_same_items(corpus: Corpus) -> None:
    later = corpus.later(AGAIN, quiet)

    for name in corpus.names:
        assert packed(later / name).read_bytes() != packed(corpus.folder / name).read_bytes()
        assert read(later, name) == read(corpus.folder, name)


def test_one_in_so_many_items_is_edited(corpus: Corpus) -> None:
    later = corpus.later(EDITED, quiet)

    before = [item for name in corpus.names for item in read(corpus.folder, name)]
    after = [item for name in corpus.names for item in read(later, name)]
    assert [item.key for item in after] == [item.key for item in before]
    assert sum(one != other for one, other in zip(before, after, strict=True)) == corpus.changed[EDITED]


def test_a_new_item_is_the_first_of_its_feed_and_the_others_are_as_they_were(tmp_path: Path) -> None:
    corpus = feeds(tmp_path, 101, 2)
    corpus.write(quiet)

    later = corpus.later(NEW, quiet)

    grown = [name for name in corpus.names if len(read(later, name)) == 3]
    assert grown == ["0.xml", "100.xml"]
    assert read(later, "100.xml")[1:] == read(corpus.folder, "100.xml")
    times = {name: packed(later / name).stat().st_mtime for name in corpus.names}
    assert {name for name, time in times.items() if time != EPOCH} == set(grown), "so that the others get a 304"


def test_what_is_written_is_not_written_again(corpus: Corpus) -> None:
    said: list[str] = []

    corpus.write(said.append)
    corpus.later(AGAIN, said.append)
    corpus.later(AGAIN, said.append)

    assert len(said) == 1
