"""Who may use the page: a file of names, roles and hashed passwords.

    anna reviewer $argon2id$v=19$...

In: the file, a name and a password. Out: a user, or nobody. Invariant: a password is kept only as argon2 makes it, a
token of a script only as its SHA-256; and whoever is taken from the file is out at their next request.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import WrongUsage

log = structlog.get_logger()
TOKEN = "sha256:"  # noqa: S105 (how a token's hash begins)
NAME_LIMIT = 64
SHORTEST_PASSWORD = 10
PARTS = 3


class Role(StrEnum):
    """A viewer looks; a reviewer decides too."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class User:
    name: str
    role: Role
    proof: str
    """The hash of a password, or of a script's token."""

    @property
    def line(self) -> str:
        return f"{self.name} {self.role} {self.proof}\n"


class Users:
    """The users of one file, read again whenever it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looked: tuple[int, int] | None = None
        self._known: Mapping[str, User] = {}

    @property
    def known(self) -> Mapping[str, User]:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return {}
        looked = (stat.st_mtime_ns, stat.st_size)
        if looked != self._looked:
            self._known, self._looked = self._read(), looked
        return self._known

    def _read(self) -> Mapping[str, User]:
        """All that can be read: a line that is no user keeps nobody else out."""
        try:
            users, faults = _users(self._path)
        except OSError as error:
            log.error("users cannot be read", file=str(self._path), error=str(error))
            return {}
        for fault in faults:
            log.error("a line of the users is left out", error=str(fault))
        return users

    def by_password(self, name: str, password: str) -> User | None:
        """Slow on purpose, so call it in a thread; and as slow for a name that is not there, so that none is learnt."""
        user = self.known.get(name)
        proof = user.proof if user and not user.proof.startswith(TOKEN) else _nobody()
        try:
            PasswordHasher().verify(proof, password)
        except (VerificationError, InvalidHashError):
            return None
        return user if user and user.proof == proof else None

    def by_token(self, token: str) -> User | None:
        """A script's user."""
        given = hashed(token).encode()
        return next((user for user in self.known.values() if hmac.compare_digest(user.proof.encode(), given)), None)


@cache
def _nobody() -> str:
    return PasswordHasher().hash(secrets.token_hex())


def hashed(token: str) -> str:
    """Tokens are 256 random bits: one SHA-256 is enough for them."""
    return TOKEN + sha256(token.encode()).hexdigest()


def read(path: Path) -> dict[str, User]:
    """All users by name. Raises `WrongUsage` that names the line that is none."""
    users, faults = _users(path)
    if faults:
        raise faults[0]
    return users


def _users(path: Path) -> tuple[dict[str, User], list[WrongUsage]]:
    """All users by name, and what is wrong with the other lines."""
    users: dict[str, User] = {}
    faults = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split()
        if len(parts) != PARTS or parts[1] not in set(Role) or parts[0] in users:
            remedy = "write it by `placewire user NAME --role reviewer`"
            faults.append(WrongUsage(f"{path}:{number}", "is no user", remedy))
            continue
        users[parts[0]] = User(parts[0], Role(parts[1]), parts[2])
    return users, faults


def keep(path: Path, user: User) -> None:
    """Write the user into the file, in place of one of the same name; the file is readable by its owner only."""
    users = (read(path) if path.exists() else {}) | {user.name: user}
    unfinished = path.with_name(f"{path.name}.unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(each.line for each in users.values())
    unfinished.replace(path)


def is_name(text: str) -> bool:
    """Whether a user may be called so."""
    return 0 < len(text) <= NAME_LIMIT and text.isprintable() and not (" " in text or text.startswith("#"))


def with_password(name: str, role: Role, password: str) -> User:
    """Raises `WrongUsage` for one that is soon guessed."""
    if len(password) < SHORTEST_PASSWORD:
        remedy = f"take {SHORTEST_PASSWORD} characters or more; a few words are easy to keep in mind"
        raise WrongUsage("the password", f"is of {len(password)} characters", remedy)
    return User(name, role, PasswordHasher().hash(password))


def with_token(name: str, role: Role) -> tuple[User, str]:
    """A user for a script, and its token, which is shown once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    return User(name, role, hashed(token)), token
