"""The server's side of the key exchange, with Telethon's own TL classes and crypto."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from telethon.crypto import AES, AuthKey
from telethon.crypto.rsa import get_byte_array
from telethon.extensions import BinaryReader
from telethon.helpers import generate_key_data_from_nonce
from telethon.tl import functions as f, types as t

from tests.fakes.telegram.keys import DH_PRIME, fingerprint, private_key

P, Q = 1_229_739_323, 1_402_015_859
G = 3
A = int.from_bytes(sha1(b"test only").digest() * 12, "big")  # the server's secret exponent: fixed, it guards nothing


@dataclass
class Handshake:
    """One exchange, a message at a time; `key` is there when it is done."""

    skew: float = 0.0
    server_nonce: int = 0
    new_nonce: int = 0
    key: bytes | None = None

    def answer(self, request: Any) -> Any:
        match request:
            case f.ReqPqMultiRequest():
                self.server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
                return t.ResPQ(request.nonce, self.server_nonce, get_byte_array(P * Q), [fingerprint()])
            case f.ReqDHParamsRequest():
                return self._params(request)
            case f.SetClientDHParamsRequest():
                return self._done(request)
        raise AssertionError(f"not a part of the key exchange: {request}")

    def _params(self, request: Any) -> Any:
        key = private_key()
        clear = pow(int.from_bytes(request.encrypted_data, "big"), key.d, key.n).to_bytes(255, "big")
        self.new_nonce = BinaryReader(clear[20:]).tgread_object().new_nonce
        inner = t.ServerDHInnerData(
            nonce=request.nonce,
            server_nonce=self.server_nonce,
            g=G,
            dh_prime=get_byte_array(DH_PRIME),
            g_a=get_byte_array(pow(G, A, DH_PRIME)),
            server_time=int(time.time() + self.skew),
        )
        raw = bytes(inner)
        data = sha1(raw).digest() + raw
        data += os.urandom(-len(data) % 16)
        return t.ServerDHParamsOk(request.nonce, self.server_nonce, AES.encrypt_ige(data, *self._temporary()))

    def _done(self, request: Any) -> Any:
        clear = AES.decrypt_ige(request.encrypted_data, *self._temporary())
        inner = BinaryReader(clear[20:]).tgread_object()
        made = AuthKey(pow(int.from_bytes(inner.g_b, "big"), A, DH_PRIME).to_bytes(256, "big"))
        self.key = made.key
        return t.DhGenOk(request.nonce, self.server_nonce, made.calc_new_nonce_hash(self.new_nonce, 1))

    def _temporary(self) -> tuple[bytes, bytes]:
        key, iv = generate_key_data_from_nonce(self.server_nonce, self.new_nonce)
        return key, iv
