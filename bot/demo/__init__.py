"""The demonstration: a morning of ten invented sources on loopback, read by the real house.

In: `posts.toml`, the posts and when they appear, change and go. Out: a newsroom that serves them over HTTP as feeds and
as channel pages, the configuration that watches it, and a last page of what was found, grouped and left out, and why.
Nothing but the sources and the pace of the clock is invented: every room works as it would on the public web.
"""

from __future__ import annotations
