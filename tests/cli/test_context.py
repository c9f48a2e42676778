"""Tables on a terminal that is narrower than they are."""

import pytest

from bot.cli.context import show

ROW = {"id": "h10", "watch": "krasnopillia-sumska-oblast", "story": "s4", "why": "something near, " * 8 + "its region"}


def test_a_table_that_does_not_fit_cuts_no_id_and_has_the_longest_below(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    show([ROW], ["id", "watch", "why", "story"], as_json=False, empty="")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if not line.startswith("    ")] == [
        ["id", "watch", "story"],
        ["h10", "krasnopillia-sumska-oblast", "s4"],
    ]
    assert max(map(len, lines)) <= 60
    assert len(lines) <= 7
    assert lines[-1].endswith("its region")
