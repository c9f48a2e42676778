// Keys for those who review all day. Everything here can be done without it, by links and forms.
"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  const one = (selector, root = document) => root.querySelector(selector);
  const cards = () => [...document.querySelectorAll("[data-card]")];
  const current = () => document.activeElement?.closest?.("[data-card]") ?? null;

  function go(step) {
    const all = cards();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  // What a key means is found in the focused card first, then on the page.
  const keyed = (key) => one(`[data-key="${key}"]`, current() ?? document) ?? (current() ? null : one(`[data-key="${key}"]`));

  function use(key) {
    const found = keyed(key);
    if (!found) return;
    if (found.tagName !== "DETAILS") return found.click();
    found.open = !found.open;
    if (found.open) one("[data-focus], button, select, input:not([type=hidden])", one(".sheet", found))?.focus();
  }

  function note() {
    const menu = keyed("m");
    if (!menu) return;
    menu.open = true;
    one("[data-note]", menu)?.focus();
  }

  function open() {
    const card = current();
    (card?.matches("a") ? card : one("[data-open]", card ?? undefined))?.click();
  }

  function undo() {
    (one("#toast form") ?? one("#undo-last"))?.requestSubmit();
  }

  function close() {
    const opened = document.activeElement?.closest("details[open]") ?? one("details.menu[open]");
    if (opened) { opened.open = false; one("summary", opened)?.focus(); }
    else document.activeElement?.blur();
  }

  const keys = {
    j: () => go(1), k: () => go(-1), c: () => use("c"), x: () => use("x"), w: () => use("w"), m: () => use("m"),
    p: () => use("p"), a: () => use("a"), n: note, o: open, u: undo,
    s: () => (keyed("s") ? use("s") : open()),
    "/": () => { const field = one("[data-main]") ?? one("#find"); field.focus(); field.select(); },
    "?": () => one("#help").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !one("dialog[open]")) return close();
    if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    const sheet = event.target.closest("details.menu[open]");
    const numbered = sheet && one(`[data-number="${CSS.escape(event.key)}"]`, sheet);
    if (numbered) { event.preventDefault(); return numbered.click(); }
    if (event.key === "Enter" && event.target.matches("[data-card]")) return open();
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) one("#help").showModal();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // After a decision the card is gone: the next one takes its place, also for the keyboard.
  let place = -1;
  document.addEventListener("htmx:beforeRequest", (event) => { place = cards().indexOf(event.target.closest("[data-card]")); });
  document.addEventListener("htmx:afterSwap", () => {
    if (place < 0) return;
    const all = cards();
    if (document.activeElement === document.body) (all[Math.min(place, all.length - 1)] ?? one("#main")).focus();
    place = -1;
    if (!all.length && one("#count") && !one("#count").hidden) return location.reload(); // more wait behind these
    const empty = one("#empty");
    if (empty) empty.hidden = all.length > 0;
  });
  document.addEventListener("selectionchange", () => {
    const marked = document.getSelection();
    const field = one("#marked");
    if (field && marked.rangeCount && marked.anchorNode.parentElement?.closest("[data-markable]")) field.value = marked.toString().trim().slice(0, 200) || field.value;
  });
  document.addEventListener("DOMContentLoaded", () => {
    const here = one(".side nav [aria-current]");
    if (here) here.parentElement.scrollLeft = here.offsetLeft - 60;
    if (document.body.dataset.page === "queue" && !location.hash) cards()[0]?.focus({ preventScroll: true });
  });
})();
