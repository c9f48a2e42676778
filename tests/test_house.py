"""The plan of the house holds: contracts, map, glossary, papers."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import errors

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = sorted(p.parent.name for p in (ROOT / "bot").glob("*/__init__.py"))
MODULES = sorted(p.name for p in (ROOT / "bot").glob("*.py") if p.name != "__init__.py")
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROOMS = {"sources": "First", "matching": "Second", "stories": "Third", "digests": "Fourth", "delivery": "Fifth"}


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_map_lists_exactly_the_packages_that_exist() -> None:
    plan = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("```")[1]
    shown = re.findall(r"^  (\w+)(/|\.py) ", plan, re.MULTILINE)
    assert sorted(name for name, kind in shown if kind == "/") == PACKAGES
    assert sorted(f"{name}.py" for name, kind in shown if kind == ".py") == MODULES


@pytest.mark.parametrize(("room", "ordinal"), ROOMS.items())
def test_each_room_says_which_it_is(room: str, ordinal: str) -> None:
    source = (ROOT / "bot" / room / "__init__.py").read_text(encoding="utf-8")
    assert (ast.get_docstring(ast.parse(source)) or "").startswith(f"{ordinal} room: from ")


@pytest.mark.parametrize("path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_every_noun_of_the_model_is_in_the_glossary() -> None:
    headings = set(re.findall(r"^### (.+)$", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE))
    for noun in ("Source", "Post", "Hit", "Story", "Digest", "Delivery", "Watch", "Place", "Term", "Route", "Cursor"):
        assert noun in headings


@pytest.mark.parametrize("page", PAPERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_in_the_papers_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", prose(page)):
        file, _, heading = target.partition("#")
        meant = page.parent / file if file else page
        assert meant.exists(), target
        assert not heading or heading in anchors(meant), target


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors that a reader of Markdown gives to the headings of a page."""
    headings = re.findall(r"^#+ +(.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_decisions_are_short() -> None:
    for page in (ROOT / "docs/decisions").glob("*.md"):
        assert len(page.read_text(encoding="utf-8").splitlines()) < 40, page.name


def test_every_error_has_its_heading() -> None:
    headings = set(re.findall(r"^### (.+)$", (ROOT / "docs/errors.md").read_text(encoding="utf-8"), re.MULTILINE))
    kinds = {kind for kind in every_kind(errors.PlacewireError) if kind.__module__ == errors.__name__}
    assert {kind.__name__ for kind in kinds if kinds.isdisjoint(kind.__subclasses__())} == headings


def every_kind(kind: type[errors.PlacewireError]) -> set[type[errors.PlacewireError]]:
    return {kind}.union(*map(every_kind, kind.__subclasses__()))
