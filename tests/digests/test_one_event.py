"""One event in several words, from posts through the real grouper to the bullet that readers see."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.digests import Flavour, compose, render
from bot.digests.together import together
from bot.model import Destination, DestinationKind, Place, Report, Route, SideKind, Source, SourceKind, Story
from bot.stories import Grouper
from tests.digests.reports import naming

START = datetime(2025, 1, 6, 8, 42, tzinfo=UTC)
BERDIN = Place(id="berdin", name="Бердин")
ROUTE = Route(name="kursk", to=Destination(DestinationKind.CONSOLE))
TEXT = (
    "Бои идут у Бердина, северо-восточнее Суджи. Противник пытается расширить плацдарм и атакует несколькими группами "
    "бронетехники при поддержке артиллерии."
)
UKRAINIAN = (
    "Сили оборони атакують біля Бердіна, на північний схід від Суджі, кількома групами бронетехніки за підтримки "
    "артилерії. Бої тривають."
)
SAID = (
    ("rybar", "ru", TEXT),
    ("podolyaka", "ru", f"⚡️СРОЧНО {TEXT}"),
    ("deepstate", "ua", UKRAINIAN),
    ("wire", "press", f"{TEXT}\n\nПодписывайтесь @wirechannel"),
    ("isw", "press", f"{TEXT} #Курск"),
)


def told() -> list[str]:
    """The lines of a digest of what was said."""
    grouper, stories = Grouper(), dict[str, list[Report]]()
    related: dict[str, tuple[str, ...]] = {}
    for row, (name, side, text) in enumerate(SAID, 1):
        when = START + timedelta(minutes=13 * row)
        kind = SideKind.OBSERVER if side == "press" else SideKind.PARTY
        source = Source(name=name, kind=SourceKind.CHANNEL, address="", side=side, side_kind=kind)
        form = next(form for form in ("Бердин", "Бердін") if form in text)
        report = naming(source, row, text, when, {form: "berdin"}, number=1)
        placed = grouper.place(report.stored.post, when=when, places=["berdin"])
        report = replace(report, relation=placed.relation)
        stories.setdefault(placed.story, []).append(report)
        related.setdefault(placed.story, placed.related)
    rows = {key: row for row, key in enumerate(stories, 1)}
    made = compose(
        ROUTE,
        [Story(row=rows[key], reports=tuple(reports)) for key, reports in stories.items()],
        slot=START + timedelta(hours=3),
        since=START,
        now=START + timedelta(hours=3),
        watches=[BERDIN],
        related={rows[key]: frozenset(rows[other] for other in others) for key, others in related.items()},
    )
    assert made.digest is not None
    (message,) = render(made.digest, flavour=Flavour.PLAIN)
    return message.text.splitlines()


def test_one_event_of_two_sides_is_one_bullet_with_all_its_voices() -> None:
    _, _, heading, quote, standing, names, address, other, further = told()
    assert heading == "Berdin (Бердин) · 2 stories · 5 posts"
    assert quote.startswith("• «Бои идут у Бердина")
    assert standing == "  both sides · 5 channels, 2 in their own words, perhaps of one event"
    assert names == "  first rybar 08:55 · podolyaka 09:08 · wire 09:34 · isw 09:47"
    assert address == "  https://t.me/rybar/1"
    assert other.startswith("  – «Сили оборони атакують біля Бердіна")
    assert other.endswith(" · deepstate 09:21")
    assert further == "  https://t.me/deepstate/1"


def test_a_report_of_an_uncertain_place_stands_alone() -> None:
    """Its like stands under another heading, which names one place."""
    one, other, third = (_story(row, candidates) for row, candidates in ((1, ("w",)), (2, ()), (3, ())))
    related = {2: frozenset({1}), 3: frozenset({1, 2})}
    assert together([one, other, third], related, lambda _: "berdin") == {3: 2}


def _story(row: int, candidates: tuple[str, ...]) -> Story:
    source = Source(name="rybar", kind=SourceKind.CHANNEL, address="")
    report = naming(source, row, "Бердин", START + timedelta(minutes=row), {"Бердин": "berdin"}, candidates=candidates)
    return Story(row=row, reports=(report,))
