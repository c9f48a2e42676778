"""Loading: a child process expands, the cache is keyed by content, a broken cache is made again."""

from __future__ import annotations

from pathlib import Path

from bot.matching import expand, load_matcher
from bot.matching.expand import Expansion
from bot.model import Near, Place, Term, Watch

WATCHES: list[Watch] = [
    Place(id="sudzha", name="Суджа", never=("Суджанская улица",), near=Near(("бой",), 3)),
    Place(id="berdin", name="Бердин"),
    Term(id="reb", name="РЭБ", any=("РЭБ",)),
]


def test_expansion_survives_json() -> None:
    made = expand(WATCHES)
    assert Expansion.from_json(made.as_json()) == made
    assert expand(WATCHES) == made


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_second_load_comes_from_the_cache(tmp_path: Path) -> None:
    first = await load_matcher(WATCHES, tmp_path)
    (file,) = _files(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    written = file.stat().st_mtime_ns
    second = await load_matcher(WATCHES, tmp_path)
    assert file.stat().st_mtime_ns == written
    text = "В Судже бой, РЭБ работает, Бердин молчит."
    assert first.match(text) == second.match(text) != ()


async def test_other_watches_are_another_cache(tmp_path: Path) -> None:
    await load_matcher(WATCHES, tmp_path)
    await load_matcher(WATCHES[:1], tmp_path)
    assert len(_files(tmp_path)) == 2


async def test_a_broken_cache_is_made_again(tmp_path: Path) -> None:
    await load_matcher(WATCHES, tmp_path)
    (file,) = _files(tmp_path)
    file.write_text('{"watches": [')
    matcher = await load_matcher(WATCHES, tmp_path)
    assert [hit.watch for hit in matcher.match("Бердин")] == ["berdin"]
    assert file.read_text().endswith("}")


async def test_where_nothing_can_be_written_it_is_expanded_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    matcher = await load_matcher(WATCHES, tmp_path / "file" / "cache")
    assert matcher.match("Бердин")


async def test_old_expansions_leave_the_cache(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"forms-{number}.json").write_text("{}")
    await load_matcher(WATCHES, tmp_path)
    assert len(_files(tmp_path)) == 8


async def test_without_a_cache_nothing_is_written(tmp_path: Path) -> None:
    matcher = await load_matcher(WATCHES, None)
    assert matcher.match("Бердин")
    assert _files(tmp_path) == []
