// Says what happened: to blind listeners through a live region, to others in a line that goes away.

const PAUSE = 700; // milliseconds a message stands in the live region, so that screen readers take each in its turn
const SHOWN = 4000; // milliseconds a line is to be seen
const MOST = 3; // messages that wait; older ones are no news any more

export class Say {
  #waiting = [];
  #timer = 0;
  #hiding = 0;

  constructor(region, line) {
    this.region = region;
    this.line = line;
  }

  // For the ear only: what the eye sees anyway.
  quietly(text) {
    if (!text || this.#waiting.at(-1) === text) return;
    this.#waiting.push(text);
    if (this.#waiting.length > MOST) this.#waiting.shift();
    if (!this.#timer) this.#next();
  }

  // For ear and eye.
  aloud(text) {
    this.quietly(text);
    this.line.textContent = text;
    this.line.hidden = false;
    clearTimeout(this.#hiding);
    this.#hiding = setTimeout(() => (this.line.hidden = true), SHOWN);
  }

  #next() {
    const text = this.#waiting.shift();
    this.region.textContent = text ?? "";
    this.#timer = text === undefined ? 0 : setTimeout(() => this.#next(), PAUSE);
  }
}
