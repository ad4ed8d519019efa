// An episode's own view: cover, facts, chapters and the text that goes along with the voice.
import { chapterAt, loadChapters } from "./chapters.js";
import { dress, h, wordButton, write } from "./dom.js";
import { dressKeep } from "./list.js";
import { canKeep } from "./offline.js";
import { loadText, ReadAlong } from "./readalong.js";
import { clock, day, T } from "./text.js";

export class Page {
  constructor({ show, store, playback, offline, actions, room }) {
    Object.assign(this, { show, store, playback, offline, actions, room, episode: null });
    this.element = h("main", { class: "page", hidden: true });
    this.follow = wordButton("down", T.follow, () => this.setFollow(true), { class: "follow", hidden: true });
    for (const name of ["episode", "state", "seek"]) playback.addEventListener(name, () => this.update());
    playback.addEventListener("time", () => this.#place());
    playback.addEventListener("state", () => this.#run());
    store.addEventListener("change", () => this.update());
    offline.addEventListener("change", () => this.update());
  }

  get isLive() {
    return Boolean(this.episode) && this.playback.episode?.guid === this.episode.guid;
  }

  // Shows an episode.
  async open(episode) {
    if (this.episode === episode) return;
    this.close();
    this.episode = episode;
    const { title } = episode;
    this.play = wordButton("play", T.play, () => this.actions.toggleEpisode(episode), { class: "words main" });
    this.queue = wordButton("add", T.queueAdd, () => this.actions.toggleQueue(episode));
    this.keep = canKeep && wordButton("keep", T.keep, () => this.actions.toggleKeep(episode));
    this.heard = wordButton("done", T.markHeard, () => this.actions.toggleHeard(episode));
    this.share = wordButton("share", T.share, () => this.actions.shareEpisode(episode));
    this.heading = h("h1", { tabindex: "-1" }, title);
    this.chapterList = h("nav", { class: "chapters", "aria-label": T.chapters, hidden: true });
    this.text = h("div", { class: "reading" });
    this.element.replaceChildren(
      h("p", { class: "show" }, h("a", { href: "#", class: "home" }, T.back)),
      h(
        "header",
        {},
        episode.image && h("img", { src: episode.image, alt: "", width: 144, height: 144 }),
        h(
          "div",
          {},
          this.heading,
          h("p", { class: "facts" }, h("time", {}, day(episode.published)), h("span", {}, clock(episode.seconds))),
        ),
      ),
      h("div", { class: "page-tools" }, this.play, this.queue, this.keep, this.heard, this.share),
      this.chapterList,
      this.text,
    );
    this.update();
    const [chapters, text] = await Promise.all([loadChapters(episode), loadText(episode)]);
    if (this.episode !== episode) return; // the listener went on
    this.#listChapters(chapters);
    this.#showText(text, title);
    this.update();
    this.#run();
  }

  close() {
    this.readalong?.mark(null);
    this.readalong = this.episode = this.chapters = this.chapterButtons = null;
    this.follow.hidden = true;
  }

  setFollow(on) {
    this.store.set("follow", on);
    if (on) this.readalong?.reveal();
    this.update();
  }

  update() {
    if (!this.episode) return;
    const { guid, title } = this.episode;
    const plays = this.isLive && !this.playback.paused;
    dress(this.play, plays ? "pause" : "play", plays ? T.pause : T.play);
    const queued = this.store.queue.includes(guid);
    dress(this.queue, queued ? "done" : "add", queued ? T.inQueue : T.queueAdd);
    this.queue.setAttribute("aria-pressed", String(queued));
    const heard = this.store.isPlayed(guid);
    write(this.heard.lastChild, heard ? T.markUnheard : T.markHeard);
    if (this.keep) dressKeep(this.keep, this.offline, this.episode);
    const time = this.isLive ? this.playback.time : 0;
    this.share.title = time >= 1 ? T.shareAt(time) : T.share;
    this.follow.hidden = !(this.readalong && plays && !this.store.settings.follow);
    document.title = `${title} – ${this.show.title}`;
    this.#place();
  }

  #listChapters(chapters) {
    this.chapters = chapters;
    this.chapterButtons = chapters.map(({ start, title }) =>
      h(
        "button",
        { type: "button", onclick: () => this.actions.playPlace(this.episode, start) },
        h("span", { class: "time" }, clock(Math.floor(start))),
        h("span", {}, title),
      ),
    );
    this.chapterList.hidden = chapters.length < 2;
    const items = this.chapterButtons.map((button) => h("li", {}, button));
    this.chapterList.replaceChildren(h("h2", {}, T.chapters), h("ol", {}, ...items));
  }

  #showText(text, title) {
    if (!text) return this.text.replaceChildren(h("p", { class: "hint" }, T.noText));
    this.readalong = new ReadAlong(text, {
      play: (time) => {
        this.store.set("follow", true);
        this.actions.playFrom(this.episode, time);
      },
      room: this.room,
      stray: () => this.isLive && !this.playback.paused && this.store.settings.follow && this.setFollow(false),
    });
    const said = this.readalong.title;
    this.heading.replaceChildren(...(said.length ? said : [title]));
    this.text.replaceChildren(this.readalong.body);
  }

  // Marks the chapter and the sentence.
  #place() {
    if (!this.episode) return;
    const { time } = this.playback;
    const current = this.isLive && this.chapters ? chapterAt(this.chapters, time) : -1;
    this.chapterButtons?.forEach((button, index) => {
      if (index === current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    if (!this.readalong) return;
    const changed = this.readalong.mark(this.isLive ? time : null);
    if (changed && this.isLive && !this.playback.paused && this.store.settings.follow) this.readalong.reveal();
  }

  // Looks at every frame while it plays: words are shorter than the browser's own steps.
  #run() {
    if (!this.readalong || !this.isLive || this.playback.paused || this.running) return;
    this.running = true;
    const step = () => {
      this.running = Boolean(this.readalong) && this.isLive && !this.playback.paused;
      if (!this.running) return;
      this.#place();
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
