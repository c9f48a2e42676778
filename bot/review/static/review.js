// Keys for those who review all day. Everything here can be done without it, by links and forms.
"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  const one = (selector, root = document) => root.querySelector(selector);
  const cards = () => [...document.querySelectorAll("[data-card]")];
  const current = () => document.activeElement?.closest?.("[data-card]") ?? null;

  function go(step) {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    const all = cards();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  // What a key means is found in the focused card, then in what is around it; on the page if nothing is focused.
  function keyed(key) {
    const around = document.activeElement?.closest?.("[data-around]");
    const roots = [current(), around].filter(Boolean);
    for (const root of roots.length ? roots : [document]) {
      const found = one(`[data-key="${key}"]`, root);
      if (found) return found;
    }
    return null;
  }

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
    (one("#toast [data-undo]") ?? one("#undo-last"))?.requestSubmit();
  }

  function close() {
    const opened = document.activeElement?.closest("details[open]") ?? one("details.menu[open]");
    if (opened) { opened.open = false; one("summary", opened)?.focus(); }
    else document.activeElement?.blur();
  }

  // Letters as they stand on a Latin keyboard, whatever alphabet is chosen, capital or small.
  const letter = (event) => {
    if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
    if (/^\p{L}$/u.test(event.key)) return event.code.replace(/^Key/, "").toLowerCase();
    return event.code === "Slash" ? { ".": "/", ",": "?" }[event.key] ?? event.key : event.key;
  };

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
    const act = keys[letter(event)];
    if (act) { event.preventDefault(); act(); }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) one("#help").showModal();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // What was refused or lost is said; the card stays.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      if (!event.detail.xhr?.getResponseHeader("HX-Retarget")) one("#toast").replaceChildren(one("#unreached").firstElementChild.cloneNode(true));
    });
  }

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
  // A form that loads its page again comes back to its card, or to the one that took its place; an undo to the card
  // that it brings back.
  const PLACE = "place", DECIDED = "decided";
  const kept = (name, otherwise) => JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
  const keep = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));
  document.addEventListener("submit", (event) => {
    const undoing = event.target.matches("[data-undo], #undo-last");
    const card = event.target.closest("[data-card]") ?? (undoing ? current() : null);
    const decided = kept(DECIDED, []);
    const brought = undoing ? decided.pop() : null;
    if (!undoing && card?.id) decided.push(card.id);
    keep(DECIDED, decided.slice(-50));
    if ((card || brought) && !event.defaultPrevented)
      keep(PLACE, { path: location.pathname, id: brought ?? card.id, at: cards().indexOf(card), scrolled: scrollY });
  });
  function comeBack() {
    const left = kept(PLACE);
    sessionStorage.removeItem(PLACE);
    if (left?.path !== location.pathname) return false;
    const all = cards();
    scrollTo(0, left.scrolled);
    const card = (left.id && document.getElementById(left.id)) || all[Math.max(0, Math.min(left.at, all.length - 1))];
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
    return Boolean(card);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const here = one(".side nav [aria-current]");
    if (here) here.parentElement.scrollLeft = here.offsetLeft - 60;
    if (comeBack() || location.hash) return;
    if (document.body.dataset.page === "queue") cards()[0]?.focus({ preventScroll: true });
  });
})();
