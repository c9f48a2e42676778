"""Commands by which people decide, from confirm to undo; and audit, which lists it all.

In: ids as the other commands print them. Out: a line for each decision, with the id that undoes it. Invariant: what was
decided stays written down; an undo is a decision too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Json, context_of, harmless, plain, run, show
from bot.model import Rejection, flat

if TYPE_CHECKING:
    from bot.store import Act, Acted, Store

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Hits, or stories or posts for all their hits.")]
Stories = Annotated[list[str], typer.Argument(metavar="ID...", help="Stories, as `stories` prints them.")]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Words for those who read the audit.")]


def add_to(app: typer.Typer) -> None:
    for command in (confirm, reject, move, merge, split, pin, unpin, note, correct, settle, undo, audit):
        app.command()(command)


def confirm(context: typer.Context, ids: Ids, note: Note = "") -> None:
    """Confirm hits: they mean the place, whatever their confidence."""
    _decide(context, "confirm", ids, note=note)


def reject(
    context: typer.Context,
    ids: Ids,
    reason: Annotated[
        str, typer.Option(metavar="REASON", help=f"{', '.join(Rejection)}; or words of your own.")
    ] = Rejection.OTHER,
    note: Note = "",
) -> None:
    """Reject hits: they no longer count for stories and digests, and stay listed."""
    known = reason in set(Rejection)
    words = note if known else f"{reason}; {note}".removesuffix("; ")
    if not known:
        typer.echo(harmless(f"{reason}: none of {', '.join(Rejection)}; kept as other, with these words"), err=True)
    _decide(context, "reject", ids, reason=Rejection(reason) if known else Rejection.OTHER, note=words)


def move(
    context: typer.Context,
    ids: Ids,
    to: Annotated[str, typer.Option(metavar="WATCH", help="The id of the place that is meant.")],
    note: Note = "",
) -> None:
    """Say that hits mean another watched place."""
    from bot.errors import WrongUsage  # noqa: PLC0415

    watches = {watch.id for watch in context_of(context).config().watches}
    if to not in watches:
        raise WrongUsage(to, "is no watch of the watchlists", "name one by its id")
    _decide(context, "move", ids, to=to, note=note)


def merge(context: typer.Context, ids: Stories, note: Note = "") -> None:
    """Make one story of several: the one that began first takes the others in."""
    _decide(context, "merge", ids, note=note)


def split(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Posts; each becomes a story of its own.")],
    note: Note = "",
) -> None:
    """Take posts out of their story: each begins one of its own."""
    _decide(context, "split", ids, note=note)


def pin(context: typer.Context, ids: Stories, note: Note = "") -> None:
    """Keep stories at the top of the queue."""
    _decide(context, "pin", ids, note=note)


def unpin(context: typer.Context, ids: Stories, note: Note = "") -> None:
    """Let go of pinned stories."""
    _decide(context, "unpin", ids, note=note)


def note(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="ID", help="A hit, story, post, watch or source.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What others should know of it.")],
) -> None:
    """Write something down beside a hit, story, post, watch or source; `trace` and the page show it."""
    _decide(context, "note", [key], note=text)


def correct(
    context: typer.Context,
    ids: Stories,
    route: Annotated[str, typer.Option(metavar="ROUTE", help="The route that told them.")],
    note: Annotated[
        str, typer.Option(metavar="TEXT", help="What is right; without it the correction is taken back.")
    ] = "",
) -> None:
    """Put right what a route told: its messages are edited where they can be, else its next digest says it."""
    _decide(context, "correct", ids, to=route, note=note)


def settle(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Deliveries, as `outbox` prints them.")],
    arrived: Annotated[bool, typer.Option("--arrived", help="They are where they should be.")] = False,
    again: Annotated[bool, typer.Option("--again", help="They are not there: send them again.")] = False,
    link: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="With --arrived: the message's address or number, so that edits find it."),
    ] = None,
    note: Note = "",
) -> None:
    """Settle deliveries that are parked, or of which nobody knows whether they arrived, after a look at the channel.

    A running service goes on by it at once; what is sent again keeps its key.
    """
    from bot.errors import WrongUsage  # noqa: PLC0415

    if arrived == again or (link and again):
        raise WrongUsage(
            "settle", "is to be told what a look showed", "give --arrived, perhaps with --link, or --again"
        )
    _decide(context, "arrived" if arrived else "again", ids, note=note, to=link)


def undo(
    context: typer.Context,
    key: Annotated[str | None, typer.Argument(metavar="[ID]", help="A decision; else your last one.")] = None,
) -> None:
    """Take back a decision: all is as it was before."""
    wanted = _act("undo", [])
    _tell(context, lambda store: store.reviews.undo(wanted, key, datetime.now(UTC)), "undo")


def audit(
    context: typer.Context,
    limit: Annotated[int, typer.Option(metavar="50", min=1, help="So many decisions at most.")] = 50,
    as_json: Json = False,
) -> None:
    """What people decided, newest first: who, when, how, before and after."""
    from bot.service.memory import looking  # noqa: PLC0415

    async def ask() -> list[dict[str, object]]:
        async with looking(context_of(context).config()) as store:
            return [{**flat(row), "targets": list(row.after)} for row in await store.reviews.newest(limit)]

    columns = ("id", "at", "who", "how", "kind", "targets", "reason", "note", "undone")
    show(run(ask()), columns, as_json=as_json, empty="Nobody has decided anything yet.")


def _act(kind: str, ids: list[str], *, reason: Rejection | None = None, note: str = "", to: str | None = None) -> Act:
    from bot.config.operator import operator  # noqa: PLC0415
    from bot.store import Act, ActKind, How  # noqa: PLC0415

    targets = tuple(dict.fromkeys(ids))
    return Act(kind=ActKind(kind), targets=targets, who=operator(), how=How.CLI, reason=reason, note=note, to=to)


def _decide(
    context: typer.Context,
    kind: str,
    ids: list[str],
    *,
    reason: Rejection | None = None,
    note: str = "",
    to: str | None = None,
) -> None:
    wanted = _act(kind, ids, reason=reason, note=note, to=to)
    _tell(context, lambda store: store.reviews.perform(wanted, datetime.now(UTC)), kind)


def _tell(context: typer.Context, work: Callable[[Store], Awaitable[Acted]], kind: str) -> None:
    from bot.service.memory import changing  # noqa: PLC0415

    async def do() -> Acted:
        async with changing(context_of(context).config()) as store:
            return await work(store)

    done = run(do())
    if done.id is None:
        typer.echo("It is so already; nothing was changed.", err=True)
    else:
        typer.echo(f"{done.id}: {kind} {plain(list(done.targets))}; `undo {done.id}` takes it back")
