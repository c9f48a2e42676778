from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.http import Http, HttpSettings
from bot.sources import Reader, Web
from tests.fakes.clock import StepClock
from tests.fakes.preview import Preview
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
    async with Http(HttpSettings(allow_private_networks=True), clock=clock) as session:
        yield session


@pytest.fixture
def preview(web: Site) -> Preview:
    """The site t.me, served at `web.url`."""
    telegram = Preview()
    web.other = telegram.answer
    return telegram


@pytest.fixture
async def reader(http: Http, web: Site) -> AsyncIterator[Reader]:
    async with Reader(http, web=Web(base_url=web.url)) as it:
        yield it
