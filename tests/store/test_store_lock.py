from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import AlreadyRunning
from bot.store import holder, instance_lock
from bot.store.lock import lock_file

HOLD = """
import os, sys, time
from bot.store.lock import instance_lock
with instance_lock(sys.argv[1]):
    if len(sys.argv) > 2 and os.fork() > 0:
        time.sleep(60)  # the child speaks: then it has been through what a fork does first
    os.write(1, b"held\\n")
    time.sleep(60)
"""


def test_a_second_holder_is_refused_with_the_pid_of_the_first(path: Path) -> None:
    assert holder(path) is None
    with instance_lock(path):
        assert holder(path) == os.getpid()
        with pytest.raises(AlreadyRunning, match=f"is in use by process {os.getpid()}") as caught, instance_lock(path):
            pass
        assert caught.value.pid == os.getpid()
        assert caught.value.resource == str(path)
    assert holder(path) is None
    with instance_lock(f"sqlite:///{path}"):
        assert lock_file(path).stat().st_mode & 0o777 == 0o600


def test_the_kernel_frees_the_lock_of_a_killed_process_and_its_fork_does_not_keep_it(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path, "fork"], stdout=subprocess.PIPE, start_new_session=True
    ) as p:
        assert p.stdout is not None
        assert p.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning) as caught, instance_lock(path):
            pass
        assert caught.value.pid == p.pid
        os.kill(p.pid, signal.SIGKILL)
        p.wait()
        with instance_lock(path):
            assert holder(path) == os.getpid()
        os.killpg(p.pid, signal.SIGKILL)
