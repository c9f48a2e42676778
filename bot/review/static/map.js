// The map: borders and the watchlist's own coordinates, from this server alone; tiles only where the operator set them.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const holder = document.querySelector("[data-map]");
  if (!holder || !window.L) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(holder, { attributionControl: false, zoomAnimation: !still, fadeAnimation: false, minZoom: 3, maxZoom: 12 });
  map.setView([50, 34], 5);
  const get = async (address) => (await fetch(address)).json();
  const { tiles } = holder.dataset;
  if (tiles) L.tileLayer(tiles, { keepBuffer: 1 }).addTo(map);
  const className = tiles ? "country over" : "country";
  L.geoJSON(await get("/static/vendor/borders.json"), { interactive: false, style: { className } }).addTo(map);

  function point([latitude, longitude], hits, most, name) {
    const radius = 5 + 15 * Math.sqrt(hits / (most || 1));
    return L.circleMarker([latitude, longitude], { radius, className: hits ? "point" : "point none", interactive: Boolean(name) });
  }

  function named(properties) {
    const link = document.createElement("a");
    link.href = `/places/${encodeURIComponent(properties.id)}`;
    link.textContent = properties.name;
    const holder = document.createElement("p");
    holder.append(link, ` ${properties.region} · ${properties.hits}`);
    return holder;
  }

  const text = (words) => { const span = document.createElement("span"); span.textContent = words; return span; };

  // Names where there is room for them, those of the most hits first.
  function name(labels) {
    const taken = [];
    for (const [marker, words] of labels) {
      marker.unbindTooltip();
      const { x, y } = map.latLngToLayerPoint(marker.getLatLng());
      const box = [x - 20, y - 14, x + 30 + 9 * words.textContent.length, y + 14];
      if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      taken.push(box);
      marker.bindTooltip(words, { permanent: true, direction: "right", offset: [10, 0] });
    }
  }

  const shown = [];
  const labels = [];
  if (holder.dataset.points) {
    const { features } = await get(holder.dataset.points);
    const most = Math.max(...features.map((each) => each.properties.hits), 1);
    for (const { geometry, properties } of features.sort((a, b) => b.properties.hits - a.properties.hits)) {
      const [longitude, latitude] = geometry.coordinates;
      const marker = point([latitude, longitude], properties.hits, most, properties.name).addTo(map).bindPopup(named(properties));
      if (properties.hits) labels.push([marker, text(properties.name)]);
      shown.push(marker.getLatLng());
    }
    map.on("zoomend", () => name(labels));
  } else {
    for (const at of holder.dataset.places.split(";").filter(Boolean)) {
      const place = at.split(",").map(Number);
      point(place, 1, 4).addTo(map);
      shown.push(L.latLng(place));
    }
  }
  if (shown.length) map.fitBounds(L.latLngBounds(shown).pad(0.4), { maxZoom: holder.dataset.points ? 8 : 6, animate: false });
  name(labels);
  holder.dataset.ready = "";
});
