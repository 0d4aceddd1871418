"""Wrong configs, and the exact lines they are answered with."""

from pathlib import Path

import pytest

from tests.config.configs import source, told

DURATION = "write 90s, 15m, 2h, 1d, 1h30m or PT15M"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every: 15 parsecs", f"1:8: every: '15 parsecs' is not a duration; {DURATION}"),
        ("every: 90", f"1:8: every: '90' is not a duration; {DURATION}"),
        ("every: 30s", "1:8: every: '30s' is out of range; 1m to 31d would be right"),
        ("every: 32d", "1:8: every: '32d' is out of range; 1m to 31d would be right"),
        ("every: [1m]", f"1:8: every: a list where a duration is wanted; {DURATION}"),
        ("every: P999999999W", f"1:8: every: 'P999999999W' is not a duration; {DURATION}"),
        ("evry: 15m", "1:1: evry: unknown key 'evry'; did you mean 'every'?"),
        ("http: {retries: -1}", "1:17: http.retries: '-1' is out of range; 0 to 10 would be right"),
        ("http: {retries: two}", "1:17: http.retries: 'two' is not a whole number; write digits, such as 5"),
        ("http: {retries: 1.5}", "1:17: http.retries: '1.5' is not a whole number; write digits, such as 5"),
        ("http: {max_body: 20}", "1:18: http.max_body: '20' is not a size; write 500KB or 20MB"),
        ("http: {allow_private: yes}", "1:23: http.allow_private: 'yes' is not a boolean; write true or false"),
        ("http: 32", "1:7: http: a text where this section is wanted; write {key: value}"),
        ("timezone: Chicago", "1:11: timezone: 'Chicago' is no such time zone; did you mean 'America/Chicago'?"),
        (
            "timezone: Europe/Belrin",
            "1:11: timezone: 'Europe/Belrin' is no such time zone; did you mean 'Europe/Berlin'?",
        ),
        ("timezone: Qqqq", "1:11: timezone: 'Qqqq' is no such time zone; write one such as Europe/Berlin"),
        (
            "timezone: ../../etc/passwd",
            "1:11: timezone: '../../etc/passwd' is no such time zone; write one such as Europe/Berlin",
        ),
        ("calendar: 02:00", "1:11: calendar: not local times and their zone; write 02:00 America/Chicago"),
        ("calendar: 25:00 UTC", "1:11: calendar: not local times and their zone; write 02:00 America/Chicago"),
        ("calendar: 02:00 Chicago", "1:11: calendar: no such time zone; did you mean 'America/Chicago'?"),
        ("calendar: []", "1:11: calendar: no times; write 02:00 America/Chicago"),
        (
            "calendar: [02:00 UTC, 03:00 Europe/Berlin]",
            "1:11: calendar: times in different zones; one zone would be right",
        ),
        ("every: 1h\ncalendar: 02:00 UTC", "2:11: calendar: excludes every; keep one of them"),
        (
            "logging: {file: ~/x}",
            "1:17: logging.file: '~/x' is not expanded here; write the whole path, or ${env:HOME}/…",
        ),
        (
            "logging: {level: inf}",
            "1:18: logging.level: 'inf' is not one of debug, info, warning, error; did you mean 'info'?",
        ),
        ("every: 1h\nhttp: {}\nevery: 2h", "3:1: every: given twice, first in line 1; keep one"),
        ("? [a]\n: b", "1:3: ?: a key that is no text; write KEY: value"),
        ("sources: {}", "1:10: sources: a mapping where a list is wanted; write [a, b]"),
        ("sources: [x]", "1:11: sources[0]: a text where a source is wanted; write {key: value}"),
        ("- a", "1:1: a list where a config is wanted; write {key: value}"),
        ("password:hunter2", "1:1: a text where a config is wanted; write {key: value}"),
        (
            "http: {user_agent: schön}",
            "1:20: http.user_agent: has characters that no header may hold; write it in plain letters (ASCII)",
        ),
        ("executor: {kind: procrastinate}", "1:1: executor: not yet supported; leave it out"),
        (
            "\x1b[31m: x",
            "1:1: not valid YAML: control characters are not allowed; only printable characters would be right",
        ),
        ('"a\\u202eb": x', None),
    ],
)
def test_a_problem_is_told_with_its_place_and_its_cure(tmp_path: Path, text: str, expected: str | None) -> None:
    (line,) = told(tmp_path, text)

    if expected is not None:
        assert line == expected
    assert line.isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bord: x", "5:5: sources[0].bord: unknown key 'bord'; did you mean 'board'?"),
        ("every: 10s", "5:12: sources[0].every: '10s' is out of range; 1m to 31d would be right"),
        ("ratio: 1.5", "5:12: sources[0].ratio: '1.5' is out of range; 0 to 1 would be right"),
        ("ratio: .nan", "5:12: sources[0].ratio: '.nan' is not a number; write one such as 0.5"),
        ("tags: {a: b}", "5:11: sources[0].tags: a mapping where a list is wanted; write [a, b]"),
        ("tags: [a, [b]]", "5:15: sources[0].tags[1]: a list where a text is wanted; quote it if it is one"),
        ("tags: [a, null]", "5:15: sources[0].tags[1]: nothing where a text is wanted; quote it if it is one"),
        ("headers: {1: x}", "5:15: sources[0].headers.1: a key that is no text; quote it if it is one"),
        ("headers: {A: x, A: y}", "5:21: sources[0].headers.A: given twice, first in line 5; keep one"),
        ("headers: x", "5:14: sources[0].headers: a text where a mapping is wanted; write {key: value}"),
        (
            "expect: {min_items: -1}",
            "5:25: sources[0].expect.min_items: '-1' is out of range; at least 0 would be right",
        ),
        (
            "url: ftp://x",
            "5:10: sources[0].url: 'ftp://x' is an address of another scheme; http:, https: or file: would be right",
        ),
        ("url: x.html", "5:10: sources[0].url: 'x.html' is an address without its scheme; write https://… or file:…"),
        (
            "url: https:///x",
            "5:10: sources[0].url: 'https:///x' is no address; write https://HOST/PATH, without spaces",
        ),
        (
            "first_run: digets",
            "5:16: sources[0].first_run: 'digets' is not one of digest, baseline; did you mean 'digest'?",
        ),
    ],
)
def test_a_problem_in_a_source_is_told(tmp_path: Path, text: str, expected: str) -> None:
    assert told(tmp_path, source(text)) == [expected]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{name: a, board: x}", ["1:11: sources[0].kind: missing; a source needs it"]),
        ("{kind: board, board: x}", ["1:11: sources[0].name: missing; a source of kind board needs it"]),
        ("{name: a, kind: board}", ["1:11: sources[0].board: missing; a source of kind board needs it"]),
        ("{name: a, kind: board, board: null}", ["1:11: sources[0].board: missing; a source of kind board needs it"]),
        ("{name: a, kind: bord}", ["1:27: sources[0].kind: 'bord' is no kind; did you mean 'board'?"]),
        ("{name: a, kind: 7, x: y}", ["1:27: sources[0].kind: '7' is no kind; board, table would be right"]),
        (
            "{name: a, kind: [board]}",
            ["1:27: sources[0].kind: a list where a kind is wanted; write one of board, table"],
        ),
        (
            "{name: a b, kind: board, board: x}",
            ["1:18: sources[0].name: 'a b' is no name; write letters, digits, - _ ."],
        ),
        ("{name: '', kind: board, board: x}", ["1:18: sources[0].name: '' is no name; write letters, digits, - _ ."]),
        (
            "{name: a, kind: bord, every: 1s}",
            [
                "1:27: sources[0].kind: 'bord' is no kind; did you mean 'board'?",
                "1:40: sources[0].every: '1s' is out of range; 1m to 31d would be right",
            ],
        ),
    ],
)
def test_a_source_needs_its_name_its_kind_and_the_keys_of_that(tmp_path: Path, entry: str, expected: list[str]) -> None:
    assert told(tmp_path, f"sources: [{entry}]") == expected


def test_what_an_adapter_finds_wrong_is_told_where_it_stands(tmp_path: Path) -> None:
    text = """
sources:
  - name: a
    kind: table
    url: https://example.org
    fields:
      title: "("
      when: {select: x, date: "%"}
      none: {selct: x}
"""

    assert told(tmp_path, text.replace("      none: {selct: x}\n", "")) == [
        "7:14: sources[0].fields.title: not a selector; close the bracket",
        "8:31: sources[0].fields.when.date: not a format; write %Y",
    ]
    assert told(tmp_path, text) == [
        "9:13: sources[0].fields.none.select: missing; this section needs it",
        "9:14: sources[0].fields.none.selct: unknown key 'selct'; did you mean 'select'?",
    ]


def test_what_is_wrong_with_a_search_is_told_where_it_stands(tmp_path: Path) -> None:
    text = (
        'searches:\n  - name: s\n    any: ["re:("]\n    title:\n      none: [x, "re:["]\n    onn: new\n    on: newer\n'
    )
    lines = told(tmp_path, text)

    assert [line.split(": ")[:2] for line in lines] == [
        ["3:11", "searches[0].any[0]"],
        ["5:17", "searches[0].title.none[1]"],
        ["6:5", "searches[0].onn"],
        ["7:9", "searches[0].on"],
    ]


def test_a_channel_s_keys_are_checked(tmp_path: Path) -> None:
    text = """
channels:
  - {name: a, kind: mail, to: x, timeout: 0s}
  - {name: a, kind: mail, to: x, template: none.j2}
  - {name: b, kind: apprise, url: x}
  - {name: c, kind: mail, to: {}, quiet_hours: null, template: null}
  - {name: d, kind: mail, to: x, quiet_hours: "22:00"}
  - {name: e, kind: mail, to: x, quiet_hours: "7:00-07:00"}
"""

    assert told(tmp_path, text) == [
        "3:43: channels[0].timeout: too short; 1s is right",
        "4:12: channels[1].name: the name 'a' is given twice, first in line 3; write another",
        (
            "4:44: channels[1].template: 'none.j2' is not readable (No such file or directory); "
            "the path of a text file would be right"
        ),
        "5:21: channels[2].kind: 'apprise' is no kind; mail would be right",
        "6:31: channels[3].to: a mapping where a text is wanted; quote it if it is one",
        "7:47: channels[4].quiet_hours: '22:00' is not a part of the day; write 22:00-07:00",
        "8:47: channels[5].quiet_hours: '7:00-07:00' is no time at all; two different times would be right",
    ]


def test_names_are_found_or_guessed(tmp_path: Path) -> None:
    text = """
sources:
  - {name: acme, kind: board, board: x, tags: [jobs]}
  - {name: acme, kind: board, board: y}
  - {name: broken, kind: board, board: y, every: 1s}
searches:
  - {name: s, sources: [acm, "tag:job", broken, "tag:jobs", zzz], notify: tem}
  - {name: s, notify: qqq}
channels:
  - {name: team, kind: mail, to: x}
"""

    assert told(tmp_path, text) == [
        "4:12: sources[1].name: the name 'acme' is given twice, first in line 3; write another",
        "5:50: sources[2].every: '1s' is out of range; 1m to 31d would be right",
        "7:25: searches[0].sources[0]: no source is called 'acm'; did you mean 'acme'?",
        "7:30: searches[0].sources[1]: no tag is called 'tag:job'; did you mean 'tag:jobs'?",
        "7:61: searches[0].sources[4]: no source is called 'zzz'; there are acme, broken, tag:jobs",
        "7:75: searches[0].notify: no channel is called 'tem'; did you mean 'team'?",
        "8:12: searches[1].name: the name 's' is given twice, first in line 7; write another",
        "8:23: searches[1].notify: no channel is called 'qqq'; there are team",
    ]


def test_a_key_that_is_given_twice_is_told_even_where_nothing_stands_first(tmp_path: Path) -> None:
    assert told(tmp_path, "sources: [{name: a, kind: , kind: feed, url: 'https://e.org/'}]") == [
        "1:11: sources[0].kind: missing; a source needs it",
        "1:29: sources[0].kind: given twice, first in line 1; keep one",
    ]


def test_a_channel_named_where_none_is_configured(tmp_path: Path) -> None:
    expected = "1:31: searches[0].notify[0]: no channel is called 'me'; there is no channel at all"

    assert told(tmp_path, "searches: [{name: s, notify: [me]}]")[-1] == expected


def test_a_channel_named_for_alerts_is_one_that_is_configured(tmp_path: Path) -> None:
    channels = "channels: [{name: team, kind: mail, to: x}]\n"

    assert told(tmp_path, channels + "alerts: [team]") == []
    assert told(tmp_path, channels + "alerts: tem") == ["2:9: alerts: no channel is called 'tem'; did you mean 'team'?"]
    assert told(tmp_path, channels + "alerts: [team, qqq]") == [
        "2:16: alerts[1]: no channel is called 'qqq'; there are team"
    ]


def test_keys_of_the_future_may_ask_for_what_is_done_today(tmp_path: Path) -> None:
    text = "lists: {}\nreports: []\nalerts:\nexecutor: {kind: local}\nhttp: {robots: ignore}\n"

    assert told(tmp_path, text + "channels: [{name: a, kind: mail, to: x, template: null}]") == []
