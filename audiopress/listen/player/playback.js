// Plays one episode at a time, remembers where it stopped, and says what happens:
// episode, state, seek, time, rate, volume, waiting, trouble, refused (the browser wants a tap first), ended.
import { isNearEnd, resumeAt } from "./store.js";

const SAVE = 5000; // milliseconds between two notes of where we are
export const SLOWEST = 0.7;
export const FASTEST = 2.5;
const STEP = 0.1;

const limit = (value, low, high) => Math.min(high, Math.max(low, value));

export class Playback extends EventTarget {
  #saved = 0;
  #savedAt = 0;
  #known; // the date of the position that this tab goes by
  #start = null; // where to begin once the sound's length is known
  #gains = {}; // by who asks for it: the sleep timer fades, voice commands turn down
  #wanted = false; // plays, or would if the network let it

  constructor(store) {
    super();
    this.store = store;
    this.episode = null;
    this.trouble = "";
    this.waiting = false;
    this.audio = new Audio();
    this.audio.preload = "metadata";
    this.audio.preservesPitch = true;
    this.audio.webkitPreservesPitch = true;
    this.#listen();
    this.setRate(store.settings.rate);
    this.setVolume(store.settings.volume);
    this.setMuted(store.settings.muted);
  }

  get time() {
    return this.#start ?? this.audio.currentTime;
  }

  get duration() {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : (this.episode?.seconds ?? 0);
  }

  get paused() {
    return this.audio.paused;
  }

  get rate() {
    return this.store.settings.rate;
  }

  // Makes an episode the current one, where it stopped or at a time; it does not play yet.
  load(episode, at = null) {
    if (this.episode) this.save();
    this.episode = episode;
    this.trouble = "";
    this.waiting = this.#wanted = false;
    const position = this.store.position(episode.guid);
    this.#known = position?.at;
    this.#start = at ?? resumeAt(position, episode.seconds);
    this.#saved = this.#start;
    this.audio.src = episode.audio;
    this.#apply();
    this.store.setCurrent(episode.guid);
    this.#tell("episode");
  }

  async play() {
    if (!this.episode) return;
    if (this.trouble) return this.retry();
    if (this.audio.ended) this.seek(0);
    this.#wanted = true;
    try {
      await this.audio.play();
    } catch (error) {
      if (error.name !== "NotAllowedError") return; // a newer load, or an error that its event tells
      this.#wanted = false;
      this.#tell("refused");
    }
  }

  pause() {
    this.#wanted = false;
    this.audio.pause();
    this.save(); // at once: the page may go before the browser tells of the pause
  }

  toggle() {
    if (this.paused) this.play();
    else this.pause();
  }

  seek(time) {
    const target = limit(time, 0, this.duration || Infinity);
    if (this.audio.readyState) {
      this.#start = null;
      this.audio.currentTime = target;
    } else this.#start = target; // nothing is known of the sound yet
    this.#tell("seek");
    this.#tell("time");
  }

  skip(seconds) {
    this.seek(this.time + seconds);
  }

  setRate(rate) {
    const rounded = Math.round(limit(rate, SLOWEST, FASTEST) * 100) / 100;
    if (rounded !== this.rate) this.store.set("rate", rounded);
    this.#apply();
    this.#tell("rate");
  }

  stepRate(direction) {
    this.setRate(Math.round((this.rate + direction * STEP) * 10) / 10);
  }

  setVolume(volume) {
    const rounded = Math.round(limit(volume, 0, 1) * 100) / 100;
    if (rounded !== this.store.settings.volume) this.store.set("volume", rounded);
    this.#apply();
    this.#tell("volume");
  }

  setMuted(muted) {
    if (muted !== this.store.settings.muted) this.store.set("muted", muted);
    this.#apply();
    this.#tell("volume");
  }

  // How much of the volume sounds.
  setGain(who, gain) {
    this.#gains[who] = gain;
    this.#apply();
  }

  // Loads the sound again and goes on where it broke off.
  retry() {
    const at = this.time;
    this.trouble = "";
    this.#start = at;
    this.audio.load();
    this.#tell("trouble");
    return this.play();
  }

  // Notes where we are, if that has changed since.
  save() {
    if (!this.episode || Math.abs(this.time - this.#saved) < 0.25) return;
    const { guid } = this.episode;
    this.#saved = this.time;
    this.#savedAt = performance.now();
    this.store.keep(guid, this.time, this.store.isPlayed(guid) || isNearEnd(this.time, this.duration));
    this.#known = this.store.position(guid).at;
  }

  // Another tab or device went on with this episode: so do we, unless we are the one that plays.
  takePosition() {
    const position = this.episode && this.paused ? this.store.position(this.episode.guid) : null;
    if (!position || position.at === this.#known) return;
    this.#known = position.at;
    this.seek(resumeAt(position, this.duration));
    this.#saved = this.time;
  }

  #apply() {
    const { rate, volume, muted } = this.store.settings;
    this.audio.defaultPlaybackRate = rate;
    this.audio.playbackRate = rate;
    this.audio.volume = Object.values(this.#gains).reduce((sum, gain) => sum * gain, volume);
    this.audio.muted = muted;
  }

  #listen() {
    const on = (names, react) => names.split(" ").forEach((name) => this.audio.addEventListener(name, react));
    on("loadedmetadata", () => {
      if (this.#start !== null) this.audio.currentTime = limit(this.#start, 0, this.audio.duration);
      this.#start = null;
      this.#tell("time");
    });
    on("timeupdate", () => {
      if (!this.paused && performance.now() - this.#savedAt > SAVE) this.save();
      this.#tell("time");
    });
    on("play pause", () => {
      if (this.paused) this.save();
      this.#tell("state");
    });
    on("seeked durationchange", () => {
      if (this.paused) this.save();
      this.#tell("time");
    });
    on("waiting playing canplay pause", ({ type }) => {
      this.waiting = type === "waiting";
      this.#tell("waiting");
    });
    on("ended", () => {
      this.#wanted = false;
      this.save();
      this.#tell("ended");
    });
    on("error", () => this.#explain());
    addEventListener("online", () => this.trouble && this.#wanted && this.retry());
    addEventListener("pagehide", () => this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
  }

  // Why the sound stopped: "offline", "missing" or "broken".
  async #explain() {
    if (!this.audio.error || !this.episode) return;
    const { audio } = this.episode;
    this.#start = this.time; // an element with an error forgets its time when it is loaded again
    this.waiting = false;
    this.trouble = navigator.onLine ? "broken" : "offline";
    this.#tell("trouble");
    try {
      const { status } = await fetch(audio, { method: "HEAD" });
      if (status === 404 || status === 410) this.trouble = "missing";
    } catch {
      this.trouble = "offline";
    }
    if (this.episode.audio === audio && this.audio.error) this.#tell("trouble");
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
