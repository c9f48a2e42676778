"""The shipped configuration, the sample, the schemas and the reference all say the same as the code.

`PLACEWIRE_REWRITE=1 pytest -n 0 tests/config` writes them anew; a person reads the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.config import examine, json_schemas, load
from bot.config.environment import Environment
from bot.config.reference import reference
from bot.config.sample import sample, sample_files, spelt
from bot.config.schema import MODELS, every_key, schema_of
from bot.errors import ConfigError
from bot.model import SideKind

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config"
SCHEMAS = ROOT / "docs" / "schema"
REFERENCE = ROOT / "docs" / "configuration.md"
NINE = (
    "Суджа",
    "Бердин",
    "Черкасское Поречное",
    "Мартыновка",
    "Михайловка",
    "Новосотницкий",
    "Ямская Степь",
    "Новая Сорочина",
    "Покровск",
)
REWRITE = bool(os.environ.get("PLACEWIRE_REWRITE"))


def same(folder: Path, expected: Mapping[str, str]) -> None:
    """The folder holds exactly these texts; with the switch, it is made so."""
    for name, text in expected.items() if REWRITE else ():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    found = {str(file.relative_to(folder)): file for file in folder.rglob("*") if file.is_file()}
    assert {name: file.read_text(encoding="utf-8") for name, file in found.items()} == dict(expected)


def test_the_shipped_folder_is_the_sample() -> None:
    same(SHIPPED, {str(path): text for path, text in sample_files().items()})


def test_the_schemas_in_docs_are_those_of_the_code() -> None:
    same(SCHEMAS, {f"{name}.json": spelt(schema) for name, schema in json_schemas().items()})


def test_the_reference_is_that_of_the_code() -> None:
    if REWRITE:
        REFERENCE.write_text(reference(), encoding="utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == reference()


def test_every_key_and_variable_has_its_place_in_the_reference() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    keys = [path for model in MODELS.values() for path, _, _ in every_key(schema_of(model))]
    assert len(keys) > 90
    assert [path for path in keys if f"\n### `{path}`\n" not in text] == []
    assert [name for name in Environment.model_fields if f"`PLACEWIRE_{name.upper()}`" not in text] == []


def test_every_key_says_what_it_means() -> None:
    for model in MODELS.values():
        for path, schema, _ in every_key(schema_of(model)):
            assert schema.get("description", "").endswith((".", ",")), path


def test_the_shipped_configuration_loads_without_any_key() -> None:
    config = load(SHIPPED, {})
    assert config.warnings == ()
    assert [watch.name for watch in config.watches] == list(NINE)
    assert [route.to.kind for route in config.routes] == ["console", "file"]
    assert len({source.side for source in config.sources if source.side_kind is SideKind.PARTY}) == 2
    assert any(source.side_kind is SideKind.OBSERVER for source in config.sources)


def test_the_shipped_sources_say_that_nobody_verified_them() -> None:
    for file in ("sources.yaml", "watchlists/kursk.yaml"):
        assert re.search(r"not verified here", (SHIPPED / file).read_text(encoding="utf-8"), re.IGNORECASE)


def test_the_sample_loads_and_is_never_written_over(tmp_path: Path) -> None:
    written = sample(tmp_path / "new")
    found = examine(tmp_path / "new", {})
    assert (found.faults, found.warnings) == ((), ())
    before = {file: file.read_bytes() for file in written}
    with pytest.raises(ConfigError) as caught:
        sample(tmp_path / "new")
    assert len(caught.value.faults) == len(written)
    assert {file: file.read_bytes() for file in written} == before


def test_one_file_in_the_way_leaves_the_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "routes.yaml").write_text("routes: []", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"routes\.yaml:0:0: is there already"):
        sample(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["routes.yaml"]


def test_a_sample_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written"):
        sample(tmp_path / "file")


@pytest.mark.parametrize("shipped", [True, False])
def test_each_file_names_a_schema_that_is_there(tmp_path: Path, shipped: bool) -> None:
    folder = SHIPPED if shipped else tmp_path
    files = [*folder.rglob("*.yaml")] if shipped else [file for file in sample(folder) if file.suffix == ".yaml"]
    assert len(files) == 4
    for file in files:
        line = file.read_text(encoding="utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line)
        assert named, file
        assert (file.parent / named[1]).is_file()


def test_what_the_container_needs_for_its_page_loads(tmp_path: Path) -> None:
    told = (ROOT / "docs/review.md").read_text("utf-8").partition("### In a container")[2]
    said = re.search(r"^review: .*", told, re.MULTILINE)
    port = re.search(r'# ports: \["(.*):(\d+):(\d+)"\]', (ROOT / "compose.yaml").read_text("utf-8"))
    assert said
    assert port
    users = tmp_path / "users"
    users.write_text("anna reviewer -\n")
    users.chmod(0o600)
    (tmp_path / "bot.yaml").write_text(said[0].replace("data/users", str(users)), "utf-8")
    review = load(tmp_path, {}).review
    assert (review.host, review.port, review.public_url) == ("0.0.0.0", int(port[3]), f"http://{port[1]}:{port[2]}")
