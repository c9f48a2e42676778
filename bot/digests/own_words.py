"""In whose words a report is: its source's own, or another's, and why.

In: the reports of a story, or of several of one event. Out: an `Attribution` for each, in order of time. A copy, a
forward or a round-up is the words of another; so is the text of another with little changed or a whole sentence of it,
a short echo soon after another's report in the same language, and a post that is mostly a quote, credits another
channel (by its address, or a source among the reports by name or office), relays the other side, or says that it is a
translation. Of several on the word of one body that nobody carries, the first is the witness. A copy that adds words is
a copy all the same, and is said to add them. Who only asks, doubts or denies what others say has none of their words,
and nobody has his; where nobody says it, who denies it tells it.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.digests.authors import corrects
from bot.digests.credit import Body, Credits, mentions
from bot.digests.pairs import Pair, pairs_whatever_numbers
from bot.digests.quote import bare
from bot.digests.stances import stance_of
from bot.language.detect import of_text
from bot.language.stance import Stance, correcting
from bot.model import Relation, Report, Source

ECHO_WITHIN = timedelta(minutes=5)
ECHO_LENGTH = 120
"""A post so short, so soon after another source's, says no more than "they say"."""
_QUOTED = 0.6
"""Share of a text between quotation marks from which the words are another's."""
_ALIKE = 0.6
"""Share of the shorter text's pairs of neighbouring words that makes it the other text with little changed."""
_FEWEST = 5
"""Pairs, so six words: shorter texts are alike by chance."""
_ADDED = 8
"""Pairs that no other report has, outside of lines with a link: from so many on, a copy adds words of its own."""
_HOLDING = 100
_LINKED = re.compile(r"^.*(?:@\w{3,}|t\.me/|https?://).*$", re.MULTILINE)
_QUOTE = re.compile(r"«[^«»]{20,}»|“[^“”]{20,}”|„[^„“”]{20,}[“”]|\"[^\"\n]{20,}\"|^>.*$", re.MULTILINE)
_CREDIT = re.compile(
    r"\b(?:сообща(?:ет|ют)|пиш(?:ет|ут)|передаёт|передает|по данным|повідомля(?:є|ють)|пиш(?:е|уть)|за даними|джерело|"
    r"источник|source|via|reports?|according to)\b[^.\n]{0,40}(?:@\w{4,}|t\.me/\w+)"
    r"|(?:@\w{4,}|t\.me/\w+)[^.\n]{0,20}\b(?:сообща(?:ет|ют)|пиш(?:ет|ут|е|уть)|повідомля(?:є|ють)|reports?)\b",
    re.IGNORECASE,
)
_TRANSLATES = re.compile(
    r"(?:^|[\n.!?(\[])\s*(?:(?:машинный |машинний |machine )?(?:перевод|переклад|translation|translated)\b|пер\.)"
    r"\s*(?:[:\[(—–-]|с |з |from |by )",
    re.IGNORECASE,
)


class Whose(StrEnum):
    """In whose words a report is. The value says it of its source; `{other}` is whose words they are."""

    OWN = "says it in its own words"
    REPEATED = "repeats the words of another"
    ADDED = "repeats the words of another, and adds words of its own"
    ROUND_UP = "tells it in a round-up of reports, or as a part of one"
    ALTERED = "has the text of {other} with little changed"
    SENTENCE = "has a whole sentence of {other}"
    ECHO = f"is a quick echo of {{other}}: at most {ECHO_LENGTH} characters, in the same language, within 5 minutes"
    CREDITED = "credits {other}"
    SAME_BODY = "tells it on the word of the same body as {other}"
    QUOTED = "is mostly a quote"
    TRANSLATED = "says that it is a translation"
    ASKS = Stance.ASKS.value
    DOUBTS = Stance.DOUBTS.value
    DENIES = Stance.DENIES.value
    CHANGED = Stance.CHANGED.value


NOT_TOLD = frozenset({Whose.ASKS, Whose.DOUBTS, Whose.DENIES, Whose.CHANGED})
"""Who stands otherwise to what the others tell."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """A report, in whose words it is, and the report that has them where it is known."""

    report: Report
    whose: Whose
    other: Report | None = None

    @property
    def words(self) -> str:
        """As "DeepState has the text of Рыбарь with little changed"."""
        other = self.other.source.shown if self.other else "another"
        return f"{self.report.source.shown} {self.whose.value.format(other=other)}"


def in_own_words(reports: Iterable[Report]) -> Iterator[Report]:
    """The reports that their sources wrote themselves, in order of their time: one read late may be the earliest."""
    return (each.report for each in attributed(reports) if each.whose is Whose.OWN)


def attributed(reports: Iterable[Report]) -> Iterator[Attribution]:
    """Each report with whose words it has, in order of their time."""
    ranked = list(_stances(sorted(reports, key=in_time)))
    there = {stance for _, stance in ranked}
    telling = next((each for each in (Stance.SAYS, Stance.CHANGED) if each in there), Stance.DENIES)
    told = _told([report for report, stance in ranked if stance is telling])
    yield from (
        next(told) if stance is telling else Attribution(report, Whose[stance.name]) for report, stance in ranked
    )


def _stances(in_order: Sequence[Report]) -> Iterator[tuple[Report, Stance]]:
    """How each report stands to what is told: a source that puts itself right does not say any more what it said."""
    righting = [report for report in in_order if correcting(report.stored.post.body)]
    for report in in_order:
        said = stance_of(report)
        changed = any(corrects(later, report) for later in righting) or (
            report in righting and any(corrects(report, earlier) for earlier in in_order)
        )
        yield report, Stance.CHANGED if changed and said is Stance.SAYS else said


def _told(in_order: Sequence[Report]) -> Iterator[Attribution]:
    """Each of the reports that tell it."""
    late = in_order[0] if in_order and _read_late(in_order[0], in_order) else None
    sources = {report.source.name: report.source for report in in_order}
    credited = {report.stored.row: Credits.of(report) for report in in_order}
    told = _Told(
        sources=sources,
        texts=_Texts() if len(sources) > 1 else None,
        late=late,
        credited=credited,
        witnesses=_Witnesses.of(credited if len(sources) > 1 else {}),
    )
    return map(told.take, in_order)


@dataclass(slots=True)
class _Told:
    """What was told so far, to know what the next report has of it."""

    sources: Mapping[str, Source]
    texts: _Texts | None
    """None where there is one source alone."""
    late: Report | None
    """What was placed as a copy, and is the original."""
    credited: Mapping[int, Credits]
    """By the row of the report."""
    witnesses: _Witnesses
    latest: dict[str, Report] = field(default_factory=dict)
    """The last report of each source, the very last at the end."""

    def take(self, report: Report) -> Attribution:
        found = self._attributed(report)
        if found.whose is Whose.OWN and (same := self.witnesses.before(report)):
            found = Attribution(report, Whose.SAME_BODY, same)
        self.latest.pop(report.source.name, None)
        self.latest[report.source.name] = report
        return found

    def _attributed(self, report: Report) -> Attribution:
        repeated, like = self._repeated(report), None
        if self.texts and not (repeated and self.latest):
            like = self.texts.like(report)
        if like is not None and like is self.late:
            repeated = Whose.REPEATED
        if repeated in {None, Whose.ADDED}:
            given = self.credited[report.stored.row]
            if source := given.source(self.sources.values()):
                whose = Whose.REPEATED if repeated else Whose.CREDITED
                return Attribution(report, whose, self.latest.get(source.name))
            if not repeated and given.relays:
                return Attribution(report, Whose.CREDITED)
        if not repeated and not like and self.texts and (whole := self.texts.with_sentence_of(report)):
            return Attribution(report, Whose.SENTENCE, whole)
        return _attributed(report, repeated, like, self.latest)

    def _repeated(self, report: Report) -> Whose | None:
        # An original too is a part of a round-up that nobody told before.
        if report is self.late or (not self.latest and report.relation is Relation.INCLUDED):
            return None
        repeated = _REPEATED.get(_relation(report))
        if repeated is Whose.REPEATED and self.texts and report.relation is Relation.COPY:
            return Whose.ADDED if self.texts.lacks(report) >= _ADDED else repeated
        return repeated


@dataclass(slots=True)
class _Witnesses:
    """On whose word the reports are told that are their sources' own; of several on one word the first counts."""

    given: Mapping[int, tuple[Body, ...]]
    """The bodies that each report gives, by its row; none where there is one source alone."""
    heard: list[tuple[Report, tuple[Body, ...]]] = field(default_factory=list)

    @classmethod
    def of(cls, credited: Mapping[int, Credits]) -> _Witnesses:
        given = {row: each.bodies() for row, each in credited.items()}
        names = dict.fromkeys(body for each in given.values() for body in each)
        return cls({row: (*given[row], *each.heading(names)) for row, each in credited.items()})

    def before(self, report: Report) -> Report | None:
        """The earlier report of another source on the same word."""
        given = self.given.get(report.stored.row, ())
        if not given:
            return None
        others = ((other, theirs) for other, theirs in self.heard if other.source.name != report.source.name)
        found = next(
            (other for other, theirs in others if any(one.may_be(two) for one in given for two in theirs)), None
        )
        self.heard.append((report, given))
        return found


def _read_late(earliest: Report, reports: Iterable[Report]) -> bool:
    """Whether what is placed as a copy is the original: what it is a copy of, or forwards it, came after it."""
    if _relation(earliest) is not Relation.COPY:
        return False
    ours = pairs_whatever_numbers(earliest.stored.post.body)
    return any(
        other.stored.post.forwarded_from == earliest.stored.post.key
        or (other.relation is Relation.FIRST and _much_alike(ours, pairs_whatever_numbers(other.stored.post.body)))
        for other in reports
    )


def _much_alike(ours: Collection[Pair], theirs: Collection[Pair]) -> bool:
    fewest = min(len(ours), len(theirs))
    return fewest >= _FEWEST and len(set(ours) & set(theirs)) >= _ALIKE * fewest


def began(report: Report) -> datetime:
    return report.stored.happened


def in_time(report: Report) -> tuple[datetime, bool, int]:
    """Sorts reports by their time; of one second the original stands before its forwards."""
    return began(report), report.stored.post.forwarded_from is not None, report.stored.row


def _attributed(report: Report, repeated: Whose | None, like: Report | None, latest: dict[str, Report]) -> Attribution:
    if repeated is not None:
        return Attribution(report, repeated)
    if like is not None and like.source.name != report.source.name:
        return Attribution(report, Whose.ALTERED, like)
    echoed = _echoed(report, latest)
    return Attribution(report, Whose.ECHO, echoed) if echoed else Attribution(report, _cited(report.stored.post.body))


def _relation(report: Report) -> Relation:
    return Relation.FORWARD if report.stored.post.forwarded_from is not None else report.relation


_REPEATED = {
    Relation.COPY: Whose.REPEATED,
    Relation.FORWARD: Whose.REPEATED,
    Relation.INCLUDED: Whose.ROUND_UP,
}


def _echoed(report: Report, latest: dict[str, Report]) -> Report | None:
    """What a short report says again. In another language somebody wrote it anew.

    `latest` is the last report of each source before it, the very last at the end.
    """
    body = report.stored.post.body
    if len(body) > ECHO_LENGTH:
        return None
    for other in reversed(latest.values()):
        if began(report) - began(other) > ECHO_WITHIN:
            return None
        if other.source.name != report.source.name and _one_language(body, other.stored.post.body):
            return other
    return None


def _one_language(one: str, two: str) -> bool:
    """Whether nothing tells that two texts are in different languages."""
    ours, theirs = of_text(one), of_text(two)
    return ours is theirs or None in {ours, theirs}


def _cited(body: str) -> Whose:
    if _CREDIT.search(body):
        return Whose.CREDITED
    if _TRANSLATES.search(body):
        return Whose.TRANSLATED
    quoted = sum(len(match) for match in _QUOTE.findall(body))
    return Whose.QUOTED if quoted >= _QUOTED * max(1, len(body)) else Whose.OWN


@dataclass(slots=True)
class _Texts:
    """The texts of reports, no two of them alike, by their pairs of neighbouring words."""

    reports: list[Report] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    holding: dict[Pair, deque[int]] = field(default_factory=dict)
    """The last texts with this pair: in a flood of one form everything has the same."""

    def lacks(self, report: Report) -> int:
        """How many pairs of a copy none of the texts has; lines with a link are its source's sign, and do not count.

        0 for one that credits somebody, and where none of the texts is what it copies.
        """
        body = report.stored.post.body
        pairs = pairs_whatever_numbers(_LINKED.sub("", body))
        new = sum(pair not in self.holding for pair in pairs)
        return new if len(pairs) - new >= _FEWEST and _cited(body) is Whose.OWN else 0

    def like(self, report: Report) -> Report | None:
        """The earlier report whose text this is with little changed; if there is none, it is kept for later ones."""
        pairs = pairs_whatever_numbers(report.stored.post.body)
        if len(pairs) < _FEWEST:
            return None
        for number, count in self._shared(pairs).items():
            if count >= _ALIKE * min(len(pairs), self.sizes[number]):
                return self.reports[number]
        for pair in pairs:
            self.holding.setdefault(pair, deque(maxlen=_HOLDING)).append(len(self.reports))
        self.reports.append(report)
        self.sizes.append(len(pairs))
        return None

    def with_sentence_of(self, report: Report) -> Report | None:
        """The earlier report of another source that has a whole sentence of this one, with a mention in it."""
        for span in mentions(report):
            pairs = pairs_whatever_numbers(bare(report.stored.post.body, span)[0])
            for number, count in self._shared(pairs).items():
                other = self.reports[number]
                if _FEWEST <= len(pairs) == count and other.source.name != report.source.name:
                    return other
        return None

    def _shared(self, pairs: Iterable[Pair]) -> Counter[int]:
        """How many of the pairs each kept text has."""
        return Counter(number for pair in pairs for number in self.holding.get(pair, ()))
