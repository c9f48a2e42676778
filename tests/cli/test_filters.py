"""match, forms, group, poll: what goes in, what comes out, what happens to a line that is not valid."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def test_match_gives_spans_of_the_given_text(placewire: Command, watchlist: Path) -> None:
    text = "😀 Бои под Суджей и в Черкасском Поречном"
    ended = placewire(
        "match", "--watchlist", watchlist, given=lines({"id": "a", "text": text}, {"id": "b", "text": ""})
    )
    assert ended.status == 0
    assert [(hit["id"], hit["watch"], hit["text"]) for hit in ended.lines] == [
        ("a", "sudzha", "Суджей"),
        ("a", "porechnoye", "Черкасском Поречном"),
    ]
    for hit in ended.lines:
        assert text[hit["start"] : hit["end"]] == hit["text"]
        assert 0 <= hit["confidence"] <= 1
        assert hit["why"]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"id": "x"}', "no 'text'"),
        (b'{"id": "x", "text": "\xff"}', "not JSON"),
        (b'{"id": "x", "text": "", "language": 5}', "'language'"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_through(
    placewire: Command, watchlist: Path, bad: bytes, said: str
) -> None:
    good = lines({"id": "a", "text": "Суджа"}).encode()
    ended = placewire("match", "--watchlist", watchlist, given=good + bad + b"\n" + good)
    assert ended.status == 1
    assert "line 2: " in ended.err
    assert said in ended.err
    assert len(ended.lines) == 2


def test_output_is_always_valid_utf8(placewire: Command, watchlist: Path) -> None:
    ended = placewire("match", "--watchlist", watchlist, given='{"id": "\\ud800", "text": "Суджа \\udfff"}\n')
    assert ended.status == 0
    assert ended.lines[0]["text"] == "Суджа"


def test_forms_are_whole_names_with_their_origin(placewire: Command) -> None:
    ended = placewire("forms", "Черкасское Поречное", "Суджа", "--language", "ru")
    first, second = ended.lines
    assert first["name"] == "Черкасское Поречное"
    agrees = {form["form"]: form["agrees"] for form in first["forms"]}
    assert agrees["Черкасского Поречного"] is agrees["Черкасским Поречным"] is True
    assert agrees["Черкасского Поречным"] is False
    assert {form["origin"] for form in second["forms"]} >= {"base", "transliteration"}
    assert {form["script"] for form in second["forms"]} >= {"cyrillic", "latin"}


def test_forms_may_be_those_whose_words_agree_alone(placewire: Command) -> None:
    ended = placewire("forms", "Новий Буг", "--language", "uk", "--agreeing")
    (said,) = ended.lines
    assert "Нового Бугу" in {form["form"] for form in said["forms"]}
    assert {form["agrees"] for form in said["forms"]} == {True}


def test_forms_are_a_list_for_people_on_a_terminal(placewire: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    shown = placewire("forms", "Новий Буг", "Суми").out
    lines = shown.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == ["Новий Буг", "Суми"]
    assert lines[1] == "  base: Новий Буг"
    assert "Нового Бугу" in shown.partition("words that do not agree")[0]
    assert "Нового Буг," in shown.partition("words that do not agree")[2]
    assert max(map(len, lines)) <= 80
    as_json = placewire("forms", "Новий Буг", "--json")
    assert [line["name"] for line in as_json.lines] == ["Новий Буг"]


def test_forms_of_a_language_that_is_not_declined_is_wrong_usage(placewire: Command) -> None:
    ended = placewire("forms", "Суджа", "--language", "de")
    assert ended.status == 2
    assert "ru, uk or en" in ended.err


def test_group_answers_each_line_with_the_given_ids(placewire: Command) -> None:
    text = "Тяжёлые бои идут у Бердина к северо-востоку от Суджи, сообщают местные жители."
    ended = placewire(
        "group",
        given=lines(
            {"id": "a", "text": text, "source": "one", "published": "2025-01-06T09:00:00Z"},
            {"id": "b", "text": text, "source": "two", "published": "2025-01-06T09:05:00Z"},
            {"id": "c", "text": "Погода: снег.", "source": "two", "published": "2025-01-06T09:06:00Z"},
        ),
    )
    assert ended.status == 0
    assert [(line["id"], line["story"], line["relation"]) for line in ended.lines] == [
        ("a", "a", "first"),
        ("b", "a", "copy"),
        ("c", "c", "first"),
    ]


def test_group_names_a_line_whose_time_is_none(placewire: Command) -> None:
    ended = placewire("group", given=lines({"id": "a", "text": "x", "published": "gestern"}, {"id": "b", "text": "y"}))
    assert ended.status == 1
    assert "line 1" in ended.err
    assert [line["id"] for line in ended.lines] == ["b"]


def test_group_names_a_line_whose_origin_is_no_text(placewire: Command) -> None:
    ended = placewire("group", given=lines({"id": "a", "text": "x", "forwarded_from": 5}, {"id": "b", "text": "y"}))
    assert ended.status == 1
    assert "line 1: has a 'forwarded_from' that is no string" in ended.err
    assert [line["id"] for line in ended.lines] == ["b"]


@pytest.mark.parametrize("target", ["t.me/+AbCdEf123", "https://t.me/joinchat/AAAA", "t.me/c/12345/6", "nonsense"])
def test_poll_refuses_what_is_not_public(placewire: Command, tmp_path: Path, target: str) -> None:
    ended = placewire("--config", tmp_path / "none", "poll", target)
    assert ended.status == 1
    assert ended.err.startswith(f"{target}: refused: ")
    assert not ended.out
