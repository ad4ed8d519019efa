// Shares positions with `audiopress serve`, and so with the terminal; where a show lies on plain hosting, nobody answers
// and nothing is said.

const EVERY = 30000; // milliseconds between two reports while something plays

export class Sync {
  #known = {};
  #pushed = 0;
  #answers;

  constructor(home, store) {
    this.address = new URL("api/positions", home).href;
    this.silence = `${store.prefix}silent`;
    this.store = store;
    this.#answers = this.#session() !== "1";
    store.addEventListener("change", ({ detail }) => {
      if (detail.what === "kept" && Date.now() - this.#pushed > EVERY) this.push();
    });
  }

  // Fetches what was heard elsewhere, and reports what was heard here since.
  async pull() {
    if (!this.#answers) return;
    try {
      const response = await fetch(this.address, { headers: { Accept: "application/json" } });
      if (!response.ok) return this.#silent();
      const { version, positions } = await response.json();
      if (version !== 1) return this.#silent();
      this.#known = positions;
      this.store.take(positions);
      await this.push();
    } catch {
      // no network, or no JSON: another time
    }
  }

  async push() {
    const news = Object.entries(this.store.positions).filter(([guid, { at }]) => this.#known[guid]?.at !== at);
    if (!this.#answers || !news.length) return;
    this.#pushed = Date.now();
    const positions = Object.fromEntries(news);
    try {
      const response = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ version: 1, positions }),
        keepalive: news.length < 100, // the page may go; browsers allow 64 kB then
      });
      if (response.ok) Object.assign(this.#known, positions);
      else this.#silent();
    } catch {
      // no network: the next report tells it
    }
  }

  // Nobody answers here: not asked again in this visit.
  #silent() {
    this.#answers = false;
    try {
      sessionStorage.setItem(this.silence, "1");
    } catch {
      // storage is blocked
    }
  }

  #session() {
    try {
      return sessionStorage.getItem(this.silence);
    } catch {
      return null;
    }
  }
}
