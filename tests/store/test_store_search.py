from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.language.declension_ru import decline
from bot.model import Post
from bot.store import Act, ActKind, Filters, How, Store, search
from bot.store.words import as_server, indexed, wanted
from tests.store.world import MINUTE, NOW, commit, match, post, reading

NAMES = ["Суджа", "Курск", "Камень", "Яр", "Борисовка", "Лебедин", "Волчанск", "Работино", "Купянск", "Торецк", "Киев"]
EXOTIC = [
    "Бои за Cуджу",
    "бої за Су\u0301джу",
    "#Суджа_сейчас",
    "🔥СУДЖА🔥",
    "‼️Суджа",
    "суджа-юг",
    "«Суджа»",
    "Су\u00adджа",
]


async def texts(store: Store, typed: str, **filters: object) -> list[str]:
    return [row.text for row in await store.search(typed, Filters(**filters))]  # type: ignore[arg-type]


async def test_a_name_is_found_in_every_case_and_disguise(store: Store) -> None:
    said = [f"бои у {form}" for form in ("Суджи", "Судже", "Суджу", "Суджей", "Суджою")] + EXOTIC
    await commit(store, reading(*(post(number, text) for number, text in enumerate([*said, "Сумы"], 1))))
    for typed in ("Суджа", "СУДЖА", "Суджу", "суджей", "Cуджа", "Суджа суджу"):
        assert await texts(store, typed) == said[::-1]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_typed_serves_every_form(name: str) -> None:
    (word,) = wanted(name)
    for form in {form for case in decline(name.lower()) for form in case}:
        folded = indexed(form)
        assert folded in word.exact or folded.startswith(word.prefixes), form


@pytest.mark.parametrize("name", ["Тростянец", "Городец", "Орел", "Елец", "Городок"])
def test_a_form_that_lost_a_vowel_serves_every_form_too(name: str) -> None:
    forms = {form for case in decline(name.lower()) for form in case}
    short = [form for form in forms if not form.startswith(name.lower())]
    assert short
    for typed in short:
        (word,) = wanted(typed)
        assert all(form in word.exact or form.startswith(word.prefixes) for form in forms), typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Тростянцом", "Тростянець"),
        ("Коломийця", "Коломиєць"),
        ("Кременцем", "Кременец"),
        ("Львова", "Львів"),
        ("Києві", "Київ"),
        ("Ямполя", "Ямпіль"),
        ("Кривого Рогу", "Кривий Ріг"),
        ("Пісків", "Пісками"),
        ("боев", "Бои"),
    ],
)
async def test_it_serves_the_other_language_as_the_name_itself_does(store: Store, typed: str, said: str) -> None:
    await commit(store, reading(post(1, f"Бої за {said}"), post(2, "Тростник, Кременная")))
    assert await texts(store, typed) == [f"Бої за {said}"]


async def test_every_word_must_stand_there_and_the_newest_comes_first(store: Store) -> None:
    await commit(store, reading(post(1, "Курск и Суджа"), post(2, "Суджа"), post(3, "Под Суджей, у Курска")))
    assert await texts(store, "суджа курск") == ["Под Суджей, у Курска", "Курск и Суджа"]
    assert await texts(store, "") == await texts(store, "?! —") == await texts(store, "Харьков") == []
    assert [row.id for row in await store.search("суджа", limit=2)] == ["rybar/3", "rybar/2"]


async def test_every_wording_is_searched_and_a_post_is_given_once(store: Store) -> None:
    await commit(store, reading(post(1, "Бои за Суджу"), post(2, "Суджа")))
    for number in range(5):
        await commit(store, reading(post(1, f"Тишина в Сумах {number}")), NOW + MINUTE)
    assert [(row.id, row.text) for row in await store.search("Суджа")] == [
        ("rybar/2", "Суджа"),
        ("rybar/1", "Бои за Суджу"),
    ]
    assert await texts(store, "тишина") == ["Тишина в Сумах 4"]


async def test_what_is_looked_through_in_parts_is_found_whole_and_in_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEAR", 2)
    monkeypatch.setattr(search, "FAR", 4)
    await commit(store, reading(*(post(number, f"Суджа {number}") for number in range(1, 13) if number != 4)))
    newest_first = [f"Суджа {number}" for number in range(12, 0, -1) if number != 4]
    assert await texts(store, "суджа") == newest_first
    for limit in (1, 2, 3, 7):
        assert [row.text for row in await store.search("суджа", limit=limit)] == newest_first[:limit]
        seen: list[str] = []
        after: int | None = 0
        while after is not None:
            page = await store.holding(["Суджа"], after, limit)
            seen += [item.post.text for item in page.posts]
            after = page.after
        assert seen == newest_first[::-1]


async def test_a_title_is_searched_with_its_text(store: Store) -> None:
    await commit(store, reading(replace(post(1, "текст", source="isw"), title="Суджа"), source="isw"))
    (row,) = await store.search("суджа текст")
    assert (row.id, row.source, row.url, row.text) == ("isw/1", "isw", "https://t.me/isw/1", "Суджа\nтекст")
    assert row.published == NOW + MINUTE


async def test_the_letters_tell_the_language_and_the_source_where_they_do_not(store: Store) -> None:
    told = ("Суджа: взрывы, объявлена тревога", "Суджа: триває бій", "Суджа", "Sudzha")
    await commit(store, reading(*(post(number, text, language="uk") for number, text in enumerate(told, 1))))
    await commit(store, reading(post(5, "Суджа", source="deepstate"), source="deepstate"))
    assert [row.id for row in await store.search("суджа", Filters(languages=["uk"]))] == ["rybar/3", "rybar/2"]
    assert [row.id for row in await store.search("суджа", Filters(languages=["ru"]))] == ["rybar/1"]
    assert [row.id for row in await store.search("sudzha", Filters(languages=["en"]))] == ["rybar/4"]


async def test_filters(store: Store) -> None:
    await commit(store, reading(post(1, "Бои за Суджу", language="ru"), post(2, "Суджа", language="uk")))
    await commit(store, reading(post(3, "Суджа", source="deepstate"), source="deepstate"))
    await match(store)
    found = {
        "sources": await store.search("суджа", Filters(sources=["rybar"])),
        "sides": await store.search("суджа", Filters(sides=["ua"])),
        "languages": await store.search("суджа", Filters(languages=["uk", "en"])),
        "places": await store.search("суджа", Filters(places=["sudzha"])),
        "since": await store.search("суджа", Filters(since=NOW + 2 * MINUTE)),
        "until": await store.search("суджа", Filters(until=NOW + 2 * MINUTE)),
        "all": await store.search("суджа", Filters(sources=["rybar"], places=["sudzha"], languages=["uk"])),
    }
    assert {name: [row.id for row in rows] for name, rows in found.items()} == {
        "sources": ["rybar/2", "rybar/1"],
        "sides": ["deepstate/3"],
        "languages": ["rybar/2"],
        "places": ["rybar/1"],
        "since": ["deepstate/3", "rybar/2"],
        "until": ["rybar/1"],
        "all": [],
    }


WORDS = st.sampled_from(
    ["Суджа", "суджи", "КУРСК", "Cуджа", "м'яч", "ўсё", "Ёлка", "naïve", "№5", "к2", "½", "٣", "ﬁn", "İ", "გორი"]
)
GAPS = st.sampled_from([*" \n-_'\\\"%:*…🔥❶", "‼️", "\u00ad", "\u0301", "🇺🇦"])
BODIES = st.one_of(
    st.lists(st.one_of(WORDS, GAPS), max_size=12).map("".join),
    st.text(max_size=40),
)


def bodies() -> list[str]:
    """Texts of every kind, made up once, always the same."""
    found: list[str] = []

    @settings(max_examples=300, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(BODIES)
    def collect(body: str) -> None:
        found.append(body)

    collect()
    return list(dict.fromkeys(found))


async def test_both_engines_find_the_same(both: list[Store]) -> None:
    made = bodies()
    posts = [Post(source="rybar", id=str(number), text=body) for number, body in enumerate(made, 1)]
    for store in both:
        await commit(store, reading(*posts))
    asked = {word for body in made for word in indexed(body).split()} | {"Суджа", "м'яч", "Елка", "№", "\\", "'", "*"}
    hits = 0
    for typed in sorted(asked):
        ours, theirs = [await store.search(typed, limit=1000) for store in both]
        assert ours == theirs, typed
        hits += len(ours)
    assert hits > len(asked)


async def test_the_server_folds_as_we_think_it_does(both: list[Store]) -> None:
    async with both[1]._read() as conn:
        for body in bodies():
            clean = body.replace("\x00", "\ufffd").replace("İ", "I")  # which is given folded: servers differ in it
            query = "SELECT tsvector_to_array(placewire_words(1, '', %s, NULL))"
            words = (await conn.exec_driver_sql(query, (clean,))).scalar_one()
            assert set(words) == {"@15.0", "@18.0", *as_server(clean).split()}, repr(body)


def test_a_text_of_any_length_is_indexed() -> None:
    assert indexed("а" * 1000) == "а" * 64
    assert len(indexed("слово " * 200_000)) <= 400_000


@pytest.mark.parametrize("few", [0, 5_000], ids=["tested as they come", "looked up first"])
async def test_a_rare_state_is_found_in_either_way(store: Store, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr("bot.store.search.FEW", few)
    await commit(store, reading(post(1, "Суджа раз"), post(2, "Суджа два"), post(3, "Суджа три")))
    await commit(store, reading(post(1, "Суджа раз и снова")), NOW + MINUTE)
    await match(store, "Суджа")
    for row, kind in enumerate((ActKind.CONFIRM, ActKind.REJECT), 2):
        act = Act(kind=kind, targets=(f"rybar/{row}",), who="anna", how=How.CLI)
        await store.reviews.perform(act, NOW)
    assert await texts(store, "Суджа", states=["edited"]) == ["Суджа раз и снова"]
    assert await texts(store, "Суджа", states=["confirmed"]) == ["Суджа два"]
    assert await texts(store, "Суджа", states=["rejected"]) == ["Суджа три"]
    assert await texts(store, "Суджа", states=["edited", "rejected"]) == await texts(store, "Суджа", states=["deleted"])
    assert await texts(store, "Суджа", states=["deleted"]) == []


@pytest.mark.parametrize("few", [0, 5_000], ids=["tested as they come", "looked up first"])
async def test_filters_alone_find_posts_in_their_present_wording(
    store: Store, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("bot.store.search.FEW", few)
    await commit(store, reading(post(1, "Суджа раз"), post(2, "Рыльск два"), post(3, "Суджа три")))
    await commit(store, reading(post(1, "Суджа раз и снова")), NOW + MINUTE)
    await match(store, "Суджа")
    await store.reviews.perform(Act(kind=ActKind.REJECT, targets=("h1",), who="anna", how=How.CLI), NOW)
    assert await texts(store, "", sources=["rybar"]) == ["Суджа три", "Рыльск два", "Суджа раз и снова"]
    assert await texts(store, "", places=["sudzha"]) == ["Суджа три", "Суджа раз и снова"]
    assert await texts(store, "", states=["rejected"]) == ["Суджа раз и снова"]
    assert await texts(store, "", states=["nothing"]) == ["Рыльск два"]
    assert await texts(store, "", sources=["nobody"]) == await texts(store, "") == await texts(store, "!") == []


@pytest.mark.parametrize("typed", ["Суджа", ""])
async def test_pages_follow_one_another_to_the_end(store: Store, typed: str) -> None:
    await commit(store, reading(*(post(number, f"Суджа {number}") for number in range(1, 6))))
    found, before = [], None
    for _ in range(3):
        rows, before = await store.search_page(typed, Filters(sources=["rybar"]), limit=2, before=before)
        found.append([row.text for row in rows])
    assert (found, before) == ([["Суджа 5", "Суджа 4"], ["Суджа 3", "Суджа 2"], ["Суджа 1"]], None)
