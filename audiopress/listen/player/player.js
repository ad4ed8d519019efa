// The player of a show: reads its feed, puts the list, the episode's view and the bar into the page, and connects them.
import { makeActions } from "./actions.js";
import { chapterAt, loadChapters } from "./chapters.js";
import { Dialogs } from "./dialogs.js";
import { Dock, startDialog, toolbar } from "./dock.js";
import { h } from "./dom.js";
import { loadShow } from "./feed.js";
import { connectKeys } from "./keys.js";
import { List } from "./list.js";
import { canKeep, Offline } from "./offline.js";
import { Page } from "./page.js";
import { Playback } from "./playback.js";
import { following } from "./queue.js";
import { Say } from "./say.js";
import { connectSession } from "./session.js";
import { Sleep } from "./sleep.js";
import { Store } from "./store.js";
import { Sync } from "./sync.js";
import { T } from "./text.js";
import { Voice } from "./voice.js";

const home = new URL(".", location.href.split("#")[0]).href;

// #slug&t=61 → { slug, time }
const readHash = () => {
  const [slug, ...facts] = decodeHash().split("&");
  const time = facts.map((fact) => /^t=(\d+(?:\.\d+)?)$/.exec(fact)).find(Boolean);
  return { slug, time: time ? Number(time[1]) : null };
};
const decodeHash = () => {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
};

class App {
  #chapters = [];
  #scroll = 0;
  #foot = 0;

  constructor(show) {
    this.show = show;
    this.home = home;
    this.episodes = show.episodes;
    this.store = new Store(home);
    this.playback = new Playback(this.store);
    this.offline = new Offline(home);
    this.chapters = () => this.#chapters;
    const region = h("div", { role: "status", class: "for-ears" });
    const line = h("div", { class: "toast", "aria-hidden": "true", hidden: true });
    this.say = new Say(region, line);
    this.sleep = new Sleep(this.playback, this.chapters);
    this.actions = makeActions(this);
    this.voice = new Voice(this.actions, this.playback, this.say);
    this.room = (height) => {
      if (height === undefined) return this.#foot;
      this.#foot = height;
      document.documentElement.style.setProperty("--dock", `${height}px`);
    };
    this.list = new List(this);
    this.page = new Page(this);
    this.dock = new Dock(this);
    this.dialogs = new Dialogs(this);
    this.start = startDialog(this.playback);
    this.#mount(region, line);
    this.#connect();
  }

  // Puts the player into the show's page, whose own list is there for browsers without script.
  #mount(region, line) {
    this.landing = [document.querySelector("body > header"), document.querySelector("body > main")].filter(Boolean);
    const [main] = document.getElementsByTagName("main");
    main.querySelector("#episodes")?.closest("section").remove();
    main.prepend(this.list.element);
    document.body.classList.add("with-player");
    (this.landing[0] ?? main).prepend(toolbar(this.actions));
    main.after(this.page.element);
    document.body.append(this.page.follow, this.dock.element, this.dialogs.element, this.start, line, region);
  }

  #connect() {
    const { playback, store, say, sleep, offline } = this;
    connectKeys(this.actions, store);
    connectSession(this);
    playback.addEventListener("episode", () => this.#loadChapters());
    playback.addEventListener("ended", () => this.#ended());
    playback.addEventListener("refused", () => !this.start.open && this.start.showModal());
    playback.addEventListener("state", () => !playback.paused && this.channel?.postMessage("playing"));
    for (const name of ["time", "episode"]) playback.addEventListener(name, () => this.#tellChapter());
    playback.audio.addEventListener("durationchange", () => this.dock.drawMarks());
    sleep.addEventListener("asleep", () => say.aloud(T.asleep));
    store.addEventListener("change", ({ detail }) => detail.what === "elsewhere" && playback.takePosition());
    // Two tabs do not speak at once.
    if (globalThis.BroadcastChannel) {
      this.channel = new BroadcastChannel("audiopress");
      this.channel.onmessage = () => playback.pause();
    }
    this.sync = new Sync(home, store);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.sync.push();
      else this.sync.pull();
    });
    playback.addEventListener("state", () => playback.paused && this.sync.push());
    offline.addEventListener("change", () => this.list.draw(), { once: true });
    addEventListener("hashchange", () => this.route());
  }

  async run() {
    await Promise.all([this.sync.pull(), this.offline.open().catch(() => {})]);
    const last = this.episodes.find(({ guid }) => guid === this.store.current);
    const { slug, time } = readHash();
    const linked = time !== null && this.episodes.find((each) => each.slug === slug);
    // What was half heard is at hand again.
    if (!linked && last && slug !== "play" && !this.store.isPlayed(last.guid)) this.playback.load(last);
    this.route();
    for (const episode of this.episodes) {
      if (navigator.onLine && this.offline.isStale(episode)) this.offline.keep(episode).catch(() => {});
    }
  }

  // Shows what the address says: the list, an episode, a moment of it, or everything unheard.
  route() {
    const { slug, time } = readHash();
    if (slug === "play") {
      history.replaceState(null, "", home);
      this.actions.playAll();
    }
    const episode = this.episodes.find((each) => each.slug === slug);
    if (slug && slug !== "play" && !episode && !document.getElementById(slug)) this.say.aloud(T.unknown);
    if (episode) this.#showPage(episode, time);
    else this.#showList();
  }

  #showPage(episode, time) {
    if (this.page.element.hidden) this.#scroll = scrollY;
    for (const part of this.landing) part.hidden = true;
    this.page.element.hidden = false;
    const isNew = this.page.episode !== episode;
    if (isNew) scrollTo({ top: 0, behavior: "instant" });
    const shown = this.page.open(episode);
    if (isNew) this.page.heading.focus({ preventScroll: true });
    if (time === null) return;
    if (this.playback.episode === episode) this.playback.seek(time);
    else this.playback.load(episode, time);
    shown.then(() => this.page.readalong?.reveal());
  }

  #showList() {
    if (this.page.element.hidden) return;
    const { slug } = this.page.episode;
    this.page.close();
    this.page.element.hidden = true;
    for (const part of this.landing) part.hidden = false;
    document.title = this.show.title;
    scrollTo({ top: this.#scroll, behavior: "instant" });
    document.querySelector(`.row a[href="#${CSS.escape(slug)}"]`)?.focus({ preventScroll: true });
  }

  // Goes on to the next episode, says so where there is none.
  advance() {
    const { queue, settings } = this.store;
    const current = this.playback.episode?.guid;
    const next = following(queue, this.episodes, (guid) => this.store.isPlayed(guid), current, settings.autoNext);
    if (!next) return this.say.aloud(settings.autoNext ? T.finished : T.ended);
    const shows = this.page.isLive;
    this.actions.playEpisode(next);
    if (shows) location.replace(`#${next.slug}`); // who reads along goes along
  }

  #ended() {
    if (!this.sleep.stopsAtEnd) return this.advance();
    this.sleep.clear();
    this.say.aloud(T.asleep);
  }

  async #loadChapters() {
    const { episode } = this.playback;
    this.#chapters = [{ start: 0, title: episode.title }];
    this.told = null;
    const chapters = await loadChapters(episode);
    if (this.playback.episode !== episode) return;
    this.#chapters = chapters;
    this.told = chapterAt(chapters, this.playback.time);
    this.dock.drawMarks();
    this.dock.update();
  }

  // Says a chapter's title where one begins while it plays.
  #tellChapter() {
    const index = chapterAt(this.#chapters, this.playback.time);
    if (this.told === null || index === this.told) return;
    this.told = index;
    if (!this.playback.paused) this.say.quietly(T.chapterIs(this.#chapters[index].title));
  }
}

const register = async () => {
  if (!canKeep) return;
  const takeOver = (worker) => worker?.postMessage("take over");
  try {
    const registration = await navigator.serviceWorker.register(new URL("sw.js", home));
    // A new version waits until this page, which has loaded all its modules, lets it: what plays goes on.
    takeOver(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker.addEventListener("statechange", () => worker.state === "installed" && takeOver(registration.waiting));
    });
    document.addEventListener("visibilitychange", () => !document.hidden && registration.update().catch(() => {}));
  } catch {
    // without a worker the player works, but not without network
  }
};

const main = async () => {
  let show;
  try {
    show = await loadShow(home);
  } catch {
    const retry = h("button", { type: "button", onclick: () => location.reload() }, T.retry);
    document.querySelector("main")?.prepend(h("p", { class: "no-feed", role: "alert" }, T.noFeed, " ", retry));
    return;
  }
  const app = new App(show);
  await app.run();
  document.documentElement.dataset.player = "ready";
};

register();
main();
