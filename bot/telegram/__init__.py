"""The one package that imports Telethon: sessions are read here, and its errors translated once.

In: files that hold a session. Out: values that the rooms understand, or typed errors. Invariant: a session string is
never shown, logged or written anywhere else.
"""

from bot.telegram.sessions import SessionFault, check_session

__all__ = ["SessionFault", "check_session"]
