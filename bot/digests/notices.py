"""How notices are told: cards of urgent stories, spikes, lulls, corrections, the operator's news, the pinned message.

In: what is to be told, as values. Out: pages, and their messages for a destination. Invariant: a notice is one message,
so that it can be changed in place; what does not fit is left for the digest.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.digests.data import document
from bot.digests.markup import entry
from bot.digests.notice_words import notice_words
from bot.digests.page import Line, Page, Span
from bot.digests.render import Flavour, plain
from bot.digests.split import UNITS, split
from bot.digests.taking import fits
from bot.digests.telling import addresses, name_of, tell
from bot.digests.text import name
from bot.digests.urgent import FRESH, Card, Voices
from bot.digests.usual import Unusual
from bot.digests.words import Words
from bot.model import Digest, Grouping, Message, NoticeKind, Route, Source, Story, Urgent, Watch

NAMED = 5
_DOT = " · "
_AROUND = 700
"""So many units the title, the reason and the time of the last change take at most."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What a notice is, beside its page: which revision of what, and when it was opened and made."""

    route: Route
    kind: NoticeKind
    subject: str
    revision: int = 1
    opened: datetime
    now: datetime
    silent: bool = False
    digest: Digest | None = None
    """The stories that it tells; none for a notice that tells none."""


def write(page: Page, slip: Slip, flavour: Flavour) -> Message:
    """The page as one message of this flavour."""
    links = tuple(addresses(slip.digest).values()) if slip.digest else ()
    message = Message(text="", title=page.title, when=slip.now, links=links, silent=slip.silent)
    if flavour is Flavour.RICH:
        part = split(page)[0]
        return replace(message, text=part.text, entities=part.entities)
    if flavour is Flavour.JSON:
        return replace(message, text=_json(page, slip))
    if flavour is Flavour.ATOM:
        text = entry(page, route=f"{slip.route.name}:{slip.kind}:{slip.subject}", when=slip.opened, updated=slip.now)
        return replace(message, text=text)
    return replace(message, text=plain(page))


def _json(page: Page, slip: Slip) -> str:
    told = json.loads(document(slip.digest, title=page.title)) if slip.digest else {}
    head = {
        "kind": slip.kind.value,
        "card": name(slip.subject),
        "revision": slip.revision,
        "route": name(slip.route.name),
        "title": page.title,
        "when": slip.now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "notes": ["".join(span.text for span in line) for line in (*page.notes, *page.footer)],
    }
    return json.dumps({**told, **head})


def without_addresses(page: Page, told: Collection[str]) -> Page:
    """The page for an entry that follows one which held these addresses."""
    blocks = tuple(
        replace(
            block,
            items=tuple(replace(item, address=None) if item.address in told else item for item in block.items),
        )
        for block in page.blocks
    )
    return replace(page, blocks=blocks)


def print_of(page: Page) -> str:
    """Changes exactly when readers would see something else."""
    return sha256(plain(page).encode(errors="surrogatepass")).hexdigest()[:32]


# ---------------------------------------------------------------- urgent


def card_page(digest: Digest, heard: Voices, *, watched: bool) -> Page:
    """The card: what is told at once, and why; `watched` as urgent is one of its places."""
    words, route = notice_words(digest.route.language), digest.route
    title = _card_title(words, route, [section.watch for section in digest.sections], heard)
    return replace(tell(digest), title=title, notes=((Span(_why(words, route, heard, watched=watched)),),), footer=())


def with_age(page: Page, route: Route, heard: Voices, now: datetime) -> Page:
    """A card that was held for long says how old its news is."""
    age = now - (heard.since + heard.span) if heard.since else timedelta(0)
    if age <= FRESH:
        return page
    words = notice_words(route.language)
    return replace(page, notes=(*page.notes, (Span(words.say("held_for", span=span(words, age))),)))


def corrected_head(
    route: Route, watches: Sequence[Watch], heard: Voices, *, watched: bool, corrected: bool
) -> tuple[str, str]:
    """Title and first line of a card of which only these voices stand any more, or stand again."""
    words = notice_words(route.language)
    title = _card_title(words, route, watches, heard)
    return f"{title}{_DOT}{words.say('corrected')}" if corrected else title, _why(words, route, heard, watched=watched)


def no_report(route: Route) -> str:
    """That nothing stands of what was told."""
    return notice_words(route.language).say("no_voice")


def _card_title(words: Words, route: Route, watches: Sequence[Watch], heard: Voices) -> str:
    both = [words.say("both_sides")] if len(heard.sides) > 1 else []
    return _DOT.join([name(route.title or route.name), words.say("urgent"), _places(watches, words), *both])


def is_one_message(digest: Digest) -> bool:
    """Whether a card of these stories is one message, wherever it goes."""
    return len(split(replace(tell(digest), footer=()), limit=UNITS - _AROUND)) == 1


def changed_at(page: Page, route: Route, now: datetime) -> Page:
    """The page with the time of its last change in the footer."""
    words = notice_words(route.language)
    return replace(page, footer=((Span(words.say("changed", time=_time(route, now))),),))


def again_page(digest: Digest, before: Card, heard: Voices, now: datetime) -> Page:
    """Why a card rings again: the side or the sources that are new, or the further stories.

    What is older than the route's `within` is not said to be so "now", but since when.
    """
    words, route = notice_words(digest.route.language), digest.route
    recent = now - (route.urgent or Urgent()).within
    said = [
        (source, time)
        for source, time in zip(heard.sources, heard.times, strict=True)
        if source.name not in before.sources
    ]
    fresh = [source.shown for source, time in said if time >= recent]
    older = [f"{source.shown} ({_moment(route, time, words)})" for source, time in said if time < recent]
    both = heard.both_since if len(heard.sides) > 1 and not set(before.sides).issuperset(heard.sides) else None
    notes = [
        ""
        if both is None
        else words.say("now_both" if both >= recent else "both_since", time=_moment(route, both, words)),
        words.say("now_also", names=_names(fresh, words)) if fresh else "",
        words.say("also_said", names=_names(older, words)) if older else "",
    ]
    lines = [note for note in notes if note] or [words.say("further")]
    places = _places([section.watch for section in digest.sections], words)
    title = _DOT.join([name(route.title or route.name), words.say("urgent"), places])
    return _page(title, lines, words)


def flood_page(route: Route, count: int, watches: Mapping[str, int], known: Mapping[str, Watch]) -> Page:
    """So many stories at once that none of them rings."""
    words = notice_words(route.language)
    places = [
        f"{name_of(known[watch], words.language)} {words.number(number)}"
        for watch, number in sorted(watches.items(), key=lambda item: (-item[1], item[0]))
        if watch in known
    ]
    title = _DOT.join([name(route.title or route.name), words.say("urgent")])
    flood = words.say("flood", stories=words.count("stories", count))
    return _page(title, [flood, _names(places, words)], words)


def _why(words: Words, route: Route, heard: Voices, *, watched: bool) -> str:
    """Who is heard, within which time, and on what: of one event only where stories count alone with their like.

    Of more than the route's `within`, since when. One is enough where a place is `watched` as urgent.
    """
    names = _names((source.shown for source in heard.sources), words)
    if watched:
        return f"{words.say('at_urgent_place')}: {names}" if names else words.say("at_urgent_place")
    sources = words.count("own_sources", len(heard.sources))
    if len(heard.sources) < 2 or heard.since is None:
        return f"{sources}: {names}" if names else words.say("no_voice")
    urgent = route.urgent or Urgent()
    if heard.span > urgent.within:
        since = _moment(route, heard.since, words)
        return words.say(f"since{_ON[urgent.group]}", sources=sources, time=since, names=names)
    within = span(words, max(heard.span, _MINUTE))
    return words.say(f"within{_ON[urgent.group]}", sources=sources, span=within, names=names)


_ON = {Grouping.STORY: "", Grouping.PLACE: "_place", Grouping.ROUTE: "_route"}


_MINUTE = timedelta(minutes=1)


# ---------------------------------------------------------------- spikes and lulls


def spike_page(route: Route, watch: Watch, found: Unusual) -> Page:
    words = notice_words(route.language)
    line = words.say(
        "spike",
        mentions=words.count("mentions", found.posts),
        span=span(words, found.lasting),
        usual=_number(found.usual),
    )
    return _about(route, watch, "spike_title", line, words)


def lull_page(route: Route, watch: Watch, found: Unusual) -> Page:
    words = notice_words(route.language)
    line = words.say("lull", span=span(words, found.lasting), usual=_number(found.usual))
    return _about(route, watch, "lull_title", line, words)


def _about(route: Route, watch: Watch, what: str, line: str, words: Words) -> Page:
    title = _DOT.join([name(route.title or route.name), name_of(watch, words.language), words.say(what)])
    return _page(title, [line], words)


# ---------------------------------------------------------------- corrections


def mark_word(route: Route, what: str, said: str = "") -> str:
    """What stands in a sent message beside a report: `what` is deleted, rejected, or words, which are `said`."""
    return notice_words(route.language).say(f"mark_{what}", words=_said(said))


def edited_words(route: Route, gone: Sequence[Watch], new: Sequence[Watch]) -> str:
    """The places that an edit took out, and those that it brought."""
    words = notice_words(route.language)
    out = _places(gone, words)
    return words.say("now_names", gone=out, new=_places(new, words)) if new else out


def _said(text: str) -> str:
    """A person's words as a mark holds them: without brackets, by which it is found again."""
    return name(text.translate({ord("("): ",", ord(")"): ","}), CORRECTION) if text else ""


CORRECTION = 200
"""Characters of a person's correction."""


def correction_line(route: Route, story: Story, watch: Watch | None, told: datetime, what: str, said: str = "") -> str:
    """The line of the next digest, where what was sent cannot be changed; `what` may also be "stands"."""
    words = notice_words(route.language)
    place = name_of(watch, words.language) if watch else "?"
    return words.say(
        f"correction_{what}",
        source=name(story.first.source.shown),
        time=_moment(route, told, words),
        place=place,
        words=_said(said),
    )


def further_corrections(route: Route, more: int) -> tuple[str, ...]:
    """The line that counts corrections beyond those that are named."""
    return (notice_words(route.language).count("corrections", more),) if more > 0 else ()


def correction_page(route: Route, line: str) -> Page:
    """The line as an entry of its own, for a route that has no digest."""
    return _page(name(route.title or route.name), [line], notice_words(route.language))


def at_once_line(route: Route, told: Sequence[tuple[Watch, datetime]]) -> str:
    """What was told at once since the last digest: places and times, so that the digest is whole."""
    words = notice_words(route.language)
    times: dict[str, list[datetime]] = {}
    for watch, at in told:
        times.setdefault(name_of(watch, words.language), []).append(at)
    shown = [
        f"{place} {_moment(route, moments[0], words)}"
        if len(moments) == 1
        else f"{place} ×{len(moments)} ({_from_to(route, moments[0], moments[-1], words)})"
        for place, moments in times.items()
    ]
    return words.say("told_at_once", places=_names(shown, words, 12))


# ---------------------------------------------------------------- the operator


def ops_page(route: Route, lines: Sequence[str]) -> Page:
    words = notice_words(route.language)
    shown = list(lines[:20])
    rest = len(lines) - len(shown)
    return _page(words.say("ops"), [*shown, *([words.say("ops_more", n=rest)] if rest else [])], words)


# ---------------------------------------------------------------- the pinned message


def pin_page(route: Route, watches: Sequence[Watch], sources: Sequence[Source], slots: Sequence[datetime]) -> Page:
    """What the channel is, how often it tells, in which language, what the marks mean, how to mute it.

    `slots` are those of the week that follows.
    """
    words = notice_words(route.language)
    taken = [name_of(watch, words.language) for watch in watches if fits(route.watch, watch)]
    named = _names(dict.fromkeys(taken), words, PINNED_PLACES) or words.say("pin_everything")
    lines = [
        words.say("pin_about", places=named, sources=words.count("sources", len(sources))),
        _rhythm(route, slots, words),
        _pinned_urgent(route, words),
        words.say("pin_quiet", start=route.quiet.start, end=route.quiet.end) if route.quiet else "",
        words.say("pin_delay", span=span(words, route.delay)) if route.delay else "",
        words.say("pin_language"),
        words.say("pin_marks"),
        words.say("pin_mute"),
    ]
    title = _DOT.join([name(route.title or route.name), words.say("pin_title")])
    return _page(title, [line for line in lines if line], words)


PINNED_PLACES = 12
MOST_SLOTS = 201
"""Digests of a week that are looked at to say how often there is one."""


def _rhythm(route: Route, slots: Sequence[datetime], words: Words) -> str:
    if route.digest is None or not slots:
        return words.say("no_digest")
    zone = zone_of(route)
    times = sorted({f"{slot.astimezone(zone):%H:%M}" for slot in slots})
    daily = len(slots) == 7 * len(times) and len(times) <= PINNED_PLACES
    said = ", ".join(times) if daily else _how_often(slots, words)
    return words.say("pin_digest", times=said, zone=words.zone(zone.key))


def _how_often(slots: Sequence[datetime], words: Words) -> str:
    """As "every 30 min" where they are so evenly apart, else as their number in a week."""
    apart = {later - earlier for earlier, later in pairwise(slots)}
    if len(apart) == 1 and _MINUTE <= (each := min(apart)) < _DAY:
        return words.say("every", span=span(words, each))
    if len(slots) >= MOST_SLOTS:
        return words.say("more_than", number=words.count("a_week", MOST_SLOTS - 1))
    return words.count("a_week", len(slots))


def _pinned_urgent(route: Route, words: Words) -> str:
    urgent = route.urgent
    if urgent is None:
        return ""
    return words.say("pin_urgent", sources=urgent.sources, span=span(words, urgent.within))


# ---------------------------------------------------------------- small parts


def span(words: Words, length: timedelta) -> str:
    """A length of time as people say it: "12 min", "36 h", "3 days"."""
    if length >= 3 * _DAY:
        return words.count("span_d", int(length / _DAY))
    if length >= 2 * _HOUR or length == _HOUR:
        return words.count("span_h", int(length / _HOUR))
    return words.count("span_min", max(1, int(length.total_seconds() // 60)))


def zone_of(route: Route) -> ZoneInfo:
    return ZoneInfo(route.digest.timezone if route.digest else "UTC")


def _time(route: Route, moment: datetime) -> str:
    return f"{moment.astimezone(zone_of(route)):%H:%M}"


def _from_to(route: Route, start: datetime, end: datetime, words: Words) -> str:
    """Two moments; a date that both have stands once, and so does a minute."""
    first, last = _moment(route, start, words), _moment(route, end, words)
    zone = zone_of(route)
    if start.astimezone(zone).date() == end.astimezone(zone).date():
        last = _time(route, end)
    return first if first.endswith(f" {last}") else f"{first} – {last}"


def _moment(route: Route, moment: datetime, words: Words) -> str:
    return f"{words.day(moment.astimezone(zone_of(route)))} {_time(route, moment)}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _places(watches: Sequence[Watch], words: Words) -> str:
    return _names(dict.fromkeys(name_of(watch, words.language) for watch in watches), words, 3)


def _names(shown: Iterable[str], words: Words, limit: int = NAMED) -> str:
    names = [name(each) for each in shown]
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" {words.say('and_more', n=rest)}" if rest > 0 else "")


def _page(title: str, lines: Iterable[str], words: Words) -> Page:
    notes: tuple[Line, ...] = tuple((Span(line),) for line in lines)
    return Page(title=title, notes=notes, blocks=(), footer=(), continued=words.say("continued"))
