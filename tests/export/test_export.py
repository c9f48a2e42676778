"""Exports: what strangers wrote stays words in every format, and a file is whole or not there."""

from __future__ import annotations

import csv
import io
import json
import stat
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.errors import PlacewireError
from bot.export import Format, bundle
from bot.export.formats import COLUMNS, WRITERS, About, cell
from bot.export.output import opened
from bot.model import Place, Watch
from bot.store import Evidence, ExportRow, HitRow, Wording
from tests.review.hostile import strings

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SUDZHA = Place(id="sudzha", name="Суджа", at=(51.19, -35.27))
WATCHES: dict[str, Watch] = {"sudzha": SUDZHA, "rylsk": Place(id="rylsk", name="Рыльск")}
ATOM = "{http://www.w3.org/2005/Atom}"
LEADS = ["", " ", "\t", "\n", "\r", "=", "+", "-", "@", "'", '"', ";", ",", "\u202e", "\ufeff", "\x00", "\x1b[31m"]
PAYLOADS = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\uff1d1+1",
    "<script>alert(1)</script>",
    "]]><x/>",
    "&xxe;<!ENTITY a 'b'>",
    '" onmouseover="alert(1)',
    "--></content></entry></feed>",
    "javascript:alert(1)",
    "a\r\nb\u2028c\u2029d\x85e",
    "\ud800 lone",
    "\ufffe\uffff\x0b\x0c",
    "\u2066bidi\u2069",
    '{"a": 1}',
    "{{7*7}}${7*7}",
    "%0d%0aSet-Cookie: a=b",
    "../../etc/passwd",
    "{0.__class__}",
    "',''); DROP TABLE hit; --",
    "Суджа; =1+1",
    "\\",
    '""",""',
    "\u0301\u0301\u0301",
    "🚀" * 3,
    "0x41",
    "1e999",
    "NaN",
    "null",
]
HOSTILE = [*("".join(parts) for parts in product(LEADS, PAYLOADS)), *strings()]


def row(number: int = 1, words: str = "Бои за Суджу", **more: object) -> ExportRow:
    known = {"watch": "sudzha", "meant": None, "candidates": (), "post": f"{words}/{number}"} | more
    hit = HitRow(
        id=f"h{number}",
        post=str(known["post"]),
        source=words,
        url=words,
        watch=str(known["watch"]),
        start=7,
        end=12,
        text=words,
        confidence=0.9,
        why=("rule", words),
        state="live",
        story="s1",
        late=False,
        meant=known["meant"],  # type: ignore[arg-type]
    )
    return ExportRow(
        hit=hit,
        form=words,
        candidates=known["candidates"],  # type: ignore[arg-type]
        revision=1,
        found=NOW,
        source_title=words,
        side=words,
        published=NOW,
        edited=None,
        seen=NOW,
        deleted=None,
        author=words,
        forwarded_from=words,
        language="ru",
        body=words,
    )


def text(format_: Format, rows: Sequence[ExportRow], places: Sequence[str] = ()) -> str:
    """The export as bytes would give it back."""
    writer = WRITERS[format_](About(WATCHES, places, NOW))
    whole = "".join([writer.head(), *map(writer.row, rows), writer.end()])
    return whole.encode("utf-8", "replace").decode()


@pytest.fixture(scope="module")
def hostile() -> list[ExportRow]:
    assert len(HOSTILE) >= 500
    return [row(number, words) for number, words in enumerate(HOSTILE, 1)]


def test_no_cell_of_a_stranger_is_a_formula(hostile: list[ExportRow]) -> None:
    rows = list(csv.DictReader(io.StringIO(text(Format.CSV, hostile), newline="")))
    assert len(rows) == len(hostile)
    for found, words in zip(rows, HOSTILE, strict=True):
        assert None not in found
        for name in ("text", "body", "source", "source_title", "side", "url", "form", "author"):
            written = found[name]
            assert not written.lstrip(" \ufeff\u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))
            plain = words.encode("utf-8", "replace").decode()
            assert (written.removeprefix("'")) == plain


def test_numbers_of_our_own_stay_numbers() -> None:
    (found,) = csv.DictReader(io.StringIO(text(Format.CSV, [row()]), newline=""))
    assert tuple(found) == COLUMNS
    assert (found["lat"], found["lon"], found["precision"], found["late"]) == ("51.19", "-35.27", "settlement", "false")
    assert (cell(-1), cell(None), cell(("a", "=b")), cell(["=a"])) == ("-1", "", "a; =b", "'=a")


def test_json_lines_hold_the_very_words(hostile: list[ExportRow]) -> None:
    lines = text(Format.JSONL, hostile).split("\n")
    assert lines.pop() == ""
    found = [json.loads(line)["body"] for line in lines]
    assert found == [words.encode("utf-8", "replace").decode() for words in HOSTILE]


def test_geojson_is_one_document_of_features(hostile: list[ExportRow]) -> None:
    whole = json.loads(text(Format.GEOJSON, hostile))
    assert [each["properties"]["id"] for each in whole["features"]] == [each.hit.id for each in hostile]
    assert whole["features"][0]["geometry"] == {"type": "Point", "coordinates": [-35.27, 51.19]}
    assert json.loads(text(Format.GEOJSON, []))["features"] == []


@pytest.mark.parametrize(
    ("more", "precision", "point"),
    [
        ({}, "settlement", [-35.27, 51.19]),
        ({"candidates": ("rylsk",)}, "unresolved", None),
        ({"candidates": ("rylsk",), "meant": "sudzha"}, "settlement", [-35.27, 51.19]),
        ({"meant": "rylsk"}, "none", None),
        ({"watch": "gone"}, "none", None),
    ],
)
def test_nothing_is_put_on_the_map_more_exactly_than_it_is_known(
    more: dict[str, Any], precision: str, point: list[float] | None
) -> None:
    (feature,) = json.loads(text(Format.GEOJSON, [row(**more)]))["features"]
    assert feature["properties"]["precision"] == precision
    assert (feature["geometry"] and feature["geometry"]["coordinates"]) == point


def test_atom_is_well_formed_and_holds_no_markup_of_strangers(hostile: list[ExportRow]) -> None:
    feed = ET.fromstring(text(Format.ATOM, hostile))
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(hostile)
    allowed = {
        "id",
        "title",
        "link",
        "published",
        "updated",
        "author",
        "name",
        "category",
        "summary",
        "content",
        "entry",
    }
    assert {each.tag.removeprefix(ATOM) for entry in entries for each in entry.iter()} <= allowed
    assert not [link.get("href") for entry in entries for link in entry.findall(f"{ATOM}link")]
    assert all(each.get("type") == "text" for each in feed.iter(f"{ATOM}content"))


def test_atom_of_a_place_has_its_name_and_one_entry_for_a_post() -> None:
    rows = [row(1, post="a/1"), row(2, post="a/1"), row(3, post="a/1", watch="rylsk"), row(4, post="a/2")]
    feed = ET.fromstring(text(Format.ATOM, rows, ["sudzha"]))
    assert feed.findtext(f"{ATOM}title") == "Суджа"
    assert [each.get("term") for each in feed.iter(f"{ATOM}category")] == ["sudzha", "rylsk", "sudzha"]
    other = ET.fromstring(text(Format.ATOM, rows))
    assert feed.findtext(f"{ATOM}id") != other.findtext(f"{ATOM}id")


def test_atom_says_which_hits_to_doubt() -> None:
    rejected, gone = judged(row(1, post="a/1"), verdict="rejected"), judged(row(3, post="a/2"), state="edited_out")
    feed = ET.fromstring(text(Format.ATOM, [rejected, gone, judged(row(4, post="a/3"), verdict="confirmed")]))
    assert [title.rpartition(" ")[2] for title in titles(feed)] == ["(rejected)", "out)", "Суджу"]
    assert [each.text for each in feed.iter(f"{ATOM}summary")] == [
        "rejected by a person, confidence 0.90",
        "judged by nobody, confidence 0.90",
        "confirmed by a person, confidence 0.90",
    ]
    alone = ET.fromstring(text(Format.ATOM, [rejected]))
    beside = ET.fromstring(text(Format.ATOM, [rejected, row(2, post="a/1"), gone]))
    assert [title.endswith("Суджу") for title in titles(beside)] == [True, False]
    assert beside.findtext(f"{ATOM}entry/{ATOM}id") == alone.findtext(f"{ATOM}entry/{ATOM}id")


def judged(of: ExportRow, **more: str) -> ExportRow:
    return replace(of, hit=replace(of.hit, **more))  # type: ignore[arg-type]


def titles(feed: ET.Element) -> list[str]:
    return [str(each.text) for each in feed.findall(f"{ATOM}entry/{ATOM}title")]


@pytest.mark.parametrize("format_", [Format.GEOJSON, Format.ATOM])
def test_a_document_that_was_cut_off_does_not_parse(format_: Format) -> None:
    whole = text(format_, [row(1), row(2)])
    parse = json.loads if format_ is Format.GEOJSON else ET.fromstring
    parse(whole)
    for cut in range(1, len(whole.rstrip()), 7):
        with pytest.raises((ValueError, ET.ParseError)):
            parse(whole[:cut])


# ---------------------------------------------------------------- where it goes


def test_a_file_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "hits.csv"
    path.write_text("old")
    with opened(path) as write:
        write("Суджа")
        assert path.read_text() == "old"
    assert path.read_text(encoding="utf-8") == "Суджа"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def fail_half_way(path: Path) -> None:
    with opened(path) as write:
        write("half")
        write(str(1 / 0))


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "hits.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):
        fail_half_way(path)
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])
    with pytest.raises(PlacewireError, match="cannot be written"), opened(tmp_path / "none" / "hits.csv"):
        pass


# ---------------------------------------------------------------- one hit as a bundle


def evidence(words: str = "Бои за Суджу") -> Evidence:
    wordings = [Wording(number=n, body=f"{words}{n}", edited=None, seen=NOW) for n in (1, 2)]
    return Evidence(row=row(1, words), wordings=wordings, hashes={1: "ab"}, watch={"id": "sudzha"}, acts=[], events=[])


@pytest.fixture(params=["bundle", "bundle.zip"])
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A bundle as a folder, or as a zip that was unpacked."""
    to = tmp_path / str(request.param)
    bundle.save(bundle.files(evidence(), WATCHES, NOW), to)
    if to.suffix:
        assert stat.S_IMODE(to.stat().st_mode) == 0o600
        zipfile.ZipFile(to).extractall(tmp_path / "out")
        to = tmp_path / "out"
    return to


def test_sha256sum_checks_a_bundle(saved: Path) -> None:
    def check() -> int:
        return subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=saved, check=False).returncode

    assert check() == 0
    named = {line.split("  ")[1] for line in (saved / "SHA256SUMS").read_text().splitlines()}
    assert named == {each.name for each in saved.iterdir()} - {"SHA256SUMS"}
    assert (saved / "wording-2.txt").read_text(encoding="utf-8") == "Бои за Суджу2"
    assert json.loads((saved / "hit.json").read_text(encoding="utf-8"))["rule"] == {"id": "sudzha"}
    (saved / "wording-2.txt").write_text("Бои за Рыльск")
    assert check() != 0


def test_a_bundle_is_the_same_but_for_its_time(tmp_path: Path) -> None:
    early, late = (bundle.files(evidence(), WATCHES, NOW.replace(hour=hour)) for hour in (1, 2))
    assert {name for name in early if early[name] != late[name]} == {"export.json", "SHA256SUMS"}
    (tmp_path / "there").mkdir()
    with pytest.raises(PlacewireError, match="is there already"):
        bundle.save(early, tmp_path / "there")


def test_names_of_a_bundle_owe_nothing_to_strangers() -> None:
    for words in HOSTILE[::7]:
        made = bundle.files(evidence(words), WATCHES, NOW)
        assert all(name.replace("-", "").replace(".", "").isalnum() for name in made)
        assert json.loads(made["hit.json"])["body"] == words.encode("utf-8", "replace").decode()
