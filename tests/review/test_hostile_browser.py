"""Hostile strings in a real browser: whatever gets executed, or is stopped by the policy alone, says so."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog

from tests.review.hostile import PAGES, config, fill
from tests.review.newsdesk import in_a_thread
from tests.store.world import NOW

BAD = frozenset({"error", "warning"})
WATCHING = """
window.ran = [];
window.pwned = () => window.ran.push("pwned");
addEventListener("securitypolicyviolation", (event) => window.ran.push(event.violatedDirective));
"""
"""Whatever gets executed says so, and so does what the policy alone has stopped."""


def test_nothing_is_executed_in_a_browser(chrome: Browser, tmp_path: Path) -> None:
    """Scripts that ran, dialogs, what the policy had to stop, requests to elsewhere, complaints: there are none."""
    seen: list[str] = []

    def refuse(dialog: Dialog) -> None:
        seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    with in_a_thread(config(tmp_path), NOW, NOW, fill) as desk:
        context = chrome.new_context(base_url=desk.address, locale="en")
        context.add_init_script(WATCHING)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("dialog", refuse)
        page.on("pageerror", lambda error: seen.append(f"error {error}"))
        page.on("console", lambda said: seen.append(f"console {said.text}") if said.type in BAD else None)
        page.on("request", lambda asked: seen.append(asked.url) if not asked.url.startswith(desk.address) else None)
        for path in PAGES:
            page.goto(path)
            ran = page.evaluate("window.ran")
            assert (ran, seen, urlsplit(page.url).path) == ([], [], urlsplit(path).path), path
        context.close()
