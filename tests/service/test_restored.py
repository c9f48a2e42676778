"""A copy two days old takes the place of the database: nothing is sent twice, what comes then is sent once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.http.serving import Answer, Request, serve
from bot.store import Store
from tests.fakes.installation import FRONT, Installation, stop
from tests.service.test_run import until


@dataclass
class Desk:
    """Takes what a webhook is sent."""

    bodies: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def answer(self, request: Request) -> Answer:
        self.bodies.append(json.dumps(json.loads(request.body), ensure_ascii=False))
        self.keys.append(request.headers["Idempotency-Key"])
        return Answer(200)

    def told(self, number: int) -> int:
        return sum(f'https://t.me/{FRONT}/{number}"' in body for body in self.bodies)


@pytest.fixture
async def desk(installed: Installation) -> AsyncIterator[Desk]:
    made = Desk()
    async with serve(made.answer) as server:
        secret = installed.folder / "hook"
        secret.write_text(f"{server.url}/hook\n", encoding="utf-8")
        secret.chmod(0o600)
        routes = installed.folder / "config/routes.yaml"
        routes.write_text(
            f"routes:\n  - {{name: all, to: 'file:{installed.folder}/out.txt', digest: {{cron: '* * * * * *'}}}}\n"
            f"  - {{name: hook, to: webhook, url_file: '{secret}', digest: {{cron: '* * * * * *'}}}}\n",
            encoding="utf-8",
        )
        yield made


def times(installed: Installation, desk: Desk, number: int) -> tuple[int, int]:
    """How often the file and the webhook were told of a post."""
    return installed.told.count(f"https://t.me/{FRONT}/{number}\n"), desk.told(number)


async def test_nothing_is_sent_twice_after_a_restore_of_a_copy_two_days_old(
    installed: Installation, desk: Desk
) -> None:
    installed.clock.moment -= timedelta(days=2)
    await installed.once()
    installed.write("Бои под Суджей.")
    await installed.once()
    async with installed.store() as store:
        await store.backup(installed.folder / "copy.db")
    installed.clock.moment += timedelta(days=1)
    for text in ("Колонна вошла в Бердин.", "Из Суджи вывозят жителей."):
        installed.write(text)
        await installed.once()
    assert [times(installed, desk, number) for number in (1, 2, 3)] == [(1, 1)] * 3
    told, keys = installed.told, list(desk.keys)

    restored_at = datetime.now(UTC) - timedelta(minutes=5)
    await Store.restore(installed.folder / "copy.db", installed.config.database, restored_at)
    installed.clock.moment = restored_at
    for _ in range(2):
        done = await installed.once()
        assert not done.failed
    assert (installed.told, desk.keys) == (told, keys)
    assert {hit.post: hit.late for hit in await installed.hits()} == {
        f"{FRONT}/1": False,
        f"{FRONT}/2": True,
        f"{FRONT}/3": True,
    }

    installed.clock.moment = datetime.now(UTC)
    asked = installed.feed_asked
    process = await installed.start("run", "--quiet")
    await until(lambda: installed.feed_asked > asked)
    installed.write("У Бердина слышны взрывы.")
    await until(lambda: times(installed, desk, 4) == (1, 1))
    assert await stop(process) == 0
    assert [times(installed, desk, number) for number in (1, 2, 3, 4)] == [(1, 1)] * 4
    assert max(Counter(desk.keys).values()) == 1
