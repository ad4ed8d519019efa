// The list of episodes on the show's own page: what is new, what is half heard, what is kept; and the search.
import { dress, h, icon, iconButton, wordButton, write } from "./dom.js";
import { canKeep } from "./offline.js";
import { find, MOST, plain, searchTexts } from "./search.js";
import { clock, day, digits, T } from "./text.js";

const PAGE = 50; // episodes at once, as the page without script lists them
const PATIENCE = 300; // milliseconds after the last letter, before texts are fetched

export class List {
  #rows = new Map();
  #shown = PAGE;
  #filter = "all";
  #query = "";
  #searching = null;
  #timer = 0;

  constructor({ show, store, playback, offline, actions, episodes, open }) {
    Object.assign(this, { show, store, playback, offline, actions, episodes, open });
    this.playAll = h("button", { type: "button", class: "play-all", onclick: actions.playAll }, icon("play"), h("span"));
    this.field = h("input", {
      type: "search",
      id: "search",
      placeholder: T.search,
      "aria-label": T.search,
      autocomplete: "off",
      oninput: () => this.#search(this.field.value),
    });
    this.filters = ["all", "unheard", ...(canKeep ? ["kept"] : [])].map((name) =>
      h("button", { type: "button", onclick: () => this.setFilter(name) }, T[name]),
    );
    this.note = h("p", { class: "hint", role: "status" });
    this.list = h("div", { class: "list" });
    this.more = h("button", { type: "button", class: "more", onclick: () => this.#showMore() });
    this.places = h("section", { class: "places", "aria-label": T.inTexts, hidden: true });
    this.element = h(
      "section",
      { class: "episodes", "aria-labelledby": "episodes" },
      this.playAll,
      h("h2", { id: "episodes" }, T.episodes),
      h("div", { class: "find", role: "search" }, this.field),
      h("div", { class: "filters", role: "group", "aria-label": T.filter }, ...this.filters),
      this.note,
      this.list,
      this.more,
      this.places,
    );
    for (const part of [this.playAll, this.field, ...this.filters]) part.hidden = !episodes.length;
    this.draw();
    store.addEventListener("change", ({ detail }) => this.refresh(detail.what === "kept" ? detail.guid : ""));
    offline.addEventListener("change", ({ detail }) => this.refresh(detail));
    for (const name of ["episode", "state"]) playback.addEventListener(name, () => this.refresh());
  }

  setFilter(name) {
    this.#filter = name;
    this.#shown = PAGE;
    this.draw();
  }

  // Lists the episodes anew.
  draw() {
    const wanted = plain(this.#query);
    const belongs = {
      all: () => true,
      unheard: ({ guid }) => !this.store.isPlayed(guid),
      kept: ({ guid }) => this.offline.records.has(guid),
    }[this.#filter];
    const matches = ({ title, description }) => !wanted || find(title, wanted) || find(description, wanted);
    const found = this.episodes.filter((each) => belongs(each) && matches(each));
    this.#rows.clear();
    this.list.replaceChildren(...found.slice(0, this.#shown).map((each) => this.#row(each)));
    this.more.hidden = found.length <= this.#shown;
    write(this.more, T.more(Math.min(PAGE, found.length - this.#shown)));
    this.filters.forEach((button, index) => {
      button.setAttribute("aria-pressed", String(["all", "unheard", "kept"][index] === this.#filter));
    });
    this.empty = wanted ? T.noTitles : { all: T.none, unheard: T.noneUnheard, kept: T.noneKept }[this.#filter];
    this.refresh();
  }

  // Brings up to date what is said of an episode, or of all.
  refresh(guid = "") {
    for (const [each, row] of this.#rows) if (!guid || each === guid) this.#update(row);
    const left = this.episodes.filter((each) => !this.store.isPlayed(each.guid)).length;
    write(this.playAll.lastChild, left ? `${T.playAll} (${digits(left)})` : T.noneUnheard);
    this.playAll.disabled = !left;
    const { records, bytes } = this.offline;
    const total = this.#filter === "kept" ? T.keptTotal(records.size, bytes) : "";
    write(this.note, this.#rows.size ? total : this.empty);
  }

  #showMore() {
    const first = this.#shown;
    this.#shown += PAGE;
    this.draw();
    this.list.children[first]?.querySelector("h3 a").focus();
  }

  #row(episode) {
    const { guid, slug, title } = episode;
    const row = { episode };
    row.play = iconButton("play", T.playEpisode(title), () => this.actions.toggleEpisode(episode), { class: "round main" });
    row.mark = h("span", { class: "fresh" }, T.fresh);
    row.state = h("span");
    row.queue = wordButton("add", T.queueAdd, () => this.actions.toggleQueue(episode));
    row.keep = canKeep && wordButton("keep", T.keep, () => this.actions.toggleKeep(episode));
    row.element = h(
      "article",
      { class: "row" },
      row.play,
      h(
        "div",
        {},
        h("h3", {}, h("a", { href: `#${slug}` }, title)),
        h(
          "p",
          { class: "facts" },
          row.mark,
          h("time", {}, day(episode.published)),
          h("span", {}, clock(episode.seconds)),
          row.state,
        ),
        episode.description && h("p", { class: "description" }, episode.description),
        h("div", { class: "row-tools" }, row.queue, row.keep),
      ),
    );
    this.#rows.set(guid, row);
    return row.element;
  }

  #update({ episode, element, play, mark, state, queue, keep }) {
    const { guid, title, seconds } = episode;
    const position = this.store.position(guid);
    const isCurrent = this.playback.episode?.guid === guid;
    const plays = isCurrent && !this.playback.paused;
    dress(play, plays ? "pause" : "play", plays ? T.pauseEpisode(title) : T.playEpisode(title));
    element.classList.toggle("heard", Boolean(position?.played));
    element.classList.toggle("current", isCurrent);
    mark.hidden = Boolean(position);
    state.hidden = !position;
    write(state, position ? (position.played ? T.heard : T.left(seconds - position.seconds)) : "");
    const queued = this.store.queue.includes(guid);
    dress(queue, queued ? "done" : "add", queued ? T.inQueue : T.queueAdd);
    queue.setAttribute("aria-label", queued ? T.unqueueOf(title) : T.queueOf(title));
    queue.setAttribute("aria-pressed", String(queued));
    if (keep) dressKeep(keep, this.offline, episode);
  }

  #search(text) {
    this.#query = text.trim();
    this.#shown = PAGE;
    this.draw();
    clearTimeout(this.#timer);
    this.#searching?.abort();
    this.places.hidden = true;
    if (plain(this.#query).length >= 2) this.#timer = setTimeout(() => this.#searchTexts(), PATIENCE);
  }

  // Looks through what is said, and lists the places as they are found, in the order of the episodes.
  async #searchTexts() {
    const search = (this.#searching = new AbortController());
    const state = h("p", { class: "hint", role: "status" });
    const lists = new Map(this.episodes.map(({ guid }) => [guid, h("div")]));
    this.places.replaceChildren(h("h2", {}, T.inTexts), state, ...lists.values());
    this.places.hidden = false;
    let count = 0;
    const texts = this.episodes.filter(({ captions }) => captions).length;
    const report = (episode, places, done) => {
      const shown = places.slice(0, Math.max(0, MOST - count));
      count += places.length;
      if (shown.length) lists.get(episode.guid).append(this.#placesOf(episode, shown));
      write(state, done < texts ? T.searching(done, texts) : T.found(count));
    };
    await searchTexts(this.episodes, this.#query, report, search.signal);
  }

  #placesOf(episode, places) {
    return h(
      "article",
      {},
      h("h3", {}, h("a", { href: `#${episode.slug}` }, episode.title)),
      h(
        "ul",
        {},
        ...places.map(({ start, before, hit, after }) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "place", onclick: () => this.actions.playPlace(episode, start) },
              h("span", { class: "time" }, clock(Math.floor(start))),
              h("span", {}, before, h("mark", {}, hit), after),
            ),
          ),
        ),
      ),
    );
  }
}

// Dresses a button that keeps an episode, shows how far it is, or drops it.
export const dressKeep = (button, offline, episode) => {
  const { guid, title } = episode;
  const part = offline.progress.get(guid);
  const kept = offline.records.has(guid);
  dress(button, kept ? "done" : "keep", part === undefined ? (kept ? T.kept : T.keep) : T.keeping(part));
  button.setAttribute("aria-label", kept ? T.dropOf(title) : T.keepOf(title));
  button.setAttribute("aria-pressed", String(kept));
  button.setAttribute("aria-busy", String(part !== undefined));
};
