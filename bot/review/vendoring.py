"""What the page brings along from npm: htmx, Leaflet, uPlot, and borders made from world-atlas (Natural Earth).

    npm pack htmx.org@2.0.11 leaflet@1.9.4 uplot@1.6.32 world-atlas@2.0.2 axe-core@4.14.1
    python -m bot.review.vendoring FOLDER

In: a folder with these packages as npm packs them. Out: files under static/vendor and tests/review, each package with
its licence. Invariant: a file is taken as it is; only the borders are made, cut to the part of the world we need.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parent / "static" / "vendor"
TESTS = Path(__file__).parents[2] / "tests" / "review" / "vendor"
TAKEN: Mapping[str, tuple[Path, Sequence[str]]] = {
    "htmx.org": (VENDOR, ["dist/htmx.min.js", "LICENSE"]),
    "leaflet": (VENDOR, ["dist/leaflet.js", "dist/leaflet.css", "LICENSE"]),
    "uplot": (VENDOR, ["dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE"]),
    "axe-core": (TESTS, ["axe.min.js", "LICENSE"]),
}
WEST, SOUTH, EAST, NORTH = -12.0, 32.0, 72.0, 72.0
"""Degrees: Europe, the Caucasus and what lies around."""
DIGITS = 3

Point = tuple[float, float]
Ring = list[Point]


def main(folder: Path) -> None:
    for name, (target, files) in TAKEN.items():
        with tarfile.open(next(folder.glob(f"{name}-*.tgz"))) as package:
            for file in files:
                _write(target / _kept_as(name, file), _read(package, f"package/{file}"))
    with tarfile.open(next(folder.glob("world-atlas-*.tgz"))) as package:
        made = borders(json.loads(_read(package, "package/countries-50m.json")))
        _write(VENDOR / "borders.json", json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode())
        _write(VENDOR / "world-atlas.LICENSE", _read(package, "package/LICENSE"))


def _kept_as(package: str, file: str) -> str:
    return f"{package}.LICENSE" if file == "LICENSE" else Path(file).name


def _read(package: tarfile.TarFile, name: str) -> bytes:
    file = package.extractfile(name)
    assert file is not None
    return file.read()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def borders(topology: Any) -> dict[str, Any]:
    """GeoJSON of the countries that reach into the part of the world that is kept."""
    arcs = [_line(arc, topology["transform"]) for arc in topology["arcs"]]
    features = [
        {
            "type": "Feature",
            "properties": {"name": country["properties"]["name"]},
            "geometry": {"type": "MultiPolygon", "coordinates": polygons},
        }
        for country in topology["objects"]["countries"]["geometries"]
        if (polygons := list(_polygons(country, arcs)))
    ]
    return {"type": "FeatureCollection", "features": features}


def _line(arc: Sequence[Sequence[int]], transform: Any) -> Ring:
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    points: Ring = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((round(x * scale_x + left, DIGITS), round(y * scale_y + bottom, DIGITS)))
    return points


def _polygons(country: Any, arcs: Sequence[Ring]) -> Iterator[list[Ring]]:
    shapes = country.get("arcs", ())
    for shape in [shapes] if country["type"] == "Polygon" else shapes:
        rings = [_ring(indices, arcs) for indices in shape]
        if _is_kept(rings[0]):
            yield rings


def _ring(indices: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """Arcs joined; a negative index means that arc backwards."""
    points: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def _is_kept(ring: Ring) -> bool:
    return any(WEST <= x <= EAST and SOUTH <= y <= NORTH for x, y in ring)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
