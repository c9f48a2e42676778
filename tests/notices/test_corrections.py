from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.digests.marking import marked
from bot.errors import StoreError
from bot.model import (
    Action,
    Destination,
    DestinationKind,
    Entity,
    EntityKind,
    Gap,
    Message,
    Outcome,
    Place,
    Reason,
    Schedule,
)
from bot.notices import due_corrections
from bot.pipeline import Due, composed, frozen
from bot.store import RESTORED, Act, ActKind, How
from tests.notices.newsdesk import CHANNEL, CONSOLE, HOUR, MINUTE, ROUTE, SUDZHA, Newsdesk
from tests.store.world import commit, mention, post, reading


async def tell(news: Newsdesk, outcome: Outcome = Outcome.SENT) -> str:
    """The route's digest tells everything, and it arrives. Gives its text."""
    due = Due(slot=news.now, since=news.now - HOUR, now=news.now)
    made = await composed(news.desk, news.route, await news.store.untold("kursk"), due)
    new = frozen(b"secret", news.route, due, made)
    assert await news.store.save_digest(new, news.now)
    await arrive(news, outcome)
    return new.messages[0].message.text


async def delete(news: Newsdesk, source: str, number: int) -> None:
    news.now += MINUTE
    await commit(news.store, reading(source=source, window=Gap(number, number)), news.now)


async def test_a_sent_digest_is_marked_when_its_post_is_deleted(news: Newsdesk) -> None:
    await news.report("rybar")
    await tell(news)
    assert await news.tick(MINUTE) == 0
    await delete(news, "rybar", 1)
    assert await news.tick() == 1
    (edit,) = await news.store.ready(news.now)
    assert (edit.action, edit.target) == (Action.EDIT, "77")
    assert "first Рыбарь (deleted at its source) 14:00" in edit.message.text
    for entity in edit.message.entities:
        if entity.kind is EntityKind.LINK:
            assert edit.message.text[entity.start : entity.end] == "Рыбарь"
    traced = [event.text for event in await news.store.trace("s1") if event.step == "correction"]
    assert traced == [
        (
            "n1: route kursk, s1:deleted, revision 1: correction: the report of Рыбарь, told 22 Nov 14:00 (Sudzha), "
            "was deleted at its source"
        )
    ]
    queued = [event.text for event in await news.store.trace("s1") if event.step == "queued"]
    assert queued == ["o1: part 1 of 1 for telegram:@kursk", "o2: an edit of o1 for telegram:@kursk"]
    await news.restart()
    assert await news.tick(MINUTE) == 0, "once, also through a restart"


async def test_an_urgent_card_is_marked_and_then_rests(news: Newsdesk) -> None:
    one = await news.report("rybar")
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.tick()
    await delete(news, "rybar", 1)
    assert await news.tick() == 1
    *_, edit = await news.store.ready(news.now)
    assert "first Рыбарь (deleted at its source)" in edit.message.text
    assert edit.message.text.startswith(
        "Kursk · urgent · Sudzha · corrected\n1 source in its own words: DeepState\n\nSudzha (Суджа) · "
    )
    bold, *_ = edit.message.entities
    assert edit.message.text[bold.start : bold.end] == edit.message.title == "Kursk · urgent · Sudzha · corrected"
    await delete(news, "deepstate", 2)
    assert await news.tick() == 1
    *_, edit = await news.store.ready(news.now)
    assert edit.message.text.count("deleted at its source") == 2, "the later edit keeps the earlier mark"
    assert edit.message.text.split("\n")[1] == "no report of it stands any more"


async def shown(news: Newsdesk, before: Sequence[str] = ()) -> list[str]:
    """What readers see of each message in turn, now that all have arrived: `before` they saw this."""
    found = list(before)
    for row in await news.store.ready(news.now):
        changed = [each.id for each in await news.outbox() if each.action == Action.SEND]
        known = {each.id: each.of for each in await news.outbox()}
        of = known[row.key]
        if of is None:
            found.append(row.message.text)
        else:
            found[changed.index(of)] = row.message.text
    await arrive(news, Outcome.SENT)
    return found


async def test_a_corrected_card_is_right_as_a_whole(news: Newsdesk) -> None:
    """Its counts, and what it sent when it rang again, say what stands; what stands again is said as it was."""
    one = await news.report("rybar")
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.tick()
    await news.report("isw", "Fighting for Суджу goes on", like=one)
    await news.tick(5 * HOUR)
    before = await shown(news)
    card, again = before
    assert "3 sources, 3 in their own words, perhaps of one event" in card
    assert again == "Kursk · urgent · Sudzha\nalso isw (22 Nov 14:00)"
    news.now += MINUTE
    act = await decide(news, "reject", "h3")
    await news.tick(MINUTE)
    after = await shown(news, before)
    card, again = after
    assert "3 sources" not in card
    assert "2 channels, 2 in their own words, perhaps of one event\nfirst Рыбарь" in card
    head = (
        "Kursk · urgent · Sudzha · both sides · corrected\n2 sources in their own words within 1 min: Рыбарь, DeepState"
    )
    assert card.startswith(f"{head}\n\n")
    assert again == head
    news.now += MINUTE
    await undo(news, act)
    await news.tick(MINUTE)
    assert await shown(news, after) == before
    await delete(news, "rybar", 1)
    await delete(news, "deepstate", 2)
    await decide(news, "reject", "h3")
    await news.tick(MINUTE)
    card, again = await shown(news, before)
    assert "\nno report of it stands any more\nfirst Рыбарь (deleted at its source)" in card
    assert again.endswith("corrected\nno report of it stands any more")


async def test_a_card_of_which_all_stands_again_says_so_above(news: Newsdesk) -> None:
    one = await news.report("rybar")
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.tick()
    card = await edited(news, Action.SEND)
    news.now += MINUTE
    act = await decide(news, "reject", "h1")
    await news.tick(MINUTE)
    assert (await edited(news)).startswith("Kursk · urgent · Sudzha · corrected\n1 source")
    news.now += MINUTE
    await undo(news, act)
    await news.tick(MINUTE)
    assert await edited(news) == card


async def test_a_story_that_people_reject_is_withdrawn(news: Newsdesk) -> None:
    await news.report("rybar")
    await tell(news)
    news.now += MINUTE
    act = Act(kind=ActKind.REJECT, who="anna", how=How.CLI, targets=("h1",), reason=None)
    await news.store.reviews.perform(act, news.now)
    assert await news.tick(MINUTE) == 1
    (edit,) = await news.store.ready(news.now)
    assert "first Рыбарь (withdrawn by the editors)" in edit.message.text


async def decide(news: Newsdesk, kind: str, *targets: str, **more: Any) -> str:
    act = Act(kind=ActKind(kind), who="anna", how=How.PAGE, targets=targets, **more)
    done = await news.store.reviews.perform(act, news.now)
    assert done.id is not None
    return done.id


async def undo(news: Newsdesk, act: str) -> None:
    await news.store.reviews.undo(Act(kind=ActKind.UNDO, who="anna", how=How.PAGE), act, news.now)


async def edited(news: Newsdesk, action: Action = Action.EDIT) -> str:
    """The text that the last edit gives the digest; it arrives."""
    (edit,) = await news.store.ready(news.now)
    begun = await news.store.begin(edit, news.now)
    await news.store.settle(begun, Outcome.SENT, now=news.now)
    assert edit.action is action
    return str(edit.message.text)


async def test_a_person_puts_right_what_was_told_and_takes_it_back(news: Newsdesk) -> None:
    await news.report("rybar")
    sent = await tell(news)
    news.now += MINUTE
    with pytest.raises(StoreError, match="was not told on other"):
        await decide(news, "correct", "s1", to="other", note="x")
    first = await decide(news, "correct", "s1", to="kursk", note="the bridge (in Rylsk)")
    assert await news.tick(MINUTE) == 1
    assert "first Рыбарь (correction: the bridge ,in Rylsk,) 14:00" in await edited(news)
    assert await news.tick(MINUTE) == 0
    await decide(news, "correct", "s1", to="kursk", note="the dam")
    assert await news.tick(MINUTE) == 2, "one taken back, one made"
    while await news.store.ready(news.now):
        text = await edited(news)
    assert "first Рыбарь (correction: the dam) 14:00" in text
    await undo(news, "a2")
    await news.tick(MINUTE)
    while await news.store.ready(news.now):
        text = await edited(news)
    assert "(correction: the bridge ,in Rylsk,)" in text, "what was taken back is made again"
    await undo(news, first)
    await news.restart()
    assert await news.tick(MINUTE) == 1
    assert await edited(news) == sent, "letter for letter"


async def test_what_was_put_right_is_kept_when_its_story_is_merged_and_said_once(news: Newsdesk) -> None:
    await news.report("rybar")
    await news.report("deepstate")
    await tell(news)
    news.now += MINUTE
    await decide(news, "correct", "s2", to="kursk", note="the dam")
    assert await news.tick(MINUTE) == 1
    text = await edited(news)
    assert "DeepState (correction: the dam)" in text
    news.now += MINUTE
    merger = await decide(news, "merge", "s1", "s2")
    assert await news.tick(MINUTE) == 0, "it stands there already"
    await decide(news, "correct", "s1", to="kursk", note="in Rylsk")
    assert await news.tick(MINUTE) == 2
    while await news.store.ready(news.now):
        text = await edited(news)
    assert (text.count("(correction: in Rylsk)"), "the dam" in text) == (2, False)
    await undo(news, "a3")
    await undo(news, merger)
    await news.tick(MINUTE)
    while await news.store.ready(news.now):
        text = await edited(news)
    assert ("DeepState (correction: the dam)" in text, text.count("correction")) == (True, 1)


async def test_a_rejection_that_is_undone_stands_again(news: Newsdesk) -> None:
    await news.report("rybar")
    await tell(news)
    news.now += MINUTE
    act = await decide(news, "reject", "h1")
    assert await news.tick(MINUTE) == 1
    assert "withdrawn by the editors" in await edited(news)
    await undo(news, act)
    assert await news.tick(MINUTE) == 1
    assert "withdrawn" not in await edited(news)
    await decide(news, "reject", "h1")
    assert await news.tick(MINUTE) == 1
    assert "withdrawn by the editors" in await edited(news)


async def test_a_correction_taken_back_before_the_next_digest_is_not_told(news: Newsdesk) -> None:
    news.route = replace(ROUTE, to=CONSOLE)
    await news.report("rybar")
    await tell(news)
    news.now += MINUTE
    act = await decide(news, "correct", "s1", to="kursk", note="the dam")
    assert await news.tick(MINUTE) == 1
    lines, told = await due_corrections(news.desk, news.route, news.now)
    assert lines[0].startswith("correction to the report of Рыбарь")
    assert lines[0].endswith("the dam")
    await undo(news, act)
    assert await news.tick(MINUTE) == 1
    assert (await due_corrections(news.desk, news.route, news.now))[0] == ()
    await decide(news, "correct", "s1", to="kursk", note="the dam")
    await news.tick(MINUTE)
    _, told = await due_corrections(news.desk, news.route, news.now)
    for notice in told:
        await news.store.notices.save(notice, news.now)
    await decide(news, "correct", "s1", to="kursk", note="")
    assert await news.tick(MINUTE) == 1
    (line,) = (await due_corrections(news.desk, news.route, news.now))[0]
    assert line.endswith("is withdrawn: it stands")


async def test_where_nothing_can_be_changed_the_next_digest_says_so_once(news: Newsdesk) -> None:
    news.route = replace(ROUTE, to=CONSOLE)
    await news.report("rybar")
    await tell(news)
    await delete(news, "rybar", 1)
    assert await news.tick() == 1
    assert await news.store.ready(news.now) == []
    due = Due(slot=news.now + HOUR, since=news.now, now=news.now + HOUR)
    made = await composed(news.desk, news.route, [], due)
    assert made.digest is not None, "a correction is reason enough for a digest"
    line = "correction: the report of Рыбарь, told 22 Nov 14:00 (Sudzha), was deleted at its source"
    assert made.digest.remarks == (line,)
    assert "nothing new" not in frozen(b"s", news.route, due, made).messages[0].message.text


@pytest.mark.parametrize("schedule", [ROUTE.digest, None])
async def test_what_never_arrived_is_corrected_once_it_has(news: Newsdesk, schedule: Schedule | None) -> None:
    """A parked message: readers have nothing to be put right, until an operator lets it go."""
    news.route = replace(ROUTE, to=CONSOLE, digest=schedule)
    one = await news.report("rybar")
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    assert await news.tick() == 1, "a card"
    await arrive(news, Outcome.PARKED)
    await delete(news, "rybar", 1)
    assert await news.tick() == 0
    await news.restart()
    assert await news.tick(HOUR) == 0
    assert await due_corrections(news.desk, news.route, news.now) == ((), ())
    await news.store.unpark()
    await arrive(news, Outcome.SENT)
    told = news.now + (2 if schedule else 0) * HOUR
    assert await news.tick(2 * MINUTE) == 1
    line = f"correction: the report of Рыбарь, told 22 Nov {told:%H:%M} (Sudzha), was deleted at its source"
    if schedule:
        assert (await due_corrections(news.desk, news.route, news.now))[0] == (line,)
    else:
        assert (await news.texts()) == [f"Kursk\n{line}"]
    assert await news.tick(2 * MINUTE) == 0


async def arrive(news: Newsdesk, outcome: Outcome) -> None:
    """All that waits goes, and ends so."""
    for row in await news.store.ready(news.now):
        begun = await news.store.begin(row, news.now)
        await news.store.settle(begun, outcome, now=news.now, receipt="77" if outcome is Outcome.SENT else None)


async def test_after_a_restore_it_was_perhaps_told_that_a_post_is_gone(news: Newsdesk) -> None:
    news.route = replace(ROUTE, to=CONSOLE)
    await news.report("rybar")
    await tell(news)
    await news.store.remember(RESTORED, (news.now + MINUTE).isoformat())
    news.now += 2 * MINUTE
    await delete(news, "rybar", 1)
    assert await news.tick() == 0
    await news.report("deepstate")
    await tell(news)
    await delete(news, "deepstate", 2)
    assert await news.tick() == 1, "that was told since"


async def test_after_a_restore_what_becomes_of_a_post_that_was_read_since_is_told(news: Newsdesk) -> None:
    """Only what the first reading since finds changed may have been told before."""
    news.route = replace(ROUTE, to=CONSOLE)
    keys = [await news.report("rybar"), await news.report("deepstate")]
    await tell(news)
    await news.store.remember(RESTORED, (news.now + MINUTE).isoformat())
    news.now += 2 * MINUTE
    known = {key: (await news.store.reviews.post(key)).post for key in keys}
    for found in known.values():
        await commit(news.store, reading(found, source=found.source), news.now)
    news.now += MINUTE
    await commit(news.store, reading(replace(known[keys[0]], text="Тихо.")), news.now)
    await news.store.save_matches([(each, []) for each in await news.store.unmatched(9)], news.now)
    await delete(news, "deepstate", 2)
    assert await news.tick() == 2


async def test_a_route_without_a_digest_sends_the_line_itself(news: Newsdesk) -> None:
    news.route = replace(ROUTE, to=CONSOLE, digest=None)
    one = await news.report("rybar")
    await news.report("deepstate", "Сутички за Суджу тривають", like=one)
    await news.tick()
    await arrive(news, Outcome.SENT)
    await delete(news, "rybar", 1)
    assert await news.tick() == 1
    assert "correction: the report of Рыбарь" in (await news.texts())[-1]


@pytest.mark.parametrize("to", [CHANNEL, CONSOLE])
async def test_what_a_flood_told_by_its_number_alone_is_not_corrected(news: Newsdesk, to: Destination) -> None:
    """A channel empties itself after a flood: what readers saw is marked; of what they did not see nothing is said."""
    news.route = replace(ROUTE, to=to, digest=Schedule(cron="0 18 * * *", timezone="Europe/Kyiv", max_stories=12))
    for _ in range(12 * 5 + 3):
        await news.report("rybar")
    await tell(news)
    decided = Counter((await news.store.decisions("kursk")).values())
    assert decided == {Reason.TOLD: 12, Reason.SETTLED: 51}
    news.now += MINUTE
    await commit(news.store, reading(source="rybar", window=Gap(1, 63)), news.now)
    assert await news.tick() == 12
    due = Due(slot=news.now + HOUR, since=news.now, now=news.now + HOUR)
    made = await composed(news.desk, news.route, await news.store.untold("kursk"), due)
    if to is CHANNEL:
        *_, last = await news.store.ready(news.now)
        assert last.message.text.count("(deleted at its source)") == 12
        assert made.digest is None
    else:
        assert await news.store.ready(news.now) == []
        assert made.digest is not None
        *named, rest = made.digest.remarks
        assert len(named) == 8
        assert rest == "correction: 4 more reports told before were deleted or withdrawn"


async def edit(news: Newsdesk, number: int, text: str, watch: str | None) -> None:
    """Its author changes a report of rybar's, which then names `watch`, or nothing watched."""
    news.now += MINUTE
    changed = post(number, text, edited=news.now)
    await commit(news.store, reading(changed), news.now)
    news.now += MINUTE
    (stored,) = await news.store.unmatched(9)
    found = [mention(stored, "Льгов", watch)] if watch else []
    await news.store.save_matches([(stored, found)], news.now)


async def test_a_place_that_its_author_takes_out_is_corrected_once(news: Newsdesk) -> None:
    await news.report("rybar")
    await tell(news)
    await edit(news, 1, "Поправка: боя не было.", None)
    assert await news.tick() == 1
    assert "first Рыбарь (edited at its source: no longer names Sudzha) 14:00" in await edited(news)
    await edit(news, 1, "Поправка: боя не было, и тихо.", None)
    assert await news.tick() == 0
    assert await news.store.untold("kursk") == []


@pytest.mark.parametrize("to", [CHANNEL, CONSOLE])
async def test_a_place_that_its_author_puts_in_its_stead_is_news(news: Newsdesk, to: Destination) -> None:
    news.route = replace(ROUTE, to=to)
    news.watches = (SUDZHA, Place(id="lgov", name="Льгов"))
    await news.report("rybar")
    before = await tell(news)
    await edit(news, 1, "Поправка: бои за Льгов.", "lgov")
    assert await news.tick() == 1
    if to is CHANNEL:
        assert "Рыбарь (edited at its source: no longer names Sudzha; now: Lgov) 14:00" in await edited(news)
    assert await news.store.decisions("kursk") == {1: Reason.AMENDED}
    assert await news.tick(MINUTE) == 0
    news.now += HOUR
    told = await tell(news)
    assert "Lgov (Льгов) · 1 story" in told
    assert "first Рыбарь 14:00 (edited)" in told
    if to is CONSOLE:
        assert before.count("https://t.me/rybar/1") == 1
        assert "https://t.me/rybar/1" not in told, "the address stands in the route's messages already"
        line = "correction: the report of Рыбарь, told 22 Nov 14:00 (Sudzha), was edited at its source and no longer"
        assert f"{line} names Sudzha; now: Lgov" in told
    assert await news.tick(MINUTE) == 0
    assert await news.store.decisions("kursk") == {1: Reason.TOLD}


def test_a_mark_moves_what_stands_behind_it() -> None:
    text = "first Рыбарь 10:42 · Подоляка"
    link = Entity(EntityKind.LINK, 6, 12, "https://t.me/rybar/1")
    behind = Entity(EntityKind.LINK, 21, 29, "https://t.me/x/1")
    quote = Entity(EntityKind.QUOTE, 0, 29)
    message = Message(text=text, entities=(quote, link, behind))
    found = marked(message, "https://t.me/rybar/1", "deleted")
    assert found is not None
    assert found.text == "first Рыбарь (deleted) 10:42 · Подоляка"
    assert [found.text[each.start : each.end] for each in found.entities] == [found.text, "Рыбарь", "Подоляка"]
    assert marked(found, "https://t.me/rybar/1", "deleted") is None
    assert marked(message, "https://t.me/none", "deleted") is None


def test_only_telegram_is_changed_in_place() -> None:
    assert [kind for kind in DestinationKind if kind.can_change] == [DestinationKind.TELEGRAM]
