// What the listener's browser remembers: where each episode stopped, the queue, the settings.

const DEFAULTS = {
  rate: 1,
  volume: 1,
  muted: false,
  headset: "chapter",
  autoNext: true,
  letters: true,
  follow: true,
};
const RESUME = 3; // seconds heard again, to find the thread
const END = 30; // seconds that are left when an episode counts as heard …
const SHORT = 0.1; // … but no more than this part of a short one
const MOST = 0.97; // and from here on always

// Whether an episode counts as heard at this time.
export const isNearEnd = (time, duration) =>
  duration > 0 && (time >= duration * MOST || duration - time <= Math.min(END, duration * SHORT));

// Where to go on: a little earlier than it stopped, from the beginning where it had come to its end.
export const resumeAt = (position, duration) =>
  !position || isNearEnd(position.seconds, duration) ? 0 : Math.max(0, position.seconds - RESUME);

const isPosition = (each) =>
  each && Number.isFinite(each.seconds) && each.seconds >= 0 && typeof each.played === "boolean" && Date.parse(each.at);

const rank = (each) => [Date.parse(each.at), Number(each.played), each.seconds];
const newer = (one, other) => {
  const [a, b] = [rank(one), rank(other)];
  const index = a.findIndex((value, place) => value !== b[place]);
  return index >= 0 && a[index] > b[index];
};

// The newer position of each episode; what is none is left out.
export const merge = (ours, theirs) => {
  const both = { ...ours };
  for (const [guid, position] of Object.entries(theirs || {})) {
    if (isPosition(position) && (!Object.hasOwn(both, guid) || newer(position, both[guid]))) both[guid] = position;
  }
  return both;
};

export class Store extends EventTarget {
  constructor(home) {
    super();
    this.prefix = `audiopress:${new URL(home).pathname}:`;
    this.positions = this.#read("positions")?.positions || {};
    this.queue = this.#list();
    this.current = this.#read("current") || "";
    this.settings = { ...DEFAULTS, ...this.#read("settings") };
    // Another tab wrote: its news are ours.
    addEventListener("storage", (event) => {
      if (!event.key?.startsWith(this.prefix)) return;
      this.positions = merge(this.positions, this.#read("positions")?.positions);
      this.queue = this.#list();
      this.#tell("elsewhere");
    });
  }

  position(guid) {
    return Object.hasOwn(this.positions, guid) ? this.positions[guid] : null;
  }

  isPlayed(guid) {
    return this.position(guid)?.played ?? false;
  }

  keep(guid, seconds, played) {
    const position = { seconds: Math.round(seconds * 1000) / 1000, played, at: new Date().toISOString() };
    this.#writePositions({ [guid]: position });
    this.#tell("kept", guid);
  }

  // Takes in positions of another device; says whether any was news.
  take(positions) {
    const before = JSON.stringify(this.positions);
    this.#writePositions(positions);
    const news = JSON.stringify(this.positions) !== before;
    if (news) this.#tell("elsewhere");
    return news;
  }

  setQueue(guids) {
    this.queue = [...new Set(guids)];
    this.#write("queue", this.queue);
    this.#tell("queue");
  }

  setCurrent(guid) {
    this.current = guid;
    this.#write("current", guid);
  }

  set(name, value) {
    this.settings[name] = value;
    this.#write("settings", { ...this.#read("settings"), [name]: value }); // another tab may have set others
    this.#tell("settings");
  }

  #writePositions(positions) {
    // Read again first: another tab may have written since.
    const there = merge(this.positions, this.#read("positions")?.positions);
    this.positions = merge(there, positions);
    this.#write("positions", { version: 1, positions: this.positions });
  }

  #list() {
    const queue = this.#read("queue");
    return Array.isArray(queue) ? queue.filter((guid) => typeof guid === "string") : [];
  }

  #read(name) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + name));
    } catch {
      return null; // storage is blocked, or holds something else: this visit remembers for itself
    }
  }

  #write(name, value) {
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      // storage is blocked or full
    }
  }

  #tell(what, guid = "") {
    this.dispatchEvent(new CustomEvent("change", { detail: { what, guid } }));
  }
}
