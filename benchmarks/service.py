"""Memory of the service with many sources, and what `--help` costs.

    python benchmarks/service.py [--sources 1000] [--seconds 45]

Serves that many feeds on loopback, runs the real service over them, and prints the resident memory of the service and
of its parse process, and the CPU of `--help` beside that of an empty Python.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.peers import peer
from bot.http.serving import Answer, Request, serve

ROOT = Path(__file__).resolve().parents[1]
ITEMS = 20
MB = 1_000_000


def feed(number: int) -> bytes:
    items = "".join(
        f"<item><guid>{number}-{n}</guid><link>https://feed.example/{number}/{n}</link>"
        f"<title>Сообщение {n} ленты {number}: бои под Суджей</title><description>{'слово ' * 80}</description></item>"
        for n in range(ITEMS)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'.encode()


async def answer(request: Request) -> Answer:
    return Answer(200, {"Content-Type": "application/rss+xml"}, feed(int(request.path.strip("/"))))


def configure(folder: Path, url: str, sources: int) -> None:
    (folder / "watchlists").mkdir()
    feeds = "\n".join(f"  - {{name: feed-{n}, url: {url}/{n}, poll: 10m}}" for n in range(sources))
    files = {
        "bot.yaml": f"database: sqlite:///{folder}/placewire.db\nhttp: {{allow_private_networks: true}}\n"
        "review: {port: 8099}\n",
        "sources.yaml": f"feeds:\n{feeds}\n",
        "routes.yaml": f'routes: [{{name: all, to: "file:{folder}/out.txt", digest: {{cron: "* * * * *"}}}}]\n',
        "watchlists/all.yaml": (ROOT / "config/watchlists/kursk.yaml").read_text(encoding="utf-8"),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


async def memory(sources: int, seconds: int) -> None:
    psutil = peer("psutil")
    with tempfile.TemporaryDirectory() as folder:
        async with serve(answer) as server:
            configure(Path(folder), server.url, sources)
            command = [sys.executable, str(ROOT / "run_bot.py"), "--config", folder, "run", "--quiet"]
            process = await asyncio.create_subprocess_exec(*command)
            service, peak, children = psutil.Process(process.pid), 0, 0
            for _ in range(seconds * 4):
                await asyncio.sleep(0.25)
                peak = max(peak, service.memory_info().rss)
                children = max(children, sum(child.memory_info().rss for child in service.children(recursive=True)))
            now = service.memory_info().rss
            process.send_signal(signal.SIGTERM)
            await process.wait()
    print(f"{sources} sources: service {now / MB:.0f} MB resident, at most {peak / MB:.0f} MB", end="; ")
    print(f"its child at most {children / MB:.0f} MB")


def cpu_of(*command: str) -> float:
    """The least CPU of five runs, in seconds."""
    least = float("inf")
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=45)
    chosen = parser.parse_args()
    bare, shown = cpu_of(sys.executable, "-c", "pass"), cpu_of(sys.executable, str(ROOT / "run_bot.py"), "--help")
    print(f"--help: {shown:.2f} s of CPU, {shown / bare:.1f} times an empty Python ({bare:.3f} s)")
    asyncio.run(memory(chosen.sources, chosen.seconds))


if __name__ == "__main__":
    main()
