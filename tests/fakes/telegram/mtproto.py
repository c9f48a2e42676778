"""MTProto over TCP, the server's side: packets, encryption, service messages, and faults as the script wants them."""

from __future__ import annotations

import asyncio
import os
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from zlib import crc32

from telethon.crypto import AES, AuthKey
from telethon.extensions import BinaryReader
from telethon.network.mtprotostate import MTProtoState
from telethon.tl import TLObject, functions as f, types as t
from telethon.tl.core import GzipPacked, MessageContainer, RpcResult, TLMessage

from tests.fakes.telegram import tl
from tests.fakes.telegram.api import Api, Refused, Session
from tests.fakes.telegram.handshake import Handshake
from tests.fakes.telegram.script import Asked, Fault, Kind, Script
from tests.fakes.telegram.world import Account, Channel, Post, World

SALT = 0x7E57
TOO_FAR = 300
VECTOR = 0x1CB5C415
WRAPPERS = (
    f.InvokeWithLayerRequest,
    f.InitConnectionRequest,
    f.InvokeWithoutUpdatesRequest,
    f.InvokeAfterMsgRequest,
)
AFTERWARDS = {Kind.DROP_AFTER, Kind.ERROR_AFTER, Kind.DELAY}
"""Faults of a request that is carried out."""
SILENT = (t.MsgsAck,)


@dataclass
class Mtproto:
    """Every auth key and every connection of one server."""

    world: World
    script: Script
    api: Api
    sessions: dict[int, Session] = field(default_factory=dict)
    wires: set[Wire] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.world.watchers.append(self._push)

    def know(self, key: bytes, account: Account | None = None) -> Session:
        """Accept an auth key, logged in beforehand where an account is given."""
        session = Session(key, account)
        self.sessions[_signed(AuthKey(key).key_id)] = session
        return session

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(self, reader, writer)
        self.wires.add(wire)
        # A client that hangs up in the middle is nothing to tell.
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await wire.run()
        finally:
            self.wires.discard(wire)
            writer.close()

    def restart(self) -> None:
        """Hang up on everybody; the world and the keys stay."""
        for wire in tuple(self.wires):
            wire.hang_up()

    def _push(self, what: str, channel: Channel, post: Post) -> None:
        fault = self.script.fault_of("push")
        if fault is not None and fault.kind is not Kind.TOO_LONG:
            return
        update = t.UpdateChannelTooLong(channel.id) if fault else tl.pushed(self.world, what, channel, post)
        told = channel.members | channel.posters
        for wire in tuple(self.wires):
            account = wire.session.account if wire.session else None
            if account is not None and account.id in told and wire.listens and wire.session_id:
                wire.send(tl.updates([update]))


@dataclass(eq=False)
class Wire:
    """One connection."""

    server: Mtproto
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    session: Session | None = None
    session_id: int = 0
    listens: bool = False
    sent: int = 0
    packets: int = 0
    handshake: Handshake = field(default_factory=Handshake)

    async def run(self) -> None:
        while True:
            length, _ = struct.unpack("<ii", await self.reader.readexactly(8))
            body = (await self.reader.readexactly(length - 8))[:-4]
            if not self._take(body):
                return
            await self.writer.drain()

    def hang_up(self) -> None:
        self.writer.close()

    # -------------------------------------------------------- packets

    def _take(self, body: bytes) -> bool:
        """One packet; False when the connection ends with it."""
        (key_id,) = struct.unpack("<q", body[:8])
        if key_id == 0:
            self._plain(body)
            return True
        self.session = self.server.sessions.get(key_id)
        if self.session is None:
            self._packet(struct.pack("<i", -404))
            return False
        return all(self._message(each) for each in self._decrypted(body, self.session.key))

    def _plain(self, body: bytes) -> None:
        self.handshake.skew = self.server.script.skew
        request = BinaryReader(body[20:]).tgread_object()
        answer = self.handshake.answer(request)
        if self.server.script.fault_of(type(request).__name__):
            answer.new_nonce_hash1 = 0
        raw = bytes(answer)
        if self.handshake.key is not None:
            self.server.know(self.handshake.key)
            self.handshake = Handshake()
        self._packet(struct.pack("<qqi", 0, self._message_id(), len(raw)) + raw)

    def _decrypted(self, body: bytes, key: bytes) -> list[TLMessage]:
        aes_key, aes_iv = MTProtoState._calc_key(key, body[8:24], True)
        clear = AES.decrypt_ige(body[24:], aes_key, aes_iv)
        assert sha256(key[88:120] + clear).digest()[8:24] == body[8:24], "a wrong msg_key"
        salt, self.session_id, number, sequence, length = struct.unpack("<qqqii", clear[:32])
        message = TLMessage(number, sequence, BinaryReader(clear[32 : 32 + length]).tgread_object())
        if salt != SALT:
            self.send(t.BadServerSalt(number, sequence, 48, SALT))
            return []
        if abs((number >> 32) - time.time() - self.server.script.skew) > TOO_FAR:
            self.send(t.BadMsgNotification(number, sequence, 16))
            return []
        return list(message.obj.messages) if isinstance(message.obj, MessageContainer) else [message]

    def send(self, content: Any) -> None:
        """Encrypt and write one message."""
        assert self.session is not None
        raw = content if isinstance(content, bytes) else bytes(content)
        self.sent += 1
        clear = struct.pack("<qqqii", SALT, self.session_id, self._message_id(), self.sent * 2 + 1, len(raw)) + raw
        clear += os.urandom(-(len(clear) + 12) % 16 + 12)
        key = self.session.key
        message_key = sha256(key[96:128] + clear).digest()[8:24]
        aes_key, aes_iv = MTProtoState._calc_key(key, message_key, False)
        self._packet(struct.pack("<Q", AuthKey(key).key_id) + message_key + AES.encrypt_ige(clear, aes_key, aes_iv))

    def _packet(self, data: bytes) -> None:
        head = struct.pack("<ii", len(data) + 12, self.packets)
        self.packets += 1
        if not self.writer.is_closing():
            self.writer.write(head + data + struct.pack("<I", crc32(head + data)))

    def _message_id(self) -> int:
        moment = time.time() + self.server.script.skew
        self._last = max(getattr(self, "_last", 0) + 4, int(moment * 2**32) // 4 * 4 + 1)
        return self._last

    # -------------------------------------------------------- requests

    def _message(self, message: TLMessage) -> bool:
        request = message.obj
        if isinstance(request, GzipPacked):
            request = BinaryReader(request.data).tgread_object()
        if isinstance(request, SILENT):
            return True
        if isinstance(request, (f.PingRequest, f.PingDelayDisconnectRequest)):
            if self.server.script.fault_of("Ping") is None:
                self.send(t.Pong(message.msg_id, request.ping_id))
            return True
        quiet = False
        while isinstance(request, WRAPPERS):
            quiet = quiet or isinstance(request, f.InvokeWithoutUpdatesRequest)
            request = request.query
        self.listens = self.listens or not quiet
        return self._call(message.msg_id, request)

    def _call(self, number: int, request: Any) -> bool:
        assert self.session is not None
        name = type(request).__name__
        account = self.session.account
        self.server.script.asked.append(Asked(name, account.id if account else None, request))
        fault = self.server.script.fault_of(name)
        if fault is not None and fault.kind not in AFTERWARDS:
            return self._instead(number, fault)
        try:
            result = self.server.api.answer(self.session, request)
        except Refused as refusal:
            self._error(number, refusal.code, refusal.text)
            return True
        if fault is not None and fault.kind is Kind.DELAY:
            asyncio.get_running_loop().call_later(fault.seconds, self._result, number, result)
            return True
        if fault is not None:
            return self._instead(number, fault)
        self._result(number, result)
        return True

    def _instead(self, number: int, fault: Fault) -> bool:
        assert self.session is not None
        match fault.kind:
            case Kind.ERROR | Kind.ERROR_AFTER:
                self._error(number, fault.code, fault.text)
            case Kind.TOO_LONG:
                self._result(number, t.updates.DifferenceTooLong(pts=1))
            case Kind.LOST_KEY:
                self.server.sessions = {k: v for k, v in self.server.sessions.items() if v is not self.session}
                self._packet(struct.pack("<i", -404))
                return False
            case Kind.RESTART:
                self.server.restart()
                return False
            case Kind.DROP_BEFORE | Kind.DROP_AFTER:
                return False
            case Kind.HANG:
                pass
        return True

    def _error(self, number: int, code: int, text: str) -> None:
        self.send(struct.pack("<Iq", RpcResult.CONSTRUCTOR_ID, number) + bytes(t.RpcError(code, text)))

    def _result(self, number: int, result: Any) -> None:
        raw = _vector(result) if isinstance(result, list) else bytes(result)
        if self.server.script.gzip:
            raw = bytes(GzipPacked(raw))
        self.send(struct.pack("<Iq", RpcResult.CONSTRUCTOR_ID, number) + raw)


def _vector(items: list[TLObject]) -> bytes:
    return struct.pack("<Ii", VECTOR, len(items)) + b"".join(map(bytes, items))


def _signed(number: int) -> int:
    return int(struct.unpack("<q", struct.pack("<Q", number))[0])
