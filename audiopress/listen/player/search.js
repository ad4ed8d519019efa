// Search in titles and in what is said. Persian is typed in many ways: ي and ی, with or without half-space and marks.

const SAME = { ي: "ی", ى: "ی", ئ: "ی", ك: "ک", ة: "ه", ۀ: "ه", أ: "ا", إ: "ا", آ: "ا", ؤ: "و" };
const AROUND = 40; // letters before and after what was found, a line on a phone
const AT_ONCE = 4; // texts that are fetched together
export const MOST = 60; // places that are shown

const letter = (sign) => {
  if (/[\u064b-\u065f\u0670\u0640\u200c-\u200f\u202a-\u202e\u2066-\u2069]/.test(sign)) return "";
  const code = sign.codePointAt(0);
  if (code >= 0x6f0 && code <= 0x6f9) return String(code - 0x6f0);
  if (code >= 0x660 && code <= 0x669) return String(code - 0x660);
  return SAME[sign] || sign.toLowerCase();
};

// A text as it is compared: «كتابهاي ۲» and «کتاب‌های 2» are the same.
export const plain = (text) => [...text].map(letter).join("");

// Where a word stands in a text, as [from, to) of the text as written; null where it does not.
export const find = (text, wanted, from = 0) => {
  const signs = [...text];
  const pieces = signs.map(letter);
  const place = pieces.join("").indexOf(wanted, pieces.slice(0, from).join("").length);
  if (place < 0 || !wanted) return null;
  const ends = [];
  pieces.reduce((sum, piece, index) => (ends[index] = sum + piece.length), 0);
  const first = ends.findIndex((end) => end > place);
  const last = ends.findIndex((end) => end >= place + wanted.length);
  return [first, last + 1];
};

// Reads WebVTT: [{ start, text }], the lines of a cue joined.
export const parseCaptions = (vtt) =>
  vtt
    .replace(/\r\n?/g, "\n")
    .split(/\n\n+/)
    .flatMap((block) => {
      const time = /^(?:(\d+):)?(\d\d):(\d\d\.\d{3}) --> .*\n([\s\S]+)$/m.exec(block);
      if (!time) return [];
      const start = Number(time[1] || 0) * 3600 + Number(time[2]) * 60 + Number(time[3]);
      const text = time[4].replace(/<[^>]*>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
      return [{ start, text: text.replace(/\s+/g, " ").trim() }];
    });

// Finds a word in an episode's text, across its lines: [{ start, before, hit, after }].
export const findIn = (cues, wanted) => {
  const text = [...cues.map((cue) => cue.text).join(" ")];
  const offsets = [];
  cues.reduce((sum, cue, index) => (offsets[index] = sum) + [...cue.text].length + 1, 0);
  const places = [];
  let from = 0;
  for (let range; places.length < MOST && (range = find(text, wanted, from)); [, from] = range) {
    const cue = Math.max(0, offsets.findLastIndex((offset) => offset <= range[0]));
    places.push({
      start: cues[cue].start,
      before: (range[0] > AROUND ? "…" : "") + text.slice(Math.max(0, range[0] - AROUND), range[0]).join(""),
      hit: text.slice(...range).join(""),
      after: text.slice(range[1], range[1] + AROUND).join("") + (range[1] + AROUND < text.length ? "…" : ""),
    });
  }
  return places;
};

const texts = new Map();
const captions = (episode) => {
  if (!texts.has(episode.captions)) {
    const loading = fetch(episode.captions)
      .then((response) => (response.ok ? response.text() : ""))
      .then(parseCaptions)
      .catch(() => {
        texts.delete(episode.captions); // no network: another time
        return [];
      });
    texts.set(episode.captions, loading);
  }
  return texts.get(episode.captions);
};

// Looks through the episodes' texts, newest first; `report(episode, places, done)` is told of each until `signal` aborts.
export const searchTexts = async (episodes, query, report, signal) => {
  const wanted = plain(query.trim());
  const waiting = episodes.filter(({ captions: address }) => address);
  let done = 0;
  const work = async () => {
    for (let episode; !signal.aborted && (episode = waiting.shift()); ) {
      const places = findIn(await captions(episode), wanted);
      if (!signal.aborted) report(episode, places, ++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
};
