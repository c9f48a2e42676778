"""Posting over the HTTPS Bot API: a bot token alone is enough.

In: a chat and a message. Out: the message's id. Invariant: the Bot API knows no key, so a try without an answer is
lost, and never repeated before the channel itself has shown that it did not arrive. The token is in every address: no
address is ever shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from bot.errors import DeliveryError, DestinationBusy, DestinationClosed, MessageGone, SourceError
from bot.http import Http, never_left
from bot.model import EntityKind, Message
from bot.telegram import MARK, NETWORK, Chat, bare, sendable, utf16_span

LATER = timedelta(minutes=1)
LONGEST = 7 * 86_400
"""Seconds of patience."""
POSTS = frozenset({"sendMessage", "sendPhoto"})
"""What makes a message, and so must not be done twice."""
KINDS = {
    EntityKind.BOLD: "bold",
    EntityKind.ITALIC: "italic",
    EntityKind.QUOTE: "blockquote",
    EntityKind.LINK: "text_link",
}
SO_ALREADY = ("message is not modified", "CHAT_NOT_MODIFIED")
GONE = ("message to edit not found", "message to pin not found", "MESSAGE_ID_INVALID")
"""What its refusals say: the Bot API has words where MTProto has names."""
REMEDIES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "the bot token is wrong or revoked: ask @BotFather",
    HTTPStatus.NOT_FOUND: "the bot token is wrong: ask @BotFather",
    HTTPStatus.FORBIDDEN: "make the bot an administrator of the channel, with the right to post",
}


class BotApi:
    """Posts through one bot, known by its token."""

    promise = (
        "at most once: over the Bot API a lost answer is settled by the channel's public preview, else parked; "
        "with api_id and api_hash it is exactly once"
    )
    remembers = timedelta(0)

    def __init__(self, http: Http, token: str, *, base: str) -> None:
        self._http = http
        self._url = f"{base}/bot{token}"

    async def chat(self, resource: str, address: str, pinned: int | None = None) -> Chat:
        """The chat of "@name" or "-100...", or the one that is pinned."""
        number = pinned if pinned is not None else bare(address)
        found = await self._call(resource, "getChat", {"chat_id": address if number is None else -(MARK + number)})
        number = bare(str(found.get("id")))
        if number is None:
            raise _garbled(resource, lost=False)
        return Chat(id=number, name=found.get("username"))

    async def name(self, resource: str) -> str:
        return str((await self._call(resource, "getMe", {})).get("username"))

    async def may_post(self, resource: str, chat: Chat) -> bool:
        """By its standing there. A chat that the bot is not in may be refused instead: DestinationClosed."""
        me = await self._call(resource, "getMe", {})
        return _has_right(await self._call(resource, "getChatMember", _chat(chat) | {"user_id": me.get("id")}))

    async def post(
        self,
        resource: str,
        chat: Chat,
        message: Message,
        *,
        key: str,  # noqa: ARG002 - nobody there would know it again
        thread: int | None,
        silent: bool,
        picture: bytes | None = None,
    ) -> int:
        body = _chat(chat) | {"disable_notification": silent}
        if thread:
            body["message_thread_id"] = thread
        if picture is None:
            made = await self._call(resource, "sendMessage", body | _words(message))
        else:
            made = await self._call(resource, "sendPhoto", body | _caption(message), picture)
        number = made.get("message_id")
        if not isinstance(number, int):
            raise _garbled(resource, lost=True)
        return number

    async def edit(self, resource: str, chat: Chat, number: int, message: Message) -> None:
        await self._change(resource, "editMessageText", _chat(chat) | {"message_id": number} | _words(message))

    async def pin(self, resource: str, chat: Chat, number: int) -> None:
        body = _chat(chat) | {"message_id": number, "disable_notification": True}
        await self._change(resource, "pinChatMessage", body)

    async def _change(self, resource: str, method: str, body: dict[str, Any]) -> None:
        """A change may be asked for twice; that it is made already is success."""
        try:
            await self._call(resource, method, body)
        except DestinationClosed as error:
            if any(words in error.what for words in GONE):
                raise MessageGone(resource, "the message was deleted") from error
            if not any(words in error.what for words in SO_ALREADY):
                raise

    async def _call(
        self, resource: str, method: str, body: dict[str, Any], picture: bytes | None = None
    ) -> dict[str, Any]:
        """The result, empty where it is only "true". Raises DestinationBusy (perhaps `lost`) or DestinationClosed."""
        kind, data = ("application/json", json.dumps(body).encode()) if picture is None else _form(body, picture)
        try:
            answer = await self._http.post(f"{self._url}/{method}", data, {"Content-Type": kind})
        except SourceError as error:
            raise _unanswered(resource, error, may_be_done=method in POSTS) from None
        given = _decoded(answer.body)
        result = {} if given.get("result") is True else given.get("result")
        if answer.status == HTTPStatus.OK and isinstance(result, dict):
            return result
        raise _refusal(resource, answer.status, given, may_be_done=method in POSTS)


def _has_right(member: dict[str, Any]) -> bool:
    """A bot is never a plain member of a channel, and administrators of groups are not told this right."""
    match member.get("status"):
        case "administrator":
            return bool(member.get("can_post_messages", True))
        case "restricted":
            return bool(member.get("can_send_messages"))
        case status:
            return status in {"creator", "member"}


def _chat(chat: Chat) -> dict[str, Any]:
    return {"chat_id": -(MARK + chat.id)}


def _words(message: Message) -> dict[str, Any]:
    return {
        "text": sendable(message.text),
        "entities": list(_entities(message)),
        "link_preview_options": {"is_disabled": True},
    }


def _caption(message: Message) -> dict[str, Any]:
    return {"caption": sendable(message.text), "caption_entities": list(_entities(message))}


def _form(body: dict[str, Any], picture: bytes) -> tuple[str, bytes]:
    """The fields and the picture as multipart/form-data: its type, with the border, and its bytes."""
    border = sha256(picture).hexdigest()
    fields = "".join(
        f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'
        f"{value if isinstance(value, str) else json.dumps(value)}\r\n"
        for key, value in body.items()
    )
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="photo"; filename="card.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    data = b"".join((fields.encode(), head.encode(), picture, f"\r\n--{border}--\r\n".encode()))
    return f"multipart/form-data; boundary={border}", data


def _entities(message: Message) -> Iterator[dict[str, Any]]:
    for entity in message.entities:
        offset, length = utf16_span(message.text, entity)
        if length > 0:
            link = {"url": entity.url} if entity.kind is EntityKind.LINK else {}
            yield {"type": KINDS[entity.kind], "offset": offset, "length": length, **link}


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _unanswered(resource: str, error: SourceError, *, may_be_done: bool) -> DestinationBusy:
    lost = may_be_done and not never_left(error)
    return DestinationBusy(resource, f"the Bot API did not answer ({error.state})", NETWORK, delay=LATER, lost=lost)


def _garbled(resource: str, *, lost: bool) -> DestinationBusy:
    return DestinationBusy(resource, "the Bot API answered without an id", "", delay=LATER, lost=lost)


def _patience(given: dict[str, Any]) -> timedelta:
    parameters = given.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return timedelta(seconds=min(seconds, LONGEST)) if isinstance(seconds, int) and seconds > 0 else LATER


def _refusal(resource: str, status: int, given: dict[str, Any], *, may_be_done: bool) -> DeliveryError:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return DestinationBusy(resource, "Telegram asks for patience", "", delay=_patience(given))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.OK:
        what = f"the Bot API answered {status} without a result"
        return DestinationBusy(resource, what, "", delay=LATER, lost=may_be_done)
    if "ok" not in given:
        what = f"not Telegram answers, but something before it ({status})"
        return DestinationBusy(
            resource, what, "check the network, and `publisher: {bot_api}` if it is set", delay=LATER
        )
    words = str(given.get("description", ""))[:200]
    remedy = REMEDIES.get(status, "check `to` in routes.yaml and the bot's rights")
    return DestinationClosed(resource, f"the Bot API refuses ({status}: {words})", remedy)
