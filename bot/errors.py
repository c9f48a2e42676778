"""Everything that can go wrong, as types.

    PlacewireError
    ├── ConfigError                 the operator's files; carries every fault at once
    ├── WrongUsage                  a command was given something that cannot be
    ├── NotServed                   the page cannot listen at its address
    ├── SourceError                 one source; never stops the others
    │   ├── SourceBusy    temporary it asked us to wait: come back after `delay`
    │   ├── SourceDown    temporary no usable answer: connection, name, certificate, 5xx, broken page
    │   └── SourceGone    permanent it says that it exists no more, or may not be read
    ├── StoreError                  the database
    │   ├── StoreBusy     temporary locked, connection lost
    │   ├── StoreFull     temporary no space left, or read-only: nothing is lost, make room
    │   ├── StoreTooNew   permanent written by a later placewire
    │   ├── StoreCorrupt  permanent not a database, or a damaged one: restore a backup
    │   ├── Overtaken     permanent somebody else decided first: look again
    │   └── AlreadyRunning permanent another process holds the instance lock
    └── DeliveryError               one destination; never stops the others
        ├── DestinationBusy    temporary wait `delay`, then send again
        ├── DestinationClosed  permanent wrong address, no rights: parked until the operator acts
        ├── MessageGone        permanent what was to be changed is there no more: nothing is left to do
        ├── CardNotDrawn       permanent a digest's picture cannot be made here: its text goes without it
        ├── NotArrived         temporary an earlier try certainly made nothing: it is sent anew
        └── DeliveryUnknown    neither   sent or not? settle before any repeat

Temporary or permanent is in the type (`temporary`). Each error carries the resource it speaks of and the remedy, and
reads as one line: ``resource: what is wrong; what to do``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from pathlib import Path


class PlacewireError(Exception):
    """Something went wrong with `resource`; `remedy` says what to do about it."""

    temporary: ClassVar[bool] = False

    def __init__(self, resource: str, what: str, remedy: str = "") -> None:
        super().__init__(resource, what, remedy)
        self.resource = resource
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        line = f"{self.resource}: {self.what}"
        return f"{line}; {self.remedy}" if self.remedy else line


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault in the operator's files. `line` and `column` count from 1; 0 means the file as a whole."""

    file: Path
    line: int
    column: int
    path: str
    what: str
    remedy: str

    def __str__(self) -> str:
        path = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}:{self.column}: {path}{self.what}; {self.remedy}"


class ConfigError(PlacewireError):
    """The configuration is refused; `faults` has every fault, in order of file and line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        what = f"{len(self.faults)} fault{'' if len(self.faults) == 1 else 's'} in the configuration"
        super().__init__("config", what, "mend the lines named above")

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class WrongUsage(PlacewireError):
    """A command was given something that cannot be: a route that is none, a duration that is none."""


class NotServed(PlacewireError):
    """The page cannot be served: another program has the port, it is no address of this machine, or it has no users."""


class SourceError(PlacewireError):
    """A source could not be read. `state` is the word that `sources` shows: gone, dns, tls, http_503, ..."""

    def __init__(self, resource: str, what: str, remedy: str = "", *, state: str) -> None:
        super().__init__(resource, what, remedy)
        self.state = state


class SourceBusy(SourceError):
    """The source asks for patience: not again before `delay` has passed."""

    temporary: ClassVar[bool] = True

    def __init__(
        self, resource: str, what: str, remedy: str = "", *, delay: timedelta, state: str = "rate_limited"
    ) -> None:
        super().__init__(resource, what, remedy, state=state)
        self.delay = delay


class SourceDown(SourceError):
    """No usable answer this time; the next poll may have one."""

    temporary: ClassVar[bool] = True


class SourceGone(SourceError):
    """The source says it is not there, or may not be read. It is still asked now and then: sources come back."""


class StoreError(PlacewireError):
    """The database did not do what was asked; the transaction was rolled back."""


class StoreBusy(StoreError):
    """Locked by another process, or the connection was lost."""

    temporary: ClassVar[bool] = True


class StoreFull(StoreError):
    """The disk is full or read-only; what was stored before is intact."""

    temporary: ClassVar[bool] = True


class StoreTooNew(StoreError):
    """The database was written by a later version of placewire."""


class StoreCorrupt(StoreError):
    """The file is not a database, or is damaged."""


class Overtaken(StoreError):
    """Somebody else decided on it after this person looked: nothing was changed, and the message says what they did."""


class AlreadyRunning(StoreError):
    """Another process holds the instance lock of this database; `pid` is that process."""

    def __init__(self, resource: str, pid: int | None) -> None:
        holder = f"process {pid}" if pid else "another process"
        super().__init__(resource, f"is in use by {holder}", f"stop {holder} first")
        self.pid = pid


class DeliveryError(PlacewireError):
    """A message did not reach its destination."""


class DestinationBusy(DeliveryError):
    """The destination cannot take it now: send again after `delay`. `lost`: no answer came, it may have taken it."""

    temporary: ClassVar[bool] = True

    def __init__(self, resource: str, what: str, remedy: str = "", *, delay: timedelta, lost: bool = False) -> None:
        super().__init__(resource, what, remedy)
        self.delay = delay
        self.lost = lost


class DestinationClosed(DeliveryError):
    """The destination will not take it until the operator acts; only this destination is parked."""


class MessageGone(DeliveryError):
    """The message that was to be edited or pinned was deleted at its destination."""


class CardNotDrawn(DeliveryError):
    """The digest's picture cannot be made on this machine; its text says the same."""


class NotArrived(DeliveryError):
    """An earlier try, whose answer was lost, certainly made nothing; it is sent anew."""

    temporary = True


class DeliveryUnknown(DeliveryError):
    """It may have been sent: the answer was lost. Settle it before any repeat."""
