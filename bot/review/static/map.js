// The map: borders and the watchlist's own coordinates, from this server alone; tiles only where the operator set them.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const holder = document.querySelector("[data-map]");
  if (!holder || !window.L) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(holder, { attributionControl: false, zoomAnimation: !still, fadeAnimation: false, minZoom: 3, maxZoom: 12, keyboard: !holder.hasAttribute("aria-hidden") });
  map.setView([50, 34], 5);
  const get = async (address) => (await fetch(address)).json();
  L.geoJSON(await get("/static/vendor/borders.json"), { interactive: false, style: { className: "country" } }).addTo(map);

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

  const shown = [];
  if (holder.dataset.points) {
    const { features } = await get(holder.dataset.points);
    const most = Math.max(...features.map((each) => each.properties.hits), 1);
    for (const { geometry, properties } of features.sort((a, b) => b.properties.hits - a.properties.hits)) {
      const [longitude, latitude] = geometry.coordinates;
      const marker = point([latitude, longitude], properties.hits, most, properties.name).addTo(map).bindPopup(named(properties));
      if (properties.hits) marker.bindTooltip(document.createTextNode(properties.name).textContent.replace(/[<&>]/g, ""), { permanent: true, direction: "right", offset: [8, 0] });
      shown.push(marker.getLatLng());
    }
  } else {
    for (const at of holder.dataset.places.split(";").filter(Boolean)) {
      const place = at.split(",").map(Number);
      point(place, 1, 4).addTo(map);
      shown.push(L.latLng(place));
    }
  }
  if (shown.length) map.fitBounds(L.latLngBounds(shown).pad(0.4), { maxZoom: 8, animate: false });
  holder.dataset.ready = "";
});
