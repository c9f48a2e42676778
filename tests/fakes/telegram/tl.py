"""The world as TL objects, as one account sees it."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from telethon.tl import types as t

from tests.fakes.telegram.keys import DC
from tests.fakes.telegram.world import Account, Channel, Post, World

BLANKS = {"int": 0, "str": "", "bytes": b"", "bool": False}


def filled(kind: type, **given: Any) -> Any:
    """A TL object whose other mandatory arguments are blank: each layer of Telethon adds some."""
    for name, parameter in inspect.signature(kind.__init__).parameters.items():  # type: ignore[misc]
        if name in {"self", *given} or parameter.default is not inspect.Parameter.empty:
            continue
        written = parameter.annotation if isinstance(parameter.annotation, str) else repr(parameter.annotation)
        short = getattr(parameter.annotation, "__name__", "")
        given[name] = [] if "List" in written else BLANKS.get(short)
    return kind(**given)


def config(host: str, port: int) -> Any:
    now = datetime.now(UTC)
    return filled(
        t.Config,
        date=now,
        expires=now,
        test_mode=True,
        this_dc=DC,
        dc_options=[t.DcOption(DC, host, port)],
        message_length_max=4096,
        caption_length_max=1024,
    )


def user(account: Account, viewer: Account | None) -> Any:
    return t.User(
        id=account.id,
        is_self=account is viewer,
        bot=account.token is not None,
        access_hash=account.id,
        first_name=account.name,
        username=account.name,
        phone=account.phone,
        bot_info_version=1 if account.token else None,
    )


def channel(one: Channel, viewer: Account) -> Any:
    rights = t.ChatAdminRights(post_messages=True, edit_messages=True) if viewer.id in one.posters else None
    reasons = [t.RestrictionReason("all", "terms", one.restricted)] if one.restricted else None
    return t.Channel(
        id=one.id,
        title=one.title,
        photo=t.ChatPhotoEmpty(),
        date=datetime(2026, 1, 1, tzinfo=UTC),
        broadcast=not one.megagroup,
        megagroup=one.megagroup,
        restricted=bool(one.restricted),
        restriction_reason=reasons,
        access_hash=one.access_hash(viewer.id),
        username=one.name,
        admin_rights=rights,
    )


def message(world: World, one: Channel, post: Post) -> Any:
    peer = t.PeerChannel(one.id)
    if post.service:
        return t.MessageService(id=post.id, peer_id=peer, date=post.date, action=t.MessageActionPinMessage())
    return t.Message(
        id=post.id,
        peer_id=peer,
        date=post.date,
        message=post.text.encode("utf-8", "surrogatepass"),  # a lone surrogate reaches the client as it would
        post=True,
        entities=list(post.entities) or None,
        fwd_from=_forward(world, post),
        reply_to=t.MessageReplyHeader(reply_to_msg_id=post.reply_to) if post.reply_to else None,
        media=_media(post),
        edit_date=post.edited,
        post_author=post.author,
        grouped_id=post.album,
        views=12,
        forwards=1,
    )


def _forward(world: World, post: Post) -> Any:
    if post.forward is None:
        return None
    name, number = post.forward
    origin = world.named(name)
    if origin is None:
        return t.MessageFwdHeader(date=post.date, from_name=name)
    return t.MessageFwdHeader(date=post.date, from_id=t.PeerChannel(origin.id), channel_post=number)


class _Unknown(t.MessageMediaUnsupported):  # type: ignore[misc]
    def _bytes(self) -> bytes:
        return b"\xef\xbe\xad\xde"


def _media(post: Post) -> Any:
    if post.unknown:
        return _Unknown()
    if post.unsupported:
        return t.MessageMediaUnsupported()
    if post.photo:
        return t.MessageMediaPhoto(photo=t.PhotoEmpty(post.id))
    if not post.poll:
        return None
    question, *options = (t.TextWithEntities(words, []) for words in post.poll)
    answers = [filled(t.PollAnswer, text=words, option=bytes([place])) for place, words in enumerate(options)]
    return filled(
        t.MessageMediaPoll,
        poll=filled(t.Poll, id=post.id, question=question, answers=answers),
        results=filled(t.PollResults),
    )


def messages(world: World, one: Channel, posts: Sequence[Post | int], viewer: Account) -> Any:
    """A page of history; a number stands for a message that is not there."""
    origins = {post.forward[0] for post in posts if isinstance(post, Post) and post.forward}
    named = [world.named(name) for name in sorted(origins)]
    chats = [one, *(origin for origin in named if origin is not None and origin is not one)]
    return t.messages.ChannelMessages(
        pts=1,
        count=len(one.posts),
        messages=[
            message(world, one, post) if isinstance(post, Post) else t.MessageEmpty(id=post, peer_id=None)
            for post in posts
        ],
        topics=[],
        chats=[channel(each, viewer) for each in chats],
        users=[],
    )


def updates(changes: Sequence[Any], chats: Sequence[Any] = ()) -> Any:
    return t.Updates(updates=list(changes), users=[], chats=list(chats), date=datetime.now(UTC), seq=0)


def pushed(world: World, what: str, one: Channel, post: Post) -> Any:
    """What a client is told of a change, unasked."""
    match what:
        case "new":
            return t.UpdateNewChannelMessage(message(world, one, post), pts=post.id, pts_count=1)
        case "edited":
            return t.UpdateEditChannelMessage(message(world, one, post), pts=post.id, pts_count=1)
    return t.UpdateDeleteChannelMessages(one.id, [post.id], pts=post.id, pts_count=1)
