// Keeps a page up to date: fetches it again every few seconds and puts into place what changed.
// What a reader has done stays: focus, scrolling, open details, text in the filter. The page works
// without all this.
"use strict";

(() => {
  const script = document.currentScript;
  const told = document.querySelector(".told");
  const status = document.querySelector(".live");
  const patience = 10_000; // ms; a request that takes longer has failed
  const longestPause = 60_000;

  let every = Number(script.dataset.every) * 1000;
  let failures = 0;
  let lastGood = new Date();
  let timer;
  let current; // the request under way; a newer one takes its place
  const waiting = () => Boolean(document.getElementById("waiting"));
  let awaited = waiting(); // a run was asked for, and its end is to be told

  // Putting a page in the place of another.

  const keyOf = (node) => node.dataset?.key || node.id || "";

  const alike = (a, b) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

  function mendAttributes(old, fresh) {
    for (const { name } of [...old.attributes]) {
      const opened = name === "open" && old.nodeName === "DETAILS";
      if (!fresh.hasAttribute(name) && !opened) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  // The next of the old nodes that can stand for `wanted`, from `at` on. Nodes with a key keep it;
  // one without never jumps over one that has one.
  function findAlike(at, wanted) {
    for (let node = at; node && !keyOf(node); node = node.nextSibling) {
      if (alike(node, wanted)) return node;
    }
    return null;
  }

  // What a reader has opened stays until it is closed, also when the agent no longer keeps it.
  const isRead = (node) => node.nodeName === "DETAILS" && node.open;

  function mendChildren(old, fresh) {
    const kept = new Set([...fresh.children].map(keyOf));
    const keyed = new Map();
    for (const child of [...old.children]) {
      const key = keyOf(child);
      if (key && !kept.has(key) && !isRead(child)) child.remove();
      else if (key) keyed.set(key, child);
    }
    let at = old.firstChild;
    for (const wanted of [...fresh.childNodes]) {
      const key = keyOf(wanted);
      const found = key ? keyed.get(key) : findAlike(at, wanted);
      keyed.delete(key);
      if (!found || !alike(found, wanted)) {
        old.insertBefore(wanted, at);
        continue;
      }
      if (key && found !== at) {
        old.insertBefore(found, at);
      } else {
        while (at !== found) at = removeAndGoOn(at);
        at = found.nextSibling;
      }
      mend(found, wanted);
    }
    while (at) at = isRead(at) ? at.nextSibling : removeAndGoOn(at);
  }

  function removeAndGoOn(node) {
    const next = node.nextSibling;
    node.remove();
    return next;
  }

  function mend(old, fresh) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
    } else if (old.nodeName !== "NOSCRIPT" && !old.isEqualNode(fresh)) {
      mendAttributes(old, fresh);
      mendChildren(old, fresh);
    }
  }

  // Moving a node takes the focus from it, and a check that changes its state gets a new one.
  function keepFocus(change) {
    const focused = document.activeElement;
    const key = focused?.closest("[data-key]")?.dataset.key;
    const address = focused?.getAttribute("href");
    change();
    if (!focused || document.activeElement === focused || focused === document.body) return;
    const places = key ? document.querySelectorAll(`[data-key="${CSS.escape(key)}"] a`) : [];
    const again = [...places].find((place) => place.getAttribute("href") === address);
    (focused.isConnected ? focused : again)?.focus({ preventScroll: true });
  }

  // Telling what changed to those who do not see it.

  function standings() {
    const all = document.querySelectorAll("[data-told]");
    return new Map([...all].map((one) => [one.dataset.key, one.dataset.told]));
  }

  function tell(sentences) {
    const first = sentences.slice(0, 3);
    if (sentences.length > 3) first.push(`and ${sentences.length - 3} more`);
    told.textContent = first.join(". ");
  }

  function tellChanges(before) {
    const now = [...standings()];
    const changed = now.filter(([key, text]) => before.has(key) && before.get(key) !== text);
    const ended = awaited && !waiting();
    if (ended) awaited = false;
    const sentences = (ended ? now : changed).map(([, text]) => text);
    if (sentences.length) tell(sentences);
  }

  function show(text, bad) {
    if (bad && !status.classList.contains("bad")) tell([text]);
    status.textContent = text;
    status.classList.toggle("bad", bad);
    status.hidden = false;
  }

  const clock = (time) => `${time.toISOString().slice(11, 19)} UTC`;

  // Asking the agent.

  class Gone extends Error {}

  async function take(response) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("main");
    const source = page.querySelector("script[data-every]");
    if (!fresh || !source) throw new Error("this is no page of the agent");
    // Another version of the program: its script knows its pages better.
    if (source.getAttribute("src") !== script.getAttribute("src")) return location.reload();
    every = Number(source.dataset.every) * 1000;
    const before = standings();
    keepFocus(() => mend(document.querySelector("main"), fresh));
    document.title = page.title;
    tellChanges(before);
    const address = new URL(response.url);
    if (!waiting()) address.searchParams.delete("asked");
    address.hash = location.hash;
    if (address.href !== location.href) history.replaceState(null, "", address);
  }

  async function ask(address, options) {
    clearTimeout(timer);
    current?.abort();
    const mine = (current = new AbortController());
    const limit = setTimeout(() => mine.abort(), patience);
    // fetch() takes no address that has the password in it; the browser remembers it by itself.
    const clean = Object.assign(new URL(address), { username: "", password: "" });
    try {
      const headers = { Accept: "text/html" };
      const response = await fetch(clean, { ...options, headers, signal: mine.signal });
      if (response.status === 404) throw new Gone();
      if (!response.ok) throw new Error(`status ${response.status}`);
      await take(response);
      failures = 0;
      lastGood = new Date();
      if (status.classList.contains("bad")) tell(["The agent answers again"]);
      show(`Live, ${clock(lastGood)}`, false);
    } catch (error) {
      if (mine !== current) return;
      failures += 1;
      const gone = error instanceof Gone;
      const what = gone ? "There is no such check any more" : "The agent does not answer";
      show(`${what}. This is from ${clock(lastGood)}.`, true);
    } finally {
      clearTimeout(limit);
    }
    if (mine !== current || document.hidden) return;
    timer = setTimeout(refresh, Math.min(every * 2 ** failures, longestPause));
  }

  const refresh = () => ask(location.href, {});

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) refresh();
  });

  // "Run now": the answer leads to the page of the check, which says that it waits.
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "run") return;
    event.preventDefault();
    tell(["A run was asked for"]);
    awaited = true;
    ask(event.target.action, { method: "POST" });
  });

  show(`Live, ${clock(lastGood)}`, false);
  if (!document.hidden) timer = setTimeout(refresh, every);
})();
