"""What shall go wrong, and what was asked: a script of faults that front ends consult at each request, and a log."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    ERROR = "error"
    """Answer with an error instead; nothing is done."""
    DROP_BEFORE = "drop before"
    """Hang up; nothing is done."""
    DROP_AFTER = "drop after"
    """Do it, then hang up without an answer."""
    ERROR_AFTER = "error after"
    """Do it, then answer with an error."""
    HANG = "hang"
    """Never answer; nothing is done."""
    DELAY = "delay"
    """Do it, and answer after so many seconds."""
    TOO_LONG = "too long"
    """Say only that too much has changed to be told: of a push, or of a difference that is asked for."""
    LOST_KEY = "lost key"
    """Forget the client's auth key, as when its session was revoked elsewhere."""
    RESTART = "restart"
    """Hang up on every client; nothing is done."""


KEY = "SetClientDHParamsRequest"
"""Whatever its fault, the key that was agreed on is another than the client's."""
UNASKED = frozenset({"Ping", "push", "ReqPqMultiRequest", "ReqDHParamsRequest", KEY})
"""Of the first two a fault is silence: no answer to a sign of life, no word of a change. "*" means none of these."""


@dataclass(slots=True)
class Fault:
    request: str
    kind: Kind
    times: int = 1
    after: int = 0
    """Pass over so many requests first."""
    code: int = 400
    text: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One decoded request: its name ("GetHistoryRequest", "sendMessage"), who asked, what."""

    name: str
    account: int | None
    request: Any


@dataclass
class Script:
    faults: list[Fault] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    gzip: bool = False
    """Compress every MTProto result."""
    skew: float = 0.0
    """So many seconds is the server's clock ahead."""

    def on(self, request: str, kind: Kind, **more: Any) -> Fault:
        """`more` are the further fields of a `Fault`."""
        fault = Fault(request, kind, **more)
        self.faults.append(fault)
        return fault

    def flood(self, request: str, seconds: int, *, times: int = 1, after: int = 0) -> None:
        self.on(request, Kind.ERROR, times=times, after=after, code=420, text=f"FLOOD_WAIT_{seconds}")

    def fault_of(self, name: str) -> Fault | None:
        """The fault that this request meets, used up once."""
        for fault in self.faults:
            if (fault.request == name or (fault.request == "*" and name not in UNASKED)) and fault.times > 0:
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    def names(self) -> list[str]:
        return [each.name for each in self.asked]

    def count(self, name: str) -> int:
        return self.names().count(name)
