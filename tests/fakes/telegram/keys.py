"""Keys that are public on purpose: they guard a server on loopback whose every word is invented.

Making an RSA key in Python takes three seconds, so one is kept; a pre-shared auth key saves the handshake.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

import rsa
from telethon.crypto import AuthKey
from telethon.crypto.rsa import _compute_fingerprint
from telethon.sessions import StringSession

DC = 2
DH_PRIME = int(
    "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DBFA336F6E0AC92513"
    "9543AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F642477FE96BB2A941D5BCD1D4AC8CC4988"
    "0708FA9B378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B410DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4"
    "B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F"
    "0D8115F635B105EE2E4E15D04B2454BF6F4FADF034B10403119CD8E3B92FCC5B",
    16,
)


@cache
def private_key() -> rsa.PrivateKey:
    return rsa.PrivateKey.load_pkcs1((Path(__file__).parent / "test_only_rsa_key.pem").read_bytes())


def public_pem() -> str:
    """As `public_key_file` wants it: PEM, PKCS#1."""
    key = private_key()
    return str(rsa.PublicKey(key.n, key.e).save_pkcs1().decode())


def fingerprint() -> int:
    key = private_key()
    return int(_compute_fingerprint(rsa.PublicKey(key.n, key.e)))


def shared_key(name: str) -> bytes:
    """An auth key that server and client know beforehand."""
    return b"".join(sha256(f"{name}/{part}".encode()).digest() for part in range(8))


def session_of(key: bytes, port: int) -> str:
    """A StringSession with this auth key, for the server at `port`."""
    session = StringSession()
    session.set_dc(DC, "127.0.0.1", port)
    session.auth_key = AuthKey(key)
    return str(session.save())
