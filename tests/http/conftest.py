from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.http import Http, HttpSettings
from tests.fakes.clock import StepClock
from tests.fakes.web import Site, site


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
async def web() -> AsyncIterator[Site]:
    async with site() as here:
        yield here


@pytest.fixture
async def http(clock: StepClock) -> AsyncIterator[Http]:
    async with Http(HttpSettings(allow_private_networks=True, total_timeout=5), clock=clock) as session:
        yield session
