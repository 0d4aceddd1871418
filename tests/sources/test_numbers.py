import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.sources.numbers import currency_in, largest_in, number_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1200", 1200),
        ("$1,200", 1200),
        ("$ 1,234.50", 1234.5),
        ("1.234,50 EUR", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234\u202f567", 1_234_567),
        ("CHF 12'500.-", 12_500),
        ("1.200", 1200),
        ("0.125", 0.125),
        ("1234.567", 1234.567),
        ("1.5", 1.5),
        ("1,234,567", 1_234_567),
        ("from 90k", 90_000),
        ("$95.5K - $120K", 95_500),
        ("10 kg", 10),
        ("10-20", 10),
        ("-5", -5),
        ("\u2212 5", -5),
        ("2 beds", 2),
        ("2 350 m", 2350),
        ("2 3500", 2),
        ("on request", None),
        ("", None),
        ("1" * 40, None),
        ("٣", None),
    ],
)
def test_the_first_number_is_read(text: str, expected: float | None) -> None:
    assert number_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$ 1,234.50 a month", "USD"),
        ("US$5", "USD"),
        ("CA$90k", "CAD"),
        ("1.234,50 €", "EUR"),
        ("EUR50.000", "EUR"),
        ("R$ 10", "BRL"),
        ("12 000 zł", "PLN"),
        ("CHF 12'500.-", "CHF"),
        ("5 EUROS", None),
        ("NEUR 5", None),
        ("1200", None),
        ("", None),
    ],
)
def test_the_currency_of_an_amount_is_read(text: str, expected: str | None) -> None:
    assert currency_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1 to 20 of 1,234 jobs", 1234), ("345", 345), ("no jobs", None), ("1.5", None), ("0 jobs", 0)],
)
def test_the_largest_number_is_a_total(text: str, expected: int | None) -> None:
    assert largest_in(text) == expected


def test_whole_numbers_are_whole() -> None:
    assert isinstance(number_in("1,200.00"), int)


@given(st.integers(0, 10**12))
def test_a_number_is_read_in_whatever_way_its_thousands_are_set_apart(number: int) -> None:
    for separator in (",", ".", "'", " "):
        assert number_in(f"{number:,}".replace(",", separator)) == number


@given(st.text(alphabet="0123456789.,' k-\u2212a", max_size=40))
def test_any_text_gives_a_number_or_nothing(text: str) -> None:
    found = number_in(text)
    assert found is None or isinstance(found, (int, float))
