"""Takes the pictures of the README: `python -m tests.review.pictures`, with Chromium installed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.review.conftest import chromium
from tests.review.newsdesk import served

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
TAKEN = {
    "queue": ("/", "light"),
    "story": ("/search?q=%D0%A1%D0%BE%D1%80%D0%BE%D1%87%D0%B8%D0%BD%D0%B0&state=edited", "light"),
    "places": ("/places", "dark"),
    "map": ("/map", "light"),
}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, served(Path(folder)) as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, (path, scheme) in TAKEN.items():
            page = browser.new_page(
                base_url=desk.address,
                viewport={"width": 1200, "height": 760},
                color_scheme="dark" if scheme == "dark" else "light",
                locale="en",
            )
            page.goto(path)
            if name == "story":
                page.locator(".found [data-open]").first.click()
                page.locator("details.edit summary").first.click()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
