"""How a digest is told: which words, in which order, with whose names and times.

In: a `Digest`. Out: a `Page`, from which every rendering is made. Invariant: each story's first address is on the page
exactly once, and reports stay reports: the words are the sources' own, and each has a name and a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.digests.authors import corrects
from bot.digests.corroboration import Carriers, Sides, carriers, kind_of, places_meant
from bot.digests.own_words import began, in_time
from bot.digests.page import Block, Item, Line, Page, Span
from bot.digests.quote import LONGEST, Piece
from bot.digests.quoting import further_of, inner, language_of, quote_of
from bot.digests.text import name, safe_address
from bot.digests.together import event_of
from bot.digests.words import Words, words_of
from bot.language.detect import Language, of_name
from bot.language.english import english_name
from bot.language.regions import region_of
from bot.language.variants import counterpart
from bot.model import Digest, Foreign, Place, Report, Section, Story, Watch
from bot.slots import LIMIT

NAMED_SOURCES = 5
NAMED_PLACES = 12
NAMED_TROUBLES = 5
NAMED_SLOTS = 3
TROUBLE = 120
SIDE = 24
_DOT = " · "
_BRIEF = timedelta(minutes=2)


def tell(digest: Digest) -> Page:
    """Lay the digest out."""
    return Teller.of(digest).page()


def name_of(watch: Watch, language: str) -> str:
    """The watch's name as a reader of `language` knows it, else as the operator wrote it.

    Where the operator gave no English name of a place, what English calls it; of a Russian one, where there is one
    regular form in Ukrainian, that.
    """
    if not isinstance(watch, Place):
        return name(watch.name)
    given = watch.names.get(language)
    if given:
        return name(given[0])
    if language == Language.UKRAINIAN:
        return name(_ukrainian(watch.name))
    if language != Language.ENGLISH:
        return name(watch.name)
    others = tuple((each, names[0]) for each, names in watch.names.items() if names)
    return name(english_name(watch.name, watch.language, watch.within, others))


@lru_cache(maxsize=4096)
def _ukrainian(place: str) -> str:
    """A surely Russian name as Ukrainian writes it, where only one form is regular: Рыльск is Рильськ."""
    if of_name(place) != (Language.RUSSIAN,):
        return place
    forms = {form for language, form in counterpart(place, Language.RUSSIAN) if language is Language.UKRAINIAN}
    return forms.pop() if len(forms) == 1 else place


@dataclass(frozen=True, slots=True)
class Teller:
    digest: Digest
    words: Words
    zone: ZoneInfo
    addresses: dict[int, str]
    """By story row: the address that is told at this story."""
    told: frozenset[str]
    """Those addresses."""
    shared: frozenset[str]
    """Names that several watches of this digest have."""
    under: Mapping[int, Watch]
    """By story row: the watch under which the story's address stands."""

    @classmethod
    def of(cls, digest: Digest) -> Teller:
        schedule = digest.route.digest
        zone = ZoneInfo(schedule.timezone if schedule else "UTC")
        known = {watch.id: watch.name.casefold() for watch in (*digest.watches, *digest.quiet)}
        shared = frozenset(one for one, times in Counter(known.values()).items() if times > 1)
        told = addresses(digest)
        sections = (*digest.sections, *digest.earlier)
        under = {story.row: section.watch for section in sections for story in section.stories}
        return cls(digest, words_of(digest.route.language), zone, told, frozenset(told.values()), shared, under)

    def page(self) -> Page:
        return Page(
            title=self.title(),
            notes=tuple(self._notes()),
            blocks=tuple(self._blocks()),
            footer=tuple(self._footer()),
            continued=self.words.say("continued"),
        )

    def title(self) -> str:
        route, words = self.digest.route, self.words
        heading = name(route.title or route.name)
        return f"{heading} · {words.say('digest')} {self._span_of_time()} ({words.zone(self.zone.key)})"

    def _span_of_time(self) -> str:
        since, slot = self.digest.since.astimezone(self.zone), self._end()
        start, end = self._clock(since), self._clock(slot)
        if since.date() == slot.date():
            return f"{self.words.day(slot)} {start}–{end}"
        year = f" {since.year}" if since.year != slot.year else ""
        return f"{self.words.day(since)}{year} {start} – {self.words.day(slot)} {end}"

    def _end(self) -> datetime:
        return (self.digest.ends or self.digest.slot).astimezone(self.zone)

    def _clock(self, local: datetime) -> str:
        brief = self.digest.slot - self.digest.since < _BRIEF
        return f"{local:%H:%M:%S}" if brief else f"{local:%H:%M}"

    def when(self, moment: datetime) -> str:
        local, slot = moment.astimezone(self.zone), self._end()
        return f"{local:%H:%M}" if local.date() == slot.date() else f"{self.words.day(local)} {local:%H:%M}"

    # ------------------------------------------------------------ what stands around the stories

    def _notes(self) -> Iterator[Line]:
        missed = self.digest.missed
        if len(missed) >= LIMIT - 1:
            yield (Span(self.words.count("at_least", len(missed))),)
        elif missed:
            shown = [self.when(slot) for slot in missed[:NAMED_SLOTS]]
            slots = ", ".join(shown if len(shown) == len(missed) else [*shown, "…"])
            yield (Span(self.words.count("missed", len(missed), slots=slots)),)
        if not (self.digest.sections or self.digest.earlier or self.digest.remarks):
            yield (Span(self.words.say("nothing")),)

    def _footer(self) -> Iterator[Line]:
        digest, words = self.digest, self.words
        yield from ((Span(remark),) for remark in digest.remarks)
        if digest.waiting:
            yield (Span(words.count("waiting", digest.waiting)),)
        if digest.settled:
            yield (Span(self._settled()),)
        yield from self._districts()
        if digest.quiet:
            yield (Span(words.say("quiet", places=self._list(digest.quiet))),)
        if digest.sources:
            line = words.say("working", working=digest.working, sources=digest.sources)
            troubles = self._troubles()
            yield (Span(f"{line} ({troubles})" if troubles else line),)
        if address := safe_address(digest.review):
            yield Span(f"{words.say('review')} "), Span(address, url=address)

    def _settled(self) -> str:
        """The rest of a flood, in numbers."""
        settled = self.digest.settled
        words, first = self.words, settled[:NAMED_PLACES]
        shown = [f"{name_of(watch, words.language)} {words.number(number)}" for watch, number in first]
        rest = len(settled) - len(shown)
        places = ", ".join([*shown, *([self.words.say("and_more", n=rest)] if rest else [])])
        return self.words.count("settled", sum(number for _, number in settled), places=places)

    def _districts(self) -> Iterator[Line]:
        """What their places come to; the stories themselves are told under those."""
        for district in self.digest.districts[:NAMED_PLACES]:
            stories = self.words.count("stories", district.stories)
            places = self.words.count("in_places", district.places)
            yield (Span(f"{name_of(district.watch, self.words.language)}: {stories} {places}"),)

    def _troubles(self) -> str:
        troubles = self.digest.troubles
        shown = [name(trouble, TROUBLE) for trouble in troubles[:NAMED_TROUBLES]]
        rest = len(troubles) - len(shown)
        return "; ".join([*shown, *([self.words.say("and_more", n=rest)] if rest else [])])

    def _list(self, watches: tuple[Watch, ...]) -> str:
        shown = [
            _bracketed(name_of(watch, self.words.language), self._region(watch)) for watch in watches[:NAMED_PLACES]
        ]
        rest = len(watches) - len(shown)
        listed = ", ".join(shown)
        return f"{listed} {self.words.say('and_more', n=rest)}" if rest else listed

    # ------------------------------------------------------------ stories

    def _blocks(self) -> Iterator[Block]:
        for section in self.digest.sections:
            yield self._block(section)
        for section in self.digest.earlier:
            yield self._block(section, self.words.say("earlier"))
        if self.digest.again:
            yield Block((Span(self.words.say("again"), bold=True),), tuple(map(self._once_more, self.digest.again)))

    def _once_more(self, story: Story) -> Item:
        """A round-up of what was told: who, when and on which places."""
        named = {hit.hit.watch for report in story.reports for hit in report.hits}
        places = self._list(tuple(watch for watch in self.digest.watches if watch.id in named))
        address = self.addresses.get(story.row)
        return Item(((*self._named(story.first, address), Span(f"{_DOT}{places}" if places else "")),), address)

    def _block(self, section: Section, before: str = "") -> Block:
        stories, watch = (*section.stories, *section.items), section.watch
        meant = max(places_meant(story, watch.id) for story in stories)
        notes = [
            self.words.count("stories", len(stories)),
            self.words.count("posts", sum(len(story.reports) for story in stories)),
            self._uncertain(meant),
            before,
        ]
        heading = self._heading(watch, certain=meant == 1)
        line = (Span(heading, bold=True), Span("".join(_DOT + note for note in notes if note)))
        items = (self._listed(part, watch) for part in section.items)
        return Block(line, (*self._items(section.stories, watch), *items))

    def _items(self, stories: Sequence[Story], watch: Watch) -> Iterator[Item]:
        """Each story, with those that stand with it directly below it."""
        for _, item in groupby(stories, lambda story: self.digest.together.get(story.row, story.row)):
            first, *others = item
            yield self._item(first, watch, others)
            yield from (self._beside(other, watch, (first, *others)) for other in others)

    def _beside(self, story: Story, watch: Watch, event: Sequence[Story]) -> Item:
        """Another story of perhaps the same event: what it says, who says it and where, in a line."""
        address = self.addresses.get(story.row)
        _, *names = self._names(carriers(story), address)
        righting = any(corrects(story.first, each.first) for each in event)
        mark = [Span(f"{_DOT}{self.words.say('corrects')}")] if righting else []
        line = Span("– "), *self._quote(story, watch), *mark, Span(_DOT), *names
        lines = line, *self._further(story, watch), *self._translated(story)
        return Item(lines, address, beside=True)

    def _listed(self, part: Story, watch: Watch) -> Item:
        """What a list that is told under another watch says of this one: its address stands there."""
        carried = carriers(part)
        under = self.words.say("listed", place=name_of(self.under[part.row], self.words.language))
        return Item(
            (
                self._quote(part, watch),
                *self._further(part, watch),
                self.standing(part, watch, carried, one=True),
                (*self._names(carried, None), Span(_DOT + under)),
            )
        )

    def _heading(self, watch: Watch, *, certain: bool) -> str:
        """The name, and in brackets what the operator wrote and, of places with the same name, which one it is."""
        shown, original = name_of(watch, self.words.language), name(watch.name)
        region = self._region(watch) if certain else ""
        return _bracketed(shown, *([] if shown.casefold() == original.casefold() else [original]), region)

    def _uncertain(self, places: int) -> str:
        """Where a name belongs to several places and nothing told which: how many they are."""
        return self.words.say("uncertain", places=self.words.count("places", places)) if places > 1 else ""

    def _region(self, watch: Watch) -> str:
        """Where the place is, if another place of this digest has the same name."""
        if isinstance(watch, Place) and watch.within and watch.name.casefold() in self.shared:
            region = region_of(watch.within)
            return region.name_in(Language(self.words.language)) if region else name(watch.within)
        return ""

    def _item(self, story: Story, watch: Watch, others: Sequence[Story] = ()) -> Item:
        """A story; `others` are those with which it is counted."""
        event, address = event_of(story, others), self.addresses.get(story.row)
        carried = carriers(event)
        lines = (
            self._quote(story, watch),
            *self._further(story, watch),
            *self._translated(story),
            self.standing(event, watch, carried, one=not others),
            self._names(carriers(story) if others else carried, address),
        )
        return Item(lines, address)

    def _translated(self, story: Story) -> Iterator[Line]:
        """Beside the original, never instead of it."""
        made = self.digest.translations.get(story.row)
        if made:
            yield (Span(f"{self.words.say('machine')}: {name(made, LONGEST)}"),)

    def _quote(self, story: Story, watch: Watch) -> Line:
        report, pieces = quote_of(story, watch.id)
        line = _quoted(report, pieces)
        if report is story.first:
            return line
        return *line, Span(" — "), *self._named(report, self._own_address(report))

    def _further(self, story: Story, watch: Watch) -> Iterator[Line]:
        """The other items of a round-up."""
        report, _ = quote_of(story, watch.id)
        yield from (_quoted(report, pieces) for _, pieces in further_of(story, watch.id))

    def standing(self, story: Story, watch: Watch, carried: Carriers, *, one: bool) -> Line:
        """Who carries it; where it is not `one` story, the reports are perhaps of one event."""
        words = self.words
        count = words.count(kind_of(carried.sources), len(carried.sources))
        own = words.count("own", carried.own) if len(carried.sources) > 1 else ""
        added = words.count("added", carried.added) if carried.added else ""
        event = "" if one else words.say("one_event")
        notes = [
            self._sides(carried),
            self._observers(carried),
            ", ".join(note for note in (count, own, added, event) if note),
            self._also(story, watch),
        ]
        return (Span(_DOT.join(note for note in notes if note)),)

    def _sides(self, carried: Carriers) -> str:
        side = name(carried.side, SIDE)
        return "" if carried.sides is Sides.NONE else self.words.say(carried.sides, side=side)

    def _observers(self, carried: Carriers) -> str:
        """How many there are, by what the operator calls them."""
        number = len(carried.observers)
        sides = ", ".join(dict.fromkeys(name(source.side or "", SIDE) for source in carried.observers))
        if number > 1:
            return self.words.count("observers", number, sides=sides)
        return self.words.say("observer", sides=sides) if number else ""

    def _also(self, story: Story, watch: Watch) -> str:
        quoted = {watch.id, *(each for each, _ in further_of(story, watch.id))}
        named = {hit.hit.watch for report in story.reports for hit in report.hits} - quoted
        others = tuple(other for other in self.digest.watches if other.id in named)
        return self.words.say("also", places=self._list(others)) if others else ""

    def _names(self, carried: Carriers, address: str | None) -> Line:
        """Who reported, when, and with what marks; each name leads to its own post, the first to `address`."""
        spans: list[Span] = []
        for report in _in_order(carried)[: 1 + NAMED_SOURCES]:
            own = address if report is carried.first else self._own_address(report)
            spans += [Span(_DOT if spans else f"{self.words.say('first')} "), *self._named(report, own)]
        rest = len(carried.others) - NAMED_SOURCES
        tail = [self.words.count("more", rest)] if rest > 0 else []
        tail += [self.words.count("reposts", carried.reposts)] if carried.reposts else []
        return *spans, *(Span(_DOT + words) for words in tail)

    def _own_address(self, report: Report) -> str | None:
        address = safe_address(report.stored.post.url)
        return None if address in self.told else address

    def _named(self, report: Report, url: str | None) -> Line:
        marks = ", ".join(self._marks(report))
        after = f" {self.when(began(report))}" + (f" ({marks})" if marks else "")
        return Span(name(report.source.shown), url=url), Span(after)

    def _marks(self, report: Report) -> Iterator[str]:
        if report.stored.deleted:
            yield self.words.say("deleted")
        elif report.stored.revision > 1:
            yield self.words.say("edited")
        if report.hits and all(hit.late for hit in report.hits):
            yield self.words.say("late")


def _in_order(carried: Carriers) -> list[Report]:
    """The reports that are named: the first that we read, behind an earlier one that was read after it."""
    read = (carried.first, *carried.others)
    earliest = min(read, key=in_time)
    return [earliest, *(report for report in read if report is not earliest)]


def _quoted(report: Report, pieces: Iterable[Piece]) -> Line:
    language = language_of(report)
    spans = (Span(inner(text), bold=match, quoted=True, language=language) for text, match in pieces)
    return Span("«"), *spans, Span("»")


def foreign(digest: Digest) -> list[Foreign]:
    """The quotes that are in another language than the digest, as they are shown."""
    sections = (*digest.sections, *digest.earlier)
    quoted = ((story.row, *quote_of(story, section.watch.id)) for section in sections for story in section.stories)
    told = ((row, "".join(text for text, _ in pieces), language_of(report)) for row, report, pieces in quoted)
    return [
        Foreign(row, text, language) for row, text, language in told if language not in {None, digest.route.language}
    ]


def addresses(digest: Digest) -> dict[int, str]:
    """By story row, the address of its first post; of stories with the same address only the first told has it."""
    stories = [story for section in (*digest.sections, *digest.earlier) for story in section.stories]
    stories += digest.again
    found: dict[str, int] = {}
    for story in stories:
        address = safe_address(story.first.stored.post.url)
        if address and story.row not in digest.retold:
            found.setdefault(address, story.row)
    return {row: address for address, row in found.items()}


def _bracketed(shown: str, *notes: str) -> str:
    within = ", ".join(note for note in notes if note)
    return f"{shown} ({within})" if within else shown
