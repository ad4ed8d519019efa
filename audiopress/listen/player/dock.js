// The bar at the foot of the window: what plays, where it is, and everything a hand reaches for.
import { chapterAt } from "./chapters.js";
import { dress, h, icon, iconButton, write } from "./dom.js";
import { clock, spoken, T } from "./text.js";
import { hasVoice } from "./voice.js";

export class Dock {
  #dragging = false;

  constructor({ playback, store, sleep, voice, actions, chapters, room, page }) {
    Object.assign(this, { playback, store, sleep, chapters, page });
    this.title = h("a", { class: "dock-title" });
    this.chapter = h("span", { class: "dock-chapter" });
    this.trouble = h("p", { class: "dock-trouble", role: "alert", hidden: true });
    this.elapsed = h("span", { class: "time" });
    this.left = h("span", { class: "time" });
    this.timeline = h("input", {
      type: "range",
      class: "timeline",
      min: 0,
      max: 0,
      step: 1,
      value: 0,
      "aria-label": T.place,
      oninput: () => this.#drag(),
      onchange: () => this.#drop(),
    });
    this.marks = h("div", { class: "marks", "aria-hidden": "true" });
    this.toggle = iconButton("play", T.play, actions.toggle, { class: "round main" });
    this.speed = h("button", { type: "button", class: "round speed", onclick: actions.speed, title: T.speed });
    this.sleepButton = iconButton("sleep", T.sleep, actions.sleep);
    this.mute = iconButton("volume", T.mute, actions.mute);
    this.volume = h("input", {
      type: "range",
      class: "volume",
      min: 0,
      max: 1,
      step: 0.05,
      "aria-label": T.volume,
      oninput: () => playback.setVolume(Number(this.volume.value)),
    });
    this.voice = hasVoice && iconButton("voice", T.voice, actions.voice, { "aria-pressed": "false" });
    // Sound runs from left to right in every language, as the marks on a tape recorder do; so do its buttons.
    this.element = h(
      "section",
      { class: "dock", "aria-label": T.player, hidden: true },
      playback.audio,
      this.trouble,
      h("div", { class: "dock-what" }, this.title, this.chapter),
      h(
        "div",
        { class: "dock-middle", dir: "ltr" },
        h(
          "div",
          { class: "dock-buttons" },
          iconButton("previous", T.previousChapter, actions.previousChapter),
          iconButton("rewind", T.rewind, actions.rewind),
          this.toggle,
          iconButton("forward", T.forward, actions.forward),
          iconButton("next", T.nextChapter, actions.nextChapter),
        ),
        h("div", { class: "dock-time" }, this.elapsed, h("div", { class: "track" }, this.marks, this.timeline), this.left),
      ),
      h(
        "div",
        { class: "dock-more", dir: "ltr" },
        this.speed,
        this.sleepButton,
        this.voice,
        h("div", { class: "dock-volume" }, this.mute, this.volume),
        iconButton("queue", T.queue, actions.queue),
      ),
    );
    this.retry = h("button", { type: "button", onclick: () => playback.retry() }, T.retry);
    const changes = ["episode", "state", "time", "rate", "volume", "waiting", "trouble"];
    for (const name of changes) playback.addEventListener(name, () => this.update());
    for (const name of ["change", "tick"]) sleep.addEventListener(name, () => this.update());
    voice.addEventListener("change", () => this.voice?.setAttribute("aria-pressed", String(voice.on)));
    new ResizeObserver(() => room(this.element.offsetHeight)).observe(this.element);
  }

  update() {
    const { playback } = this;
    const { episode, time, duration, rate, paused } = playback;
    this.element.hidden = !episode;
    if (!episode) return;
    write(this.title, episode.title);
    this.title.href = `#${episode.slug}`;
    dress(this.toggle, paused ? "play" : "pause", paused ? T.play : T.pause);
    const chapter = this.chapters()[chapterAt(this.chapters(), time)]?.title;
    write(this.chapter, playback.waiting && !paused ? T.waiting : chapter === episode.title ? "" : chapter || "");
    this.element.classList.toggle("reads", this.page.isLive && Boolean(this.chapter.textContent));
    this.#showTrouble();
    if (!this.#dragging) this.#showTime(time, duration);
    write(this.speed, T.times(rate));
    this.speed.setAttribute("aria-label", T.speedIs(rate));
    const { left } = this.sleep;
    this.sleepButton.classList.toggle("on", left !== null);
    const sleepName = left === null ? T.sleep : T.sleepLeft(Math.ceil(left));
    dress(this.sleepButton, "sleep", sleepName);
    const { volume, muted } = this.store.settings;
    const silent = muted || !volume;
    dress(this.mute, silent ? "muted" : "volume", T.mute);
    this.mute.setAttribute("aria-pressed", String(silent));
    if (document.activeElement !== this.volume) this.volume.value = volume;
    this.volume.style.setProperty("--part", volume);
  }

  // Draws where the chapters begin on the timeline.
  drawMarks() {
    const { duration } = this.playback;
    const starts = this.chapters().map(({ start }) => start);
    const inner = starts.filter((start) => start > 0 && start < duration);
    const places = inner.map((start) => {
      const mark = h("i");
      mark.style.left = `${(start / duration) * 100}%`;
      return mark;
    });
    this.marks.replaceChildren(...places);
  }

  #showTime(time, duration) {
    write(this.elapsed, clock(time));
    write(this.left, T.remaining(duration - time));
    this.timeline.max = Math.max(1, Math.floor(duration));
    this.timeline.value = time;
    this.timeline.style.setProperty("--part", duration ? time / duration : 0);
    const said = T.placeOf(time, duration);
    // Screen readers tell a value that changes while they stand on it: every ten seconds is enough.
    if (document.activeElement !== this.timeline || Math.round(time) % 10 === 0 || this.#dragging)
      this.timeline.setAttribute("aria-valuetext", said);
  }

  #drag() {
    this.#dragging = true;
    this.#showTime(Number(this.timeline.value), this.playback.duration);
  }

  #drop() {
    this.#dragging = false;
    this.playback.seek(Number(this.timeline.value));
    this.timeline.setAttribute("aria-valuetext", spoken(this.playback.time));
  }

  #showTrouble() {
    const { trouble } = this.playback;
    this.trouble.hidden = !trouble;
    if (!trouble) return this.trouble.replaceChildren();
    if (this.trouble.firstChild?.textContent === T[trouble]) return;
    this.trouble.replaceChildren(h("span", {}, T[trouble]), this.retry);
  }
}

// What stands beside the list for things that are not about one episode.
export const toolbar = (actions) =>
  h(
    "div",
    { class: "toolbar", role: "group", "aria-label": T.tools },
    iconButton("queue", T.queue, actions.queue),
    iconButton("settings", T.settings, actions.settings),
    iconButton("help", T.help, actions.help),
  );

// One big button, for browsers that let nothing sound before somebody touches the page.
export const startDialog = (playback) => {
  const dialog = h("dialog", { class: "start", "aria-label": T.tap });
  const start = () => {
    dialog.close();
    playback.play();
  };
  dialog.append(h("button", { type: "button", onclick: start }, icon("play"), h("span", {}, T.tap)));
  return dialog;
};
