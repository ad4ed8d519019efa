// What opens over the page: speed, sleep timer, queue, settings, keys. Native dialogs keep the focus and close on Escape.
import { h, iconButton, write } from "./dom.js";
import { KEYS } from "./keys.js";
import { canKeep } from "./offline.js";
import { FASTEST, SLOWEST } from "./playback.js";
import { moved } from "./queue.js";
import { size, T } from "./text.js";

const SPEEDS = [0.7, 0.8, 1, 1.25, 1.5, 1.75, 2, 2.5];
const MINUTES = [5, 10, 15, 30, 45, 60];

export class Dialogs {
  constructor({ store, playback, sleep, offline, actions, episodes, say }) {
    Object.assign(this, { store, playback, sleep, offline, actions, episodes, say });
    this.title = h("h2", { id: "dialog-title", tabindex: "-1" });
    this.body = h("div", { class: "dialog-body" });
    const close = iconButton("close", T.close, () => this.element.close());
    this.element = h(
      "dialog",
      { "aria-labelledby": "dialog-title" },
      h("div", { class: "dialog-head" }, this.title, close),
      this.body,
    );
    // A press beside the dialog closes it.
    this.element.addEventListener("click", ({ target }) => target === this.element && this.element.close());
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.installation = event;
    });
  }

  #show(title, ...content) {
    write(this.title, title);
    this.body.replaceChildren(...content);
    if (!this.element.open) this.element.showModal();
    const find = (what) => this.body.querySelector(what);
    (find("[aria-pressed=true], :checked") || find("button, input") || this.title).focus();
  }

  speed() {
    const { playback } = this;
    const label = h("output", { for: "rate" });
    const slider = h("input", {
      type: "range",
      id: "rate",
      min: SLOWEST,
      max: FASTEST,
      step: 0.05,
      "aria-label": T.speed,
      dir: "ltr",
      oninput: () => playback.setRate(Number(slider.value)),
    });
    const choices = SPEEDS.map((rate) => this.#choice(T.times(rate), false, () => playback.setRate(rate), "ltr"));
    const show = () => {
      slider.value = playback.rate;
      slider.style.setProperty("--part", (playback.rate - SLOWEST) / (FASTEST - SLOWEST));
      slider.setAttribute("aria-valuetext", T.times(playback.rate));
      write(label, T.times(playback.rate));
      choices.forEach((choice, index) => choice.setAttribute("aria-pressed", String(SPEEDS[index] === playback.rate)));
    };
    playback.addEventListener("rate", show);
    this.element.addEventListener("close", () => playback.removeEventListener("rate", show), { once: true });
    show();
    this.#show(T.speed, label, slider, h("div", { class: "choices", dir: "ltr" }, ...choices));
  }

  sleepTimer() {
    const { timer } = this.sleep;
    const pick = (kind, minutes, what) => () => {
      this.sleep.set(kind, minutes);
      this.say.aloud(T.sleepSet(what));
      this.element.close();
    };
    const off = () => {
      this.sleep.clear();
      this.say.aloud(T.sleepCleared);
      this.element.close();
    };
    const choices = MINUTES.map((minutes) => {
      const what = T.sleepMinutes(minutes);
      return this.#choice(what, timer?.kind === "minutes" && timer.minutes === minutes, pick("minutes", minutes, what));
    });
    for (const [kind, what] of [["chapter", T.sleepChapter], ["episode", T.sleepEpisode]])
      choices.push(this.#choice(what, timer?.kind === kind, pick(kind, 0, what)));
    choices.push(this.#choice(T.sleepOff, !timer, off));
    this.#show(T.sleep, h("div", { class: "choices" }, ...choices));
  }

  queue() {
    const { store } = this;
    const episodes = store.queue.map((guid) => this.episodes.find((each) => each.guid === guid)).filter(Boolean);
    if (!episodes.length) return this.#show(T.queue, h("p", { class: "hint" }, T.queueEmpty));
    const list = h("ol", { class: "queue" });
    const change = (guids, focus) => {
      store.setQueue(guids);
      this.queue();
      this.body.querySelector(focus)?.focus();
    };
    episodes.forEach((episode, index) => {
      const { guid, title } = episode;
      const move = (by) => () => {
        change(moved(episodes.map((each) => each.guid), index, by), `li:nth-child(${index + by + 1}) .${by < 0 ? "up" : "down"}`);
        this.say.quietly(T.moved(index + by + 1));
      };
      const drop = () => {
        change(episodes.filter((each) => each !== episode).map((each) => each.guid), `li:nth-child(${index + 1}) .drop, .drop`);
        this.say.quietly(T.unqueued);
      };
      list.append(
        h(
          "li",
          {},
          h("button", { type: "button", class: "queued", onclick: () => this.actions.playEpisode(episode) }, title),
          iconButton("up", T.up(title), move(-1), { class: "round up", disabled: index === 0 }),
          iconButton("down", T.down(title), move(1), { class: "round down", disabled: index === episodes.length - 1 }),
          iconButton("close", T.unqueueOf(title), drop, { class: "round drop" }),
        ),
      );
    });
    this.#show(T.queue, list, h("button", { type: "button", onclick: () => change([], "") }, T.queueClear));
  }

  settings() {
    const { store, offline } = this;
    const radio = (value, label) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: "headset",
          value,
          checked: store.settings.headset === value,
          onchange: () => store.set("headset", value),
        }),
        label,
      );
    const check = (name, label) => {
      const change = ({ target }) => store.set(name, target.checked);
      return h("label", {}, h("input", { type: "checkbox", checked: store.settings[name], onchange: change }), label);
    };
    const parts = [
      h(
        "fieldset",
        {},
        h("legend", {}, T.headset),
        radio("chapter", T.headsetChapter),
        radio("skip", T.headsetSkip),
        radio("episode", T.headsetEpisode),
      ),
      h("fieldset", {}, check("autoNext", T.autoNext), check("letters", T.letters)),
    ];
    if (canKeep && offline.records.size) {
      const clear = async () => {
        await Promise.all([...offline.records.keys()].map((guid) => offline.drop(guid)));
        this.settings();
        this.say.aloud(T.dropDone);
      };
      parts.push(h("button", { type: "button", onclick: clear }, `${T.dropAll} (${size(offline.bytes)})`));
    }
    if (this.installation) {
      const install = () => {
        this.installation.prompt();
        this.installation = null;
        this.element.close();
      };
      parts.push(h("button", { type: "button", onclick: install }, T.install));
    }
    parts.push(h("button", { type: "button", onclick: () => this.help() }, T.help));
    this.#show(T.settings, ...parts);
  }

  help() {
    const rows = KEYS.map(([, , keys, , what]) => {
      const names = keys.split(" یا ").map((name) => h("kbd", { dir: "ltr" }, name));
      return h("div", {}, h("dt", {}, ...names.flatMap((name, index) => (index ? [" یا ", name] : [name]))), h("dd", {}, what));
    });
    this.#show(T.help, h("dl", { class: "keys" }, ...rows));
  }

  // A link that the browser will not copy by itself.
  link(address) {
    const field = h("input", { type: "text", readonly: true, value: address, dir: "ltr", "aria-label": T.share });
    this.#show(T.share, h("p", {}, T.copyThis), field);
    field.select();
  }

  #choice(label, pressed, onclick, dir = null) {
    return h("button", { type: "button", class: "choice", "aria-pressed": String(pressed), onclick, dir }, label);
  }
}
