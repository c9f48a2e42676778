"""The server's side of the two-factor password (SRP), beside telethon.password."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from telethon import password as srp
from telethon.tl import types as t

from tests.fakes.telegram.keys import DH_PRIME

G = 3
ALGORITHM = t.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
    salt1=b"test-only-salt-1", salt2=b"test-only-salt-2", g=G, p=DH_PRIME.to_bytes(256, "big")
)


@dataclass
class Check:
    """One question for a password; `right` is the password itself, as only a fake would know it."""

    right: str
    b: int = 0

    def question(self) -> dict[str, Any]:
        self.b = int.from_bytes(os.urandom(256), "big")
        public = (self._k() * self._verifier() + pow(G, self.b, DH_PRIME)) % DH_PRIME
        return {"has_password": True, "current_algo": ALGORITHM, "srp_B": public.to_bytes(256, "big"), "srp_id": 1}

    def passes(self, answer: Any) -> bool:
        public = (self._k() * self._verifier() + pow(G, self.b, DH_PRIME)) % DH_PRIME
        theirs, ours = srp.num_bytes_for_hash(answer.A), srp.big_num_for_hash(public)
        u = int.from_bytes(srp.sha256(theirs, ours), "big")
        shared = pow(int.from_bytes(answer.A, "big") * pow(self._verifier(), u, DH_PRIME), self.b, DH_PRIME)
        p, g = srp.num_bytes_for_hash(ALGORITHM.p), srp.big_num_for_hash(G)
        proof = srp.sha256(
            srp.xor(srp.sha256(p), srp.sha256(g)),
            srp.sha256(ALGORITHM.salt1),
            srp.sha256(ALGORITHM.salt2),
            theirs,
            ours,
            srp.sha256(srp.big_num_for_hash(shared)),
        )
        return bool(proof == answer.M1)

    def _verifier(self) -> int:
        return pow(G, int.from_bytes(srp.compute_hash(ALGORITHM, self.right), "big"), DH_PRIME)

    @staticmethod
    def _k() -> int:
        return int.from_bytes(srp.sha256(srp.num_bytes_for_hash(ALGORITHM.p), srp.big_num_for_hash(G)), "big")
