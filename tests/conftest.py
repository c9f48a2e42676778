from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from tests.fakes.installation import Installation, installation
from tests.fakes.postgresql import ADMINISTRATOR, Server, connect

IN_MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000


def pytest_configure(config: pytest.Config) -> None:
    """Temporary files live in memory where there is room: thousands of commits wait for the disk, else.

    What the tests do to a process, even killing it, asks nothing of the disk: only a loss of power would.
    """
    if "TMPDIR" not in os.environ and IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)  # pytest itself has asked where, and it was kept


@pytest.fixture(autouse=True)
def _cache_of_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The names are expanded once for all tests, and never into the cache of whoever runs them."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared / "cache"))


@pytest.fixture(autouse=True)
def _logs_as_they_are_at_first() -> Generator[None]:
    """A command sets up the logs of its process; the next test must not write to streams of the one before."""
    yield
    structlog.reset_defaults()


@pytest.fixture
async def installed(tmp_path: Path) -> AsyncIterator[Installation]:
    """A configured installation whose sources answer on loopback."""
    async with installation(tmp_path) as made:
        yield made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything must be there (CI), a test that skips has failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("PLACEWIRE_REQUIRE_ALL"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but PLACEWIRE_REQUIRE_ALL is set: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    try:
        admin = connect(ADMINISTRATOR)
    except OperationalError as error:
        pytest.skip(f"no PostgreSQL answers: {error.orig}")
    made = Server(admin)
    yield made
    made.clean()
    admin.close()
