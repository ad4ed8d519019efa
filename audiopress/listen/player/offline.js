// Keeps episodes on the device: the sound and all beside it, in the browser's Cache Storage, from which sw.js plays them.

// Browsers give storage to safe addresses only: https, and this machine.
export const canKeep = Boolean(globalThis.caches && navigator.serviceWorker && globalThis.isSecureContext);

const RECORD = "?kept"; // beside the sound's address: what was kept, and how big it is

export class Offline extends EventTarget {
  constructor(home) {
    super();
    this.cache = `audiopress:${new URL(home).pathname}:kept`;
    this.records = new Map(); // by guid
    this.progress = new Map(); // of those that are being kept, 0 to 1
  }

  // Reads what is kept.
  async open() {
    if (!canKeep) return;
    const cache = await caches.open(this.cache);
    for (const request of await cache.keys()) {
      if (!request.url.endsWith(RECORD)) continue;
      const record = await (await cache.match(request)).json();
      this.records.set(record.guid, record);
    }
    this.#tell();
  }

  get bytes() {
    return [...this.records.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  // Whether what is kept is an older version of the episode.
  isStale({ guid, bytes, updated }) {
    const record = this.records.get(guid);
    return Boolean(record) && (record.length !== bytes || record.updated !== updated);
  }

  // Keeps an episode; raises where it cannot: then nothing of it is kept.
  async keep(episode) {
    if (this.progress.has(episode.guid)) return;
    this.#report(episode, 0);
    try {
      navigator.storage?.persist?.(); // asks the browser not to clear it away; it may say no
      const cache = await caches.open(this.cache);
      const beside = [episode.page, episode.captions, episode.chapters, episode.image].filter(Boolean);
      // The sound comes last: an episode that is heard without network has its text, too.
      const sizes = await Promise.all(beside.map((address) => this.#fetch(cache, address).catch(() => 0)));
      sizes.push(await this.#fetch(cache, episode.audio, (part) => this.#report(episode, part), episode.bytes));
      const { guid, title, bytes: length, updated } = episode;
      const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
      const record = { guid, title, length, updated, bytes: total, files: [...beside, episode.audio] };
      await cache.put(episode.audio + RECORD, Response.json(record));
      this.records.set(guid, record);
    } catch (error) {
      if (!this.records.has(episode.guid)) await this.#clear(episode);
      throw error;
    } finally {
      this.progress.delete(episode.guid);
      this.#tell(episode.guid);
    }
  }

  async drop(guid) {
    const record = this.records.get(guid);
    if (!record) return;
    this.records.delete(guid);
    const cache = await caches.open(this.cache);
    await cache.delete(record.files.at(-1) + RECORD); // first: what has no record is not kept
    await Promise.all(record.files.map((address) => cache.delete(address)));
    this.#tell(guid);
  }

  async #clear({ audio, page, captions, chapters }) {
    const cache = await caches.open(this.cache);
    await Promise.all([audio, page, captions, chapters].filter(Boolean).map((address) => cache.delete(address)));
  }

  // Puts a file into the cache, whole or not at all, and returns its bytes.
  async #fetch(cache, address, report = () => {}, expected = 0) {
    const response = await fetch(address, { cache: "no-cache" });
    if (response.status !== 200) throw new Error(`${response.status}`);
    const length = Number(response.headers.get("Content-Length")) || expected;
    let bytes = 0;
    const counted = response.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          bytes += chunk.byteLength;
          if (length) report(Math.min(1, bytes / length));
          controller.enqueue(chunk);
        },
        flush(controller) {
          if (expected && bytes !== expected) controller.error(new Error("cut short"));
        },
      }),
    );
    const headers = { "Content-Type": response.headers.get("Content-Type") || "application/octet-stream" };
    await cache.put(address, new Response(counted, { headers }));
    return bytes;
  }

  #report({ guid }, part) {
    const before = this.progress.get(guid);
    this.progress.set(guid, part);
    if (before === undefined || Math.floor(before * 50) !== Math.floor(part * 50)) this.#tell(guid);
  }

  #tell(guid = "") {
    this.dispatchEvent(new CustomEvent("change", { detail: guid }));
  }
}
