"""The HTTPS Bot API, without the S: getMe, getChat, getChatMember, sendMessage, sendPhoto, edits and pins.

It meets the same script of faults as MTProto.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from telethon.tl import types as t

from tests.fakes.telegram.api import Refused, check_message, check_photo
from tests.fakes.telegram.script import Asked, Kind, Script
from tests.fakes.telegram.world import Account, Channel, World

PREFIX = 10**12
KINDS = {"bold": t.MessageEntityBold, "italic": t.MessageEntityItalic, "blockquote": t.MessageEntityBlockquote}


class Dropped(Exception):
    pass


@dataclass
class BotApi:
    world: World
    script: Script

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection: what the tests need is to break it off."""
        with suppress(asyncio.IncompleteReadError, ConnectionError, Dropped):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = (line.partition(": ") for line in head.splitlines())
            headers = {name.lower(): value for name, _, value in lines}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            status, given = await self._answer(head.split()[1], _fields(headers.get("content-type", ""), body))
            raw = json.dumps(given).encode()
            writer.write(
                f"HTTP/1.1 {status} X\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n\r\n".encode() + raw
            )
            await writer.drain()
        writer.close()

    async def _answer(self, path: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        _, token, method = path.split("/", 2)
        bot = next((each for each in self.world.accounts if each.token and f"bot{each.token}" == token), None)
        self.script.asked.append(Asked(method, bot.id if bot else None, asked))
        fault = self.script.fault_of(method)
        if fault is not None and fault.kind is Kind.DROP_BEFORE:
            raise Dropped
        if fault is not None and fault.kind is Kind.ERROR:
            return _refusal(fault.code, fault.text)
        if bot is None:
            return _refusal(401, "Unauthorized")
        try:
            result = self._result(bot, method, asked)
        except Refused as refusal:
            return _refusal(refusal.code, f"Bad Request: {refusal.text}")
        if fault is not None and fault.kind is Kind.ERROR_AFTER:
            return _refusal(fault.code, fault.text)
        if fault is not None and fault.kind is Kind.DELAY:
            await asyncio.sleep(fault.seconds)
        elif fault is not None:
            raise Dropped
        return 200, {"ok": True, "result": result}

    def _result(self, bot: Account, method: str, asked: dict[str, Any]) -> dict[str, Any] | bool:
        if method == "getMe":
            return {"id": bot.id, "is_bot": True, "username": bot.name}
        channel = self._chat(asked["chat_id"])
        chat = {"id": -(PREFIX + channel.id), "type": "channel", "title": channel.title}
        chat |= {"username": channel.name} if channel.name else {}
        if method == "getChat":
            return chat
        if method == "getChatMember":
            if bot.id not in channel.posters | channel.members:
                return {"status": "left"}
            return {"status": "administrator", "can_post_messages": bot.id in channel.posters}
        if bot.id not in channel.posters:
            raise Refused(403, "need administrator rights in the channel chat")
        if method == "pinChatMessage":
            return self._pin(channel, asked["message_id"])
        return self._made(bot, channel, method, asked) | {"chat": chat}

    def _made(self, bot: Account, channel: Channel, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        if method == "sendPhoto":
            check_photo(asked["photo"], asked["caption"])
            sent = {"text": asked["caption"], "entities": asked["caption_entities"], "picture": asked["photo"]}
            return self._send(bot, channel, asked | sent)
        entities = asked.get("entities", [])
        check_message(asked["text"], [(each["offset"], each["length"]) for each in entities])
        if method == "editMessageText":
            return self._edit(channel, asked)
        assert method == "sendMessage", method
        return self._send(bot, channel, asked)

    def _send(self, bot: Account, channel: Channel, asked: dict[str, Any]) -> dict[str, Any]:
        post = self.world.send(
            bot,
            channel,
            asked["text"],
            entities=_entities(asked),
            silent=asked.get("disable_notification", False),
            thread=asked.get("message_thread_id"),
            preview=not asked.get("link_preview_options", {}).get("is_disabled"),
            picture=asked.get("picture"),
        )
        return {"message_id": post.id, "date": int(post.date.timestamp())}

    def _edit(self, channel: Channel, asked: dict[str, Any]) -> dict[str, Any]:
        post = channel.posts.get(asked["message_id"])
        if post is None:
            raise Refused(400, "message to edit not found")
        if (post.text, tuple(post.entities)) == (asked["text"], _entities(asked)):
            raise Refused(400, "message is not modified: specified new message content and reply markup are the same")
        self.world.edit(channel, post.id, asked["text"], _entities(asked))
        return {"message_id": post.id}

    def _pin(self, channel: Channel, number: int) -> bool:
        if number not in channel.posts:
            raise Refused(400, "message to pin not found")
        if number not in channel.pinned:
            channel.pinned.append(number)
        return True

    def _chat(self, written: str | int) -> Channel:
        name = str(written)
        found = self.world.named(name[1:]) if name.startswith("@") else self.world.by_id(-int(name) - PREFIX)
        if found is None:
            raise Refused(400, "chat not found")
        return found


def _fields(kind: str, body: bytes) -> dict[str, Any]:
    """What was asked, sent as JSON or as a form; of a form every field but the photo and the caption is JSON."""
    if not kind.startswith("multipart/form-data"):
        return dict(json.loads(body or b"{}"))
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    given: dict[str, Any] = {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in form.iter_parts()
    }
    read = {name: value.decode() if name == "caption" else value for name, value in given.items()}
    return {name: value if name in {"photo", "caption"} else json.loads(value) for name, value in read.items()}


def _entities(asked: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        t.MessageEntityTextUrl(each["offset"], each["length"], each["url"])
        if each["type"] == "text_link"
        else KINDS[each["type"]](each["offset"], each["length"])
        for each in asked.get("entities", ())
    )


def _refusal(code: int, text: str) -> tuple[int, dict[str, Any]]:
    flood = text.startswith("FLOOD_WAIT_")
    status = 429 if flood else code
    more = {"parameters": {"retry_after": int(text.rpartition("_")[2])}} if flood else {}
    return status, {"ok": False, "error_code": status, "description": text, **more}
