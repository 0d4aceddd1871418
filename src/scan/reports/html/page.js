// The items' search, and how old the page is. Everything else is there without it.
"use strict";
(() => {
  const PAGE = 50;
  const DAY = 86400;
  const get = (id) => document.getElementById(id);
  const page = document.documentElement.dataset;
  const clock = clockOf(page.zone);
  const count = new Intl.NumberFormat("en-US");

  document.documentElement.classList.add("live");
  tellAge(get("age"), get("stale"));

  const { sources, items } = JSON.parse(get("data").textContent);
  if (items.length) find();

  // The profile's clock; the reader's own where the browser knows no such zone.
  function clockOf(timeZone) {
    const form = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
    try {
      return new Intl.DateTimeFormat("en-GB", { ...form, timeZone });
    } catch {
      return new Intl.DateTimeFormat("en-GB", { ...form, timeZoneName: "short" });
    }
  }

  // How old the page is, and whether a newer one should be there by now.
  function tellAge(age, stale) {
    const made = Date.parse(page.made);
    const every = Number(page.every) * 1000;
    const old = Date.now() - made;
    if (old >= 60000) {
      age.textContent = ` (${span(old)} ago)`;
      age.hidden = false;
    }
    if (every && old > 2 * every + 3600000) {
      stale.textContent = `This page is ${span(old)} old, and a run was due every ${span(every)}. `
        + `If it is no copy, scan does not run any more: ${page.call} status says why.`;
      stale.hidden = false;
    }
  }

  function span(milliseconds) {
    const minutes = Math.round(milliseconds / 60000);
    if (minutes < 60) return `${minutes} min`;
    return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
  }

  // Letters without case and accents, as searches compare them.
  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function find() {
    const form = document.querySelector("#finder form");
    const now = Date.parse(page.made) / 1000;
    const left = (item) => item.length > 5;
    const shows = {
      "": (item) => !left(item),
      day: (item) => !left(item) && item[4] > now - DAY,
      week: (item) => !left(item) && item[4] > now - 7 * DAY,
      left,
    };
    const newest = (one, other) => (other[5] || other[4]) - (one[5] || one[4]);
    const orders = { "": newest, source: (one, other) => one[0] - other[0] || newest(one, other) };
    let texts;
    let found = [];
    let from = 0;
    let later;

    for (const name of [...sources].sort()) get("source").append(new Option(name));
    get("finder").hidden = false;
    form.addEventListener("input", () => search(true));
    form.addEventListener("submit", (event) => event.preventDefault());
    get("back").addEventListener("click", () => turn(-PAGE));
    get("on").addEventListener("click", () => turn(PAGE));
    window.addEventListener("hashchange", asked);
    search(false);
    asked();

    // What an address such as #items?q=python&source=acme asks for.
    function asked() {
      if (!location.hash.startsWith("#items?")) return;
      const wanted = new URLSearchParams(location.hash.slice(7));
      for (const field of form.elements) if (field.name) field.value = wanted.get(field.name) || "";
      for (const field of form.querySelectorAll("select")) if (field.selectedIndex < 0) field.selectedIndex = 0;
      search(false);
      get("items").scrollIntoView();
    }

    function search(remember) {
      const wanted = new FormData(form);
      const words = fold(wanted.get("q")).split(/\s+/).filter(Boolean);
      const source = wanted.get("source");
      const place = sources.indexOf(source);
      const shown = shows[wanted.get("show")];
      if (words.length) texts ||= new Map(items.map((item) => [item, fold(`${item[1]} ${item[3]} ${sources[item[0]]}`)]));
      found = items.filter((item) => (!source || item[0] === place) && shown(item)
        && words.every((word) => texts.get(item).includes(word)));
      found.sort(orders[wanted.get("order")]);
      from = 0;
      show();
      if (remember) keep(wanted);
    }

    // The search is in the address: it can be kept, and is there again after following a link.
    function keep(wanted) {
      const given = [...wanted].filter(([, value]) => value);
      const address = given.length ? `#items?${new URLSearchParams(given)}` : "#items";
      clearTimeout(later);
      later = setTimeout(() => history.replaceState(null, "", address), 300); // browsers bear it only so often
    }

    function turn(by) {
      from += by;
      show();
      get("items").scrollIntoView();
    }

    function show() {
      const until = Math.min(from + PAGE, found.length);
      const grouped = get("order").value === "source";
      const rows = [];
      let group = -1;
      for (const item of found.slice(from, until)) {
        if (grouped && item[0] !== group) rows.push(make("li", "group", sources[item[0]]));
        group = item[0];
        rows.push(row(item));
      }
      get("list").replaceChildren(...rows);
      get("found").textContent = found.length
        ? `${count.format(from + 1)}–${count.format(until)} of ${count.format(found.length)}`
        : "Nothing found. Fewer words, or another source, may find more.";
      get("back").disabled = from === 0;
      get("on").disabled = until === found.length;
      get("back").parentElement.hidden = found.length <= PAGE;
    }

    function row(item) {
      const [source, title, link, detail, first, last] = item;
      const made = make("li");
      const head = make("span", "title");
      head.dir = "auto";
      if (/^https?:\/\//i.test(link)) {
        const anchor = make("a", "", title);
        anchor.href = link;
        anchor.rel = "noreferrer noopener";
        head.append(anchor);
      } else head.textContent = title;
      const meta = make("span", "meta soft");
      meta.append(make("span", "", sources[source]), time(last ? "left" : "since", last || first));
      const about = make("span", "detail soft", detail);
      about.dir = "auto";
      made.append(head, meta, about);
      return made;
    }

    function time(word, seconds) {
      const when = new Date(seconds * 1000);
      const told = make("time", "", clock.format(when));
      told.dateTime = when.toISOString();
      const whole = make("span", "", `${word} `);
      whole.append(told);
      return whole;
    }

    function make(tag, style, text) {
      const made = document.createElement(tag);
      if (style) made.className = style;
      if (text) made.textContent = text;
      return made;
    }
  }
})();
