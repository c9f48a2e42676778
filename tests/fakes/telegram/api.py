"""What each request of the Telegram API does to the world.

In: a decoded request and the session it came on. Out: its result, or `Refused`, which the client sees as an RPC error.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

from telethon.tl import functions as f, types as t

from tests.fakes.telegram import tl
from tests.fakes.telegram.password import Check
from tests.fakes.telegram.world import Account, Channel, Post, World

LONGEST = 4096
LONGEST_CAPTION = 1024
LONGEST_PIECE = 512 * 1024
LONGEST_PAGE = 100
TRUE = 0x997275B5
"""What `true` is in TL."""
PNG = b"\x89PNG\r\n\x1a\n"
CODE_HASH = "hash"
ENTITIES = 100
"""Further ones are passed over in silence."""


class Refused(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass
class Session:
    """What the server knows of one auth key."""

    key: bytes
    account: Account | None = None
    pending: Account | None = None
    """Who gave the right code and still owes the password."""
    check: Check | None = None


@dataclass
class Api:
    world: World
    host: str = "127.0.0.1"
    port: int = 0
    handlers: dict[type, Callable[[Session, Any], Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.handlers = {
            f.help.GetConfigRequest: lambda *_: tl.config(self.host, self.port),
            f.users.GetUsersRequest: self.users,
            f.updates.GetStateRequest: self.state,
            f.updates.GetDifferenceRequest: lambda *_: t.updates.DifferenceEmpty(datetime.now(UTC), 0),
            f.updates.GetChannelDifferenceRequest: self.channel_difference,
            f.auth.ImportBotAuthorizationRequest: self.bot_login,
            f.auth.SendCodeRequest: self.send_code,
            f.auth.SignInRequest: self.sign_in,
            f.auth.CheckPasswordRequest: self.check_password,
            f.auth.LogOutRequest: self.log_out,
            f.account.GetPasswordRequest: self.password,
            f.contacts.ResolveUsernameRequest: self.resolve,
            f.channels.GetChannelsRequest: self.channels,
            f.channels.GetMessagesRequest: self.get_messages,
            f.channels.DeleteMessagesRequest: self.delete,
            f.channels.GetParticipantRequest: self.participant,
            f.messages.GetHistoryRequest: self.history,
            f.messages.SendMessageRequest: self.send,
            f.messages.SendMediaRequest: self.send_photo,
            f.upload.SaveFilePartRequest: self.upload,
            f.messages.EditMessageRequest: self.edit,
            f.messages.UpdatePinnedMessageRequest: self.pin,
        }

    def answer(self, session: Session, request: Any) -> Any:
        handler = self.handlers.get(type(request))
        if handler is None:
            raise Refused(400, "METHOD_INVALID")
        return handler(session, request)

    # -------------------------------------------------------- accounts

    def _me(self, session: Session) -> Account:
        if session.account is None:
            raise Refused(401, "AUTH_KEY_UNREGISTERED")
        if session.account.banned:
            raise Refused(401, "USER_DEACTIVATED_BAN")
        return session.account

    def users(self, session: Session, request: Any) -> Any:
        me = self._me(session)
        return [tl.user(me, me) for each in request.id if isinstance(each, t.InputUserSelf)]

    def state(self, session: Session, _: Any) -> Any:
        self._me(session)
        return t.updates.State(pts=1, qts=0, date=datetime.now(UTC), seq=0, unread_count=0)

    def bot_login(self, session: Session, request: Any) -> Any:
        return self._logged_in(session, self._who("token", request.bot_auth_token, "ACCESS_TOKEN_INVALID"))

    def send_code(self, _: Session, request: Any) -> Any:
        self._who("phone", request.phone_number, "PHONE_NUMBER_INVALID")
        return t.auth.SentCode(type=t.auth.SentCodeTypeApp(5), phone_code_hash=CODE_HASH)

    def sign_in(self, session: Session, request: Any) -> Any:
        account = self._who("phone", request.phone_number, "PHONE_NUMBER_INVALID")
        if request.phone_code_hash != CODE_HASH:
            raise Refused(400, "PHONE_CODE_HASH_EMPTY")
        if request.phone_code != account.code:
            raise Refused(400, "PHONE_CODE_INVALID")
        if account.password is not None:
            session.pending = account
            raise Refused(401, "SESSION_PASSWORD_NEEDED")
        return self._logged_in(session, account)

    def password(self, session: Session, _: Any) -> Any:
        account = session.pending or self._me(session)
        session.check = Check(account.password or "")
        return tl.filled(
            t.account.Password,
            new_algo=t.PasswordKdfAlgoUnknown(),
            new_secure_algo=t.SecurePasswordKdfAlgoUnknown(),
            secure_random=b"",
            **session.check.question(),
        )

    def check_password(self, session: Session, request: Any) -> Any:
        if session.pending is None or session.check is None or not session.check.passes(request.password):
            raise Refused(400, "PASSWORD_HASH_INVALID")
        return self._logged_in(session, session.pending)

    def log_out(self, session: Session, _: Any) -> Any:
        session.account = None
        return t.auth.LoggedOut()

    def _who(self, key: str, value: str, refusal: str) -> Account:
        wanted = value.removeprefix("+")
        found = next((each for each in self.world.accounts if (getattr(each, key) or "").lstrip("+") == wanted), None)
        if found is None:
            raise Refused(400, refusal)
        return found

    def _logged_in(self, session: Session, account: Account) -> Any:
        session.account = account
        return t.auth.Authorization(user=tl.user(account, account))

    # -------------------------------------------------------- channels

    def resolve(self, session: Session, request: Any) -> Any:
        me = self._me(session)
        found = self.world.named(request.username)
        if found is None or found.private:
            raise Refused(400, "USERNAME_NOT_OCCUPIED")
        return t.contacts.ResolvedPeer(peer=t.PeerChannel(found.id), chats=[tl.channel(found, me)], users=[])

    def channels(self, session: Session, request: Any) -> Any:
        me = self._me(session)
        return t.messages.Chats(chats=[tl.channel(self._channel(me, each), me) for each in request.id])

    def participant(self, session: Session, request: Any) -> Any:
        me = self._me(session)
        if me.id not in self._channel(me, request.channel).posters:
            raise Refused(400, "USER_NOT_PARTICIPANT")
        rights = t.ChatAdminRights(post_messages=True)
        now = datetime.now(UTC)
        return t.channels.ChannelParticipant(
            participant=t.ChannelParticipantAdmin(me.id, me.id, now, rights), chats=[], users=[]
        )

    def history(self, session: Session, request: Any) -> Any:
        me = self._me(session)
        if me.token is not None:
            raise Refused(400, "BOT_METHOD_INVALID")
        channel = self._channel(me, request.peer)
        limit = min(request.limit or LONGEST_PAGE, LONGEST_PAGE)
        found = channel.before(request.offset_id or None, request.add_offset + limit)[request.add_offset :]
        return tl.messages(self.world, channel, found, me)

    def get_messages(self, session: Session, request: Any) -> Any:
        me = self._me(session)
        channel = self._channel(me, request.channel)
        return tl.messages(self.world, channel, [channel.posts.get(each.id, each.id) for each in request.id], me)

    def channel_difference(self, session: Session, request: Any) -> Any:
        self._channel(self._me(session), request.channel)
        return t.updates.ChannelDifferenceEmpty(pts=request.pts, final=True, timeout=30)

    def _channel(self, me: Account, peer: Any) -> Channel:
        found = self.world.by_id(getattr(peer, "channel_id", 0))
        known = found is not None and peer.access_hash in ({found.access_hash(me.id)} | ({0} if me.token else set()))
        if found is None or not known:
            raise Refused(400, "CHANNEL_INVALID")
        if me.id in found.banned:
            raise Refused(400, "USER_BANNED_IN_CHANNEL")
        if found.private and me.id not in found.posters:
            raise Refused(400, "CHANNEL_PRIVATE")
        return found

    # -------------------------------------------------------- sending

    def send(self, session: Session, request: Any) -> Any:
        check_message(request.message, [(each.offset, each.length) for each in request.entities or ()])
        return self._sent(session, request, preview=not request.no_webpage)

    def upload(self, session: Session, request: Any) -> Any:
        if not 0 < len(request.bytes) <= LONGEST_PIECE:
            raise Refused(400, "FILE_PART_SIZE_INVALID")
        self.world.files.setdefault((self._me(session).id, request.file_id), {})[request.file_part] = request.bytes
        return struct.pack("<I", TRUE)

    def send_photo(self, session: Session, request: Any) -> Any:
        file = request.media.file
        held = self.world.files.get((self._me(session).id, file.id), {})
        if sorted(held) != list(range(file.parts)):
            raise Refused(400, "FILE_PARTS_INVALID")
        picture = b"".join(held[at] for at in sorted(held))
        if md5(picture, usedforsecurity=False).hexdigest() != file.md5_checksum:
            raise Refused(400, "MD5_CHECKSUM_INVALID")
        check_photo(picture, request.message)
        return self._sent(session, request, picture=picture)

    def _sent(self, session: Session, request: Any, **more: Any) -> Any:
        me = self._me(session)
        channel = self._channel(me, request.peer)
        if me.id not in channel.posters:
            raise Refused(403, "CHAT_WRITE_FORBIDDEN")
        post = self.world.send(
            me,
            channel,
            request.message,
            key=request.random_id,
            entities=tuple(request.entities or ())[:ENTITIES],
            silent=bool(request.silent),
            thread=getattr(request.reply_to, "reply_to_msg_id", None),
            **more,
        )
        new = t.UpdateNewChannelMessage(tl.message(self.world, channel, post), pts=post.id, pts_count=1)
        return tl.updates([t.UpdateMessageID(post.id, request.random_id), new], [tl.channel(channel, me)])

    def edit(self, session: Session, request: Any) -> Any:
        channel, post = self._own(session, request)
        check_message(request.message, [(each.offset, each.length) for each in request.entities or ()])
        entities = tuple(request.entities or ())
        if (post.text, tuple(post.entities)) == (request.message, entities):
            raise Refused(400, "MESSAGE_NOT_MODIFIED")
        self.world.edit(channel, post.id, request.message, entities)
        return tl.updates([tl.pushed(self.world, "edited", channel, post)])

    def pin(self, session: Session, request: Any) -> Any:
        channel, post = self._own(session, request)
        if post.id in channel.pinned:
            raise Refused(400, "CHAT_NOT_MODIFIED")
        channel.pinned.append(post.id)
        self.world.write(channel, service=True)
        return tl.updates([t.UpdatePinnedChannelMessages(channel.id, [post.id], post.id, 1, pinned=True)])

    def delete(self, session: Session, request: Any) -> Any:
        me = self._me(session)
        channel = self._channel(me, request.channel)
        if me.id not in channel.posters:
            raise Refused(400, "CHAT_ADMIN_REQUIRED")
        there = [number for number in request.id if number in channel.posts]
        self.world.delete(channel, *there)
        return t.messages.AffectedMessages(pts=1, pts_count=len(there))

    def _own(self, session: Session, request: Any) -> tuple[Channel, Post]:
        """A message in a channel whose messages the asking account may change."""
        me = self._me(session)
        channel = self._channel(me, request.peer)
        if me.id not in channel.posters:
            raise Refused(400, "CHAT_ADMIN_REQUIRED")
        if request.id not in channel.posts:
            raise Refused(400, "MESSAGE_ID_INVALID")
        return channel, channel.posts[request.id]


def check_photo(picture: bytes, caption: str) -> None:
    if not picture.startswith(PNG):
        raise Refused(400, "PHOTO_EXT_INVALID")
    if len(caption.encode("utf-16-le")) // 2 > LONGEST_CAPTION:
        raise Refused(400, "MEDIA_CAPTION_TOO_LONG")


def check_message(text: str, spans: list[tuple[int, int]]) -> None:
    """Telegram's limits, counted in UTF-16 units."""
    length = len(text.encode("utf-16-le")) // 2
    if not text.strip():
        raise Refused(400, "MESSAGE_EMPTY")
    if length > LONGEST:
        raise Refused(400, "MESSAGE_TOO_LONG")
    if any(start < 0 or size <= 0 or start + size > length for start, size in spans):
        raise Refused(400, "ENTITY_BOUNDS_INVALID")
