"""search, forget, db backup, db restore, db verify: the commands that work on what is stored."""

import pytest

from bot.digests import Composition
from bot.model import Route
from tests.fakes.installation import FRONT, Installation

KEYS = {"id", "source", "url", "published", "text"}


async def test_what_was_said_is_found_forgotten_and_restored_without_it(installed: Installation) -> None:
    installed.write("Бои за Суджу")
    await installed.once()
    installed.write("Под Суджей тихо")
    await installed.once()
    found = (await installed.run("search", "суджа", "--json")).lines
    assert [row["text"] for row in found] == ["Под Суджей тихо", "Бои за Суджу"]
    assert set(found[0]) == KEYS
    assert (found[0]["source"], found[0]["url"]) == (FRONT, f"https://t.me/{FRONT}/2")
    copy = str(installed.folder / "copy.db")
    assert (await installed.run("db", "backup", copy)).status == 0
    assert "whole; 2 posts" in (await installed.run("db", "verify", copy)).out
    ended = await installed.run("forget", found[0]["id"], "--reason", "its author asked")
    assert (ended.status, "forgotten" in ended.out) == (0, True)
    assert "copies made before" not in ended.err
    told = installed.told
    ended = await installed.run("db", "restore", copy)
    assert (ended.status, "restored, 2 posts" in ended.out) == (0, True)
    assert "carried over from it: 0 silences, 0 decisions on hits\n" in ended.out
    await installed.once()
    assert installed.told == told
    left = (await installed.run("search", "суджа", "--json")).lines
    assert [row["text"] for row in left] == ["Бои за Суджу"]
    (installed.folder / "data/placewire.db.new").write_text("as a restore leaves it that is killed")
    again = await installed.run("forget", found[0]["id"], "--reason", "its author asked")
    older = again.err.partition("copies made before may still hold its words")[2]
    assert (".replaced\n" in older, "/placewire.db.new\n" in older) == (True, True)
    assert "no post has this id" in (await installed.run("forget", "nobody/1", "--reason", "x")).err


async def test_what_stood_beside_a_forgotten_post_in_an_unsent_digest_is_told_by_the_next(
    installed: Installation,
) -> None:
    installed.write("Тихо")
    await installed.once()
    one, other = installed.write("Бои за Суджу"), installed.write("Над Бердином тихо")
    out = installed.folder / "out.txt"
    out.unlink(missing_ok=True)
    out.mkdir()
    await installed.once()
    (stranded,) = (await installed.run("outbox", "--json")).lines
    assert stranded["outcome"] == "parked"
    assert (await installed.run("forget", f"{FRONT}/{one}", "--reason", "its author asked")).status == 0
    out.rmdir()
    await installed.once()
    told = installed.told
    assert (told.count(f"t.me/{FRONT}/{other}\n"), f"t.me/{FRONT}/{one}\n" in told) == (1, False)


async def test_what_is_forgotten_while_a_digest_is_composed_is_not_in_it(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.write("Тихо")
    await installed.once()
    one, other = installed.write("Бои за Суджу"), installed.write("Над Бердином тихо")

    async def interrupted(made: Composition, route: Route) -> Composition:
        if made.digest:
            assert (await installed.run("forget", f"{FRONT}/{one}", "--reason", "its author asked")).status == 0
        return made

    with monkeypatch.context() as patched:
        patched.setattr("bot.pipeline._translated", interrupted)
        await installed.once()
    assert (await installed.run("outbox", "--json")).lines == []
    await installed.once()
    told = installed.told
    assert (told.count(f"t.me/{FRONT}/{other}\n"), f"t.me/{FRONT}/{one}\n" in told) == (1, False)


async def test_a_search_is_narrowed_by_what_the_letters_tell_and_refuses_names_that_nothing_has(
    installed: Installation,
) -> None:
    installed.write("Бои за Суджу, есть раненые")
    installed.write("Бої за Суджу, є поранені")
    await installed.once()
    for language, text in (("ru", "Бои за Суджу, есть раненые"), ("uk", "Бої за Суджу, є поранені")):
        found = (await installed.run("search", "суджа", "--language", language, "--since", "30d", "--json")).lines
        assert [row["text"] for row in found] == [text]
    assert (await installed.run("search", "суджа", "--language", "en")).status == 0
    (newest,) = (await installed.run("search", "суджа", "--limit", "1", "--json")).lines
    following = ("search", "суджа", "--limit", "1", "--before", str(newest.pop("before")))
    (oldest,) = (await installed.run(*following, "--json")).lines
    assert set(newest) == set(oldest) == KEYS, "nothing is behind the last page"
    assert {newest["id"], oldest["id"]} == {f"{FRONT}/1", f"{FRONT}/2"}
    assert f"the same with --before {following[-1]}" in (await installed.run("search", "суджа", "--limit", "1")).err
    assert (await installed.run("search", "суджа", "--before", "9" * 20)).status == 2
    for option, name, words in (
        ("--place", "sudzh", "did you mean sudzha?"),
        ("--language", "de", "name one of en, ru, uk"),
        ("--source", "nobody", "nothing is called nobody"),
        (
            "--since",
            "soon",
            "--since: 'soon' is no moment; write how long ago it was (24h, 7d), or a date in UTC: 2026-11-01",
        ),
        ("--until", "0001-01-01T00:00+14:00", "--until: '0001-01-01T00:00+14:00' is no moment; write how long ago"),
    ):
        ended = await installed.run("search", "суджа", option, name)
        assert (ended.status, words in ended.err) == (2, True), ended.err
