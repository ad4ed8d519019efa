// The sleep timer: after so many minutes by the clock on the wall, or at the end of a chapter or of the episode, whatever
// the speed.
import { nextStart } from "./chapters.js";

const FADE = 10; // seconds by the clock in which the sound fades out, as long as a breath falling asleep
const TICK = 250; // milliseconds between two looks, as often as the browser tells the time of the sound

// Real seconds until the sound is to stop, null while no timer is set.
export const secondsLeft = (timer, { now, time, rate, end }) => {
  if (!timer) return null;
  return timer.kind === "minutes" ? (timer.deadline - now) / 1000 : Math.max(0, end - time) / rate;
};

// How loud it is so many seconds before the end of a timer of minutes: the voice sinks, then it is still. A chapter and an
// episode end in a pause of their own, and their last sentence is wanted.
export const gainAt = (timer, left) => (timer?.kind === "minutes" ? Math.min(1, Math.max(0, left / FADE)) : 1);

export class Sleep extends EventTarget {
  #tick = 0;
  #chapter = 0;

  constructor(playback, chapters) {
    super();
    this.playback = playback;
    this.chapters = chapters; // gives the chapters of what plays
    this.timer = null;
    for (const name of ["time", "rate", "state"]) playback.addEventListener(name, () => this.timer && this.#look());
    playback.addEventListener("episode", () => this.timer && this.timer.kind !== "minutes" && this.clear());
    playback.addEventListener("seek", () => this.#aim());
  }

  // set("minutes", 15), set("chapter"), set("episode")
  set(kind, minutes = 0) {
    this.timer = { kind, minutes, deadline: Date.now() + minutes * 60000 };
    this.#aim();
    this.playback.setGain("sleep", 1);
    this.dispatchEvent(new Event("change"));
    this.#look();
  }

  clear() {
    clearTimeout(this.#tick);
    this.timer = null;
    this.playback.setGain("sleep", 1);
    this.dispatchEvent(new Event("change"));
  }

  get left() {
    const { playback } = this;
    return secondsLeft(this.timer, {
      now: Date.now(),
      time: playback.time,
      rate: playback.rate,
      end: this.timer?.kind === "chapter" ? this.#chapter : playback.duration,
    });
  }

  // Whether the end of the episode is where the sound is to stop: the next one does not begin.
  get stopsAtEnd() {
    return ["episode", "chapter"].includes(this.timer?.kind);
  }

  // The chapter that ends is the one that plays when the timer is set, or the one the listener went to.
  #aim() {
    this.#chapter = nextStart(this.chapters(), this.playback.time) ?? this.playback.duration;
  }

  #look() {
    clearTimeout(this.#tick);
    const { left } = this;
    if (left === null) return;
    // An episode stops by itself; its last moments are not cut off here.
    if (left <= 0 && this.timer.kind !== "episode") return this.#stop();
    this.playback.setGain("sleep", gainAt(this.timer, left));
    this.dispatchEvent(new Event("tick"));
    if (this.timer.kind === "minutes" || !this.playback.paused) {
      this.#tick = setTimeout(() => this.#look(), Math.min(TICK, Math.max(10, left * 1000)));
    }
  }

  #stop() {
    const plays = !this.playback.paused;
    this.playback.pause();
    this.clear();
    if (plays) this.dispatchEvent(new Event("asleep"));
  }
}
