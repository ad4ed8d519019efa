// The show's service worker: the player starts without network, and episodes that were kept play from the device.
// The program that writes it into a show fills in the version and the list of files.
"use strict";

const VERSION = "@VERSION@";
const FILES = ["@FILES@"];

const HOME = new URL(".", self.location).href;
const PREFIX = `audiopress:${new URL(HOME).pathname}:`;
const KEPT = `${PREFIX}kept`; // what the listener keeps: audiopress/listen/player/offline.js
const SHELL = `${PREFIX}shell:${VERSION}`; // the player itself, all of one version
const PAGES = `${PREFIX}pages`; // the last that was seen of the page, its style and the feed
const FRESH = ["./", "feed.xml", "assets/site.css", "assets/vazirmatn.woff2"];
const PATIENCE = 4000; // milliseconds to wait for the network where the last version will do

const at = (name) => new URL(name, HOME).href;

self.addEventListener("install", (event) => {
  const load = async () => {
    const shell = await caches.open(SHELL);
    await shell.addAll(FILES.map((name) => new Request(at(name), { cache: "no-cache" })));
    const pages = await caches.open(PAGES);
    await Promise.allSettled(FRESH.map((name) => pages.add(new Request(at(name), { cache: "no-cache" }))));
  };
  event.waitUntil(load());
});

self.addEventListener("activate", (event) => {
  const clean = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(`${PREFIX}shell:`) && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  // The player asks past every cache when it keeps an episode.
  if (request.method !== "GET" || (request.cache === "no-cache" && request.mode !== "navigate")) return;
  const address = request.url.split("#")[0];
  const name = address.startsWith(HOME) ? address.slice(HOME.length) : null;
  if (name?.startsWith("api/")) return;
  if (name === "" || name === "index.html") event.respondWith(newest(event, at("./")));
  else if (name !== null && /^feed(-\d+)?\.xml$/.test(name)) event.respondWith(newest(event, address));
  else if (FILES.includes(name)) event.respondWith(stored(SHELL, address).then((found) => found || fetch(request)));
  else if (name === "assets/site.css" || name === "assets/vazirmatn.woff2" || /^cover-\w+\.\w+$/.test(name ?? ""))
    event.respondWith(lastSeen(event, address));
  else event.respondWith(kept(request, address));
});

const stored = async (cache, address) => (await caches.open(cache)).match(address, { ignoreVary: true });

// From the network, and from the last visit where that is silent.
const newest = async (event, address) => {
  const loading = fetch(event.request).then(async (response) => {
    if (response.ok) await (await caches.open(PAGES)).put(address, response.clone());
    return response;
  });
  event.waitUntil(loading.catch(() => {}));
  const last = await stored(PAGES, address);
  if (!last) return loading;
  const late = new Promise((resolve) => setTimeout(() => resolve(last), PATIENCE));
  return Promise.race([loading.catch(() => last), late]);
};

// From the last visit, brought up to date for the next.
const lastSeen = async (event, address) => {
  const last = await stored(PAGES, address);
  const loading = fetch(event.request).then(async (response) => {
    if (response.status === 200) await (await caches.open(PAGES)).put(address, response.clone());
    return response;
  });
  event.waitUntil(loading.catch(() => {}));
  return last || loading;
};

// From what is kept, parts of it where parts are asked for; else from the network.
const kept = async (request, address) => {
  const whole = await stored(KEPT, address);
  if (!whole) return fetch(request);
  const range = request.headers.get("Range");
  return range ? part(whole, range) : whole;
};

// A part of a file, as RFC 9110, section 14, has it: 206, or 416 beyond its end. What is no range of bytes, or more than
// one, gets the whole.
const part = async (whole, range) => {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range.trim()) || [];
  if (!first && !last) return whole;
  const blob = await whole.blob();
  const start = first ? Number(first) : Math.max(0, blob.size - Number(last));
  const end = first && last ? Math.min(Number(last), blob.size - 1) : blob.size - 1;
  if (first && last && Number(last) < start) return new Response(blob, { headers: whole.headers });
  if (start >= blob.size || (!first && !Number(last)))
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${blob.size}` } });
  const headers = {
    "Content-Type": whole.headers.get("Content-Type"),
    "Content-Length": String(end - start + 1),
    "Content-Range": `bytes ${start}-${end}/${blob.size}`,
    "Accept-Ranges": "bytes",
  };
  return new Response(blob.slice(start, end + 1), { status: 206, headers });
};
