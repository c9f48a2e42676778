"""Commands that set up and keep in order: init, check, login, forget, db.

In: folders and names. Out: files, or what is wrong with them. Invariant: nothing that exists is overwritten.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import context_of, harmless, progress, run, show
from bot.errors import PlacewireError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.store import Carried

database = typer.Typer(help="The database: upgrade, backup, move, restore, verify.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    for command in (init, check, login, user, forget):
        app.command()(command)
    app.add_typer(database, name="db")


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")]) -> None:
    """Write a sample configuration, ready to run."""
    from bot.config.sample import sample  # noqa: PLC0415

    for path in sample(folder):
        typer.echo(path)
    typer.echo(f"Edit {folder}/watchlists, then: placewire --config {folder} check", err=True)


def check(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Read the files only; ask no source.")] = False,
) -> None:
    """Check the configuration, every fault at once, and ask each source whether it can be read."""
    config = context_of(context).checked()
    _tell_doubts(config)
    _tell_sessions(config)
    typer.echo(_summary(config))
    _tell_pace(config)
    if not offline and config.sources:
        _ask_sources(config)


def user(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who; somebody of this name is replaced.")],
    role: Annotated[
        str, typer.Option(metavar="viewer|reviewer", help="A viewer looks, a reviewer decides.")
    ] = "reviewer",
    token: Annotated[bool, typer.Option("--token", help="For a script: print a token instead of asking.")] = False,
) -> None:
    """Let somebody use the page: asks for a password, and writes its hash into `review: users_file`."""
    from bot.errors import WrongUsage  # noqa: PLC0415
    from bot.review import users  # noqa: PLC0415

    file = context_of(context).config().review.users_file
    if file is None:
        raise WrongUsage("review", "has no users_file", "name one in bot.yaml: review: {users_file: secrets/users}")
    if role not in set(users.Role) or not users.is_name(name):
        raise WrongUsage(f"{name} {role}", "is no user", "a name without spaces, and the role viewer or reviewer")
    if token:
        made, words = users.with_token(name, users.Role(role))
        typer.echo(words)
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        made = users.with_password(name, users.Role(role), password)
    users.keep(file, made)
    typer.echo(f"{name} may use the page as {role}", err=True)


def forget(
    context: typer.Context,
    keys: Annotated[list[str], typer.Argument(metavar="ID...", help="Posts, as `search` and `hits` print them.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept, the words are not.")],
) -> None:
    """Forget posts for good: words, earlier wordings, index and unsent messages; they never come back.

    On PostgreSQL the tables that held words are rewritten, and the service waits: name several posts together.
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from bot.service.backups import older_copies  # noqa: PLC0415
    from bot.service.memory import changing  # noqa: PLC0415
    from bot.store import Store  # noqa: PLC0415

    config = context_of(context).config()

    async def act() -> list[str]:
        async with changing(config) as store:
            return await store.forget(*keys, reason=reason, now=datetime.now(UTC))

    new = run(act())
    for key in dict.fromkeys(keys):
        typer.echo(f"{key}: {'forgotten' if key in new else 'was forgotten before'}")
    older = [*map(str, older_copies(config)), *(f"database {name}" for name in run(Store.replaced(config.database)))]
    if older:
        typer.echo("copies made before may still hold its words; delete those you need no longer:", err=True)
        for copy in older:
            typer.echo(harmless(f"  {copy}"), err=True)


def _tell_doubts(config: Config) -> None:
    """What may be wrong with the names of places, unless a warning of the same line has told it."""
    from bot.config.cache import cache_folder  # noqa: PLC0415
    from bot.config.doubting import doubts_of  # noqa: PLC0415
    from bot.gazetteer import known_gazetteer  # noqa: PLC0415
    from bot.matching.doubting import doubts_of_forms  # noqa: PLC0415

    told = {(fault.file, fault.line, fault.column) for fault in config.warnings}
    watches = {watch.id: watch for watch in config.watches}
    found = doubts_of(
        config.folder,
        known_gazetteer(cache_folder()),
        lambda identity: doubts_of_forms(watches[identity]) if identity in watches else (),
    )
    for doubt in found:
        if (doubt.file, doubt.line, doubt.column) not in told:
            typer.echo(harmless(f"warning: {doubt}"), err=True)


def _tell_sessions(config: Config) -> None:
    """Sessions that are there and cannot be used; one that is not there is a warning of the configuration."""
    from bot.service.telegram import proxy_fault  # noqa: PLC0415
    from bot.telegram import SessionFault, check_session  # noqa: PLC0415

    for reader in config.telegram.readers:
        fault = check_session(reader.session_file)
        if fault and fault is not SessionFault.MISSING:
            typer.echo(harmless(f"warning: reader {reader.name}: {fault}"), err=True)
    if (way := config.telegram.proxy) and config.telegram.has_accounts and (missing := proxy_fault(way)):
        typer.echo(f"warning: {missing}", err=True)


def _summary(config: Config) -> str:
    kinds = Counter(source.kind.value for source in config.sources)
    return (
        f"{config.folder}: {len(config.watches)} watches, {kinds['feed']} feeds, "
        f"{kinds['channel']} channels, {len(config.routes)} routes: no faults"
    )


def _tell_pace(config: Config) -> None:
    from bot.service.polling import pace  # noqa: PLC0415

    for line in run(pace(config)):
        typer.echo(line)


def _ask_sources(config: Config) -> None:
    from bot.service.polling import poll_all  # noqa: PLC0415

    conditions = run(poll_all(config))
    rows = [
        {"source": name, "state": found.state, "detail": found.detail, "remedy": found.remedy}
        for name, found in conditions.items()
    ]
    show(rows, ("source", "state", "detail", "remedy"), as_json=False, empty="")


def login(
    context: typer.Context,
    reader: Annotated[
        str | None, typer.Argument(metavar="READER", help="A reader of bot.yaml, if there are several.")
    ] = None,
) -> None:
    """Log a reader's account in: phone, code, password; writes its session file, which is the account itself."""
    from bot.service.login import login as log_in  # noqa: PLC0415

    def ask(question: str, secret: bool) -> str:
        return str(typer.prompt(question, hide_input=secret, err=True))

    path = run(log_in(context_of(context).config(), reader, ask))
    typer.echo(f"{path}: written, readable by you alone. Whoever has it is the account: never copy it.")


@database.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to this version's schema, after a backup; `run` and `once` do so by themselves."""
    from bot.service.memory import writing  # noqa: PLC0415

    config = context_of(context).config()

    async def act() -> None:
        async with writing(config):
            pass

    run(act())
    typer.echo(f"{config.shown_database}: up to date")


@database.command()
def backup(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; it must not exist.")],
) -> None:
    """Copy the database, also while the service writes, and verify the copy."""
    from bot.service.memory import looking  # noqa: PLC0415

    if path.exists():
        raise PlacewireError(str(path), "is there already", "name a file that is not")

    async def act() -> None:
        with progress("copying") as shown:
            async with looking(context_of(context).config()) as store:
                await store.backup(path, shown)

    run(act())
    typer.echo(f"{path}: written and verified")


@database.command()
def move(
    context: typer.Context,
    to: Annotated[str, typer.Argument(metavar="ADDRESS", help="postgresql://... or sqlite:///FILE; it must be empty.")],
) -> None:
    """Copy the whole database to another address, all or nothing, counted; the old one stays as it is.

    Stop the service first; then name the new address under `database:` in bot.yaml.
    """
    from bot.config import masked  # noqa: PLC0415
    from bot.store import Store  # noqa: PLC0415

    config = context_of(context).config()
    with progress("moving") as shown:
        counts = run(Store.move(config.database, to, shown))
    rows = f"{counts['post']} posts, {counts['hit']} hits, {sum(counts.values())} rows in all"
    typer.echo(f"{masked(to)}: {rows}, as in {config.shown_database}; write it under database: in bot.yaml")


@database.command()
def restore(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that `db backup` made.")],
) -> None:
    """Put a copy in the place of the database; what may have been sent since is not sent again."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from bot.store import Store  # noqa: PLC0415

    config = context_of(context).config()
    restored = run(Store.restore(path, config.database, datetime.now(UTC)))
    posts = restored.copy.posts
    typer.echo(f"{config.shown_database}: restored, {posts} posts; nothing older than now will be announced")
    if restored.aside:
        typer.echo(f"what was there is kept: {restored.aside}")
        typer.echo(_carried(restored.carried))


def _carried(done: Carried) -> str:
    if not done.readable:
        return "it cannot be read: what people silenced and decided after the copy is lost with it"
    over = f"carried over from it: {done.silences} silences, {done.acts} decisions on hits"
    left = f"; {done.left} more acts are of what the copy does not have, and stay there (`audit`)" if done.left else ""
    return f"{over}{left}"


@database.command()
def verify(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A copy; the database itself if left out.")
    ] = None,
) -> None:
    """Check a copy or the database, page by page."""
    from bot.store import Store  # noqa: PLC0415

    config = context_of(context).config()
    verified = run(Store.verify(path or config.database))
    name = path or config.shown_database
    typer.echo(f"{name}: whole; {verified.posts} posts, {verified.hits} hits, schema {verified.version}")
