"""The fake as a process obeys orders, also those that say what goes wrong and how."""

from __future__ import annotations

from tests.fakes.telegram.__main__ import _obey
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import Telegram


def test_orders_write_edit_delete_and_carry_everything_a_fault_has() -> None:
    here = Telegram()
    here.world.channel("kursk")
    assert [_obey(here, {"write": ["kursk", text]}) for text in ("раз", "два")] == [1, 2]
    assert _obey(here, {"edit": ["kursk", 1, "другое"]})
    assert _obey(here, {"delete": ["kursk", 2]})
    assert {number: post.text for number, post in here.world.channels[0].posts.items()} == {1: "другое"}
    assert _obey(here, {"flood": ["SendMessageRequest", 300]})
    assert _obey(here, {"fault": ["getChat", "error"], "code": 403, "text": "Forbidden", "times": 2})
    flood, fault = here.script.faults
    assert flood.text == "FLOOD_WAIT_300"
    assert (fault.kind, fault.code, fault.text, fault.times) == (Kind.ERROR, 403, "Forbidden", 2)
