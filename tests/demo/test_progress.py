"""The line on a terminal, and its absence anywhere else."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from bot.demo.progress import Standing, line, screen

NOON = Standing(
    hour=datetime(2025, 1, 6, 12, tzinfo=UTC),
    share=0.5,
    posts=31,
    hits=40,
    stories=17,
    digests=2,
    troubles=("Агентство",),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_says_how_far_it_is() -> None:
    assert line(NOON) == (
        "12:00  ████████████░░░░░░░░░░░░  posts 31 · mentions 40 · stories 17 · digests 2 · trouble: Агентство"
    )


def test_a_pipe_gets_the_digests_and_no_line() -> None:
    out = io.StringIO()
    with screen(out) as shown:
        shown.show(NOON)
        print("a digest", file=shown.stream, flush=True)
    assert out.getvalue() == "a digest\n"


def test_a_terminal_gets_both() -> None:
    out = Terminal()
    with screen(out) as shown:
        shown.show(NOON)
        print("a digest", end="\n\n", file=shown.stream, flush=True)
    assert "posts 31" in out.getvalue()
    assert "a digest\n\n" in out.getvalue()


def test_what_was_not_flushed_is_printed_in_the_end() -> None:
    out = Terminal()
    with screen(out) as shown:
        shown.stream.write("the last page\n")
    assert "the last page\n" in out.getvalue()
