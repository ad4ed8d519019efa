// The text of an episode, and the sentence that is being spoken in it.
import { h } from "./dom.js";
import { parseCaptions } from "./search.js";

const AHEAD = 0.02; // seconds: what is marked now is seen a frame later, and a seek may land a hair early

// Reads an episode's own page (<slug>.html), in which every sentence has its times; else its WebVTT. Returns
// { title: [sentence], sections: [{ heading: [sentence], name, paragraphs: [{ kind, sentences }] }] } where a sentence is
// { start, text, words: [start] } in seconds; null where there is neither.
export const loadText = async (episode) => {
  try {
    if (episode.page) return readPage(await get(episode.page));
    if (!episode.captions) return null;
    const lines = parseCaptions(await get(episode.captions)).map((cue) => ({ ...cue, words: [] }));
    return { title: [], sections: [{ heading: [], name: "", paragraphs: [{ kind: "", sentences: lines }] }] };
  } catch {
    return null;
  }
};

const get = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.text();
};

const readPage = (html) => {
  const tree = new DOMParser().parseFromString(html, "text/html");
  const sentences = (element) =>
    [...(element?.querySelectorAll(".sentence") ?? [])].map(({ dataset, textContent }) => ({
      start: Number(dataset.start) / 1000,
      text: textContent,
      words: (dataset.words || "").split(" ").map((start) => Number(start) / 1000),
    }));
  const sections = [...tree.querySelectorAll("main section")].map((section) => ({
    heading: sentences(section.querySelector("h2")),
    name: section.querySelector("h2")?.textContent || "",
    paragraphs: [...section.querySelectorAll("p")].map((paragraph) => ({
      kind: paragraph.className,
      sentences: sentences(paragraph),
    })),
  }));
  return { title: sentences(tree.querySelector("h1")), sections };
};

// The text as elements, each sentence one that can be pressed, and the list of sentences with their elements.
export class ReadAlong {
  #current = -1;
  #word = -1;

  constructor(text, { play, room, stray }) {
    this.list = [];
    this.play = play; // plays from a time
    this.room = room; // gives how much of the window's foot is covered
    this.title = text.title.map((sentence) => this.#element(sentence));
    this.body = h(
      "div",
      { class: "text" },
      ...text.sections.map(({ heading, name, paragraphs }) =>
        h(
          "section",
          {},
          name && h("h2", {}, ...(heading.length ? heading.map((each) => this.#element(each)) : [name])),
          ...paragraphs.map(({ kind, sentences }) =>
            h("p", { class: kind || null }, ...sentences.flatMap((each) => [this.#element(each), " "])),
          ),
        ),
      ),
    );
    this.list.sort((one, other) => one.start - other.start);
    this.list.forEach(({ element }, index) => {
      element.tabIndex = index ? -1 : 0;
      element.addEventListener("keydown", (event) => this.#key(event, index));
    });
    // A reader who scrolls goes their own way, until they ask to be taken along again.
    for (const name of ["wheel", "touchmove"]) this.body.addEventListener(name, stray, { passive: true });
  }

  // Marks what is spoken at a time, null where this is not what plays; returns whether the sentence changed.
  mark(time) {
    const index = time === null ? -1 : this.list.findLastIndex(({ start }) => start <= time + AHEAD);
    const changed = index !== this.#current;
    if (changed) {
      this.list[this.#current]?.element.removeAttribute("aria-current");
      this.#current = index;
      this.list[index]?.element.setAttribute("aria-current", "true");
      if (index >= 0 && !document.activeElement?.matches(".sentence")) this.#rove(index);
    }
    this.#markWord(index < 0 ? -1 : this.list[index].words.findLastIndex((start) => start <= time + AHEAD));
    return changed;
  }

  // Brings the sentence that is spoken into the middle of what can be seen, if it has left it.
  reveal() {
    const element = this.list[this.#current]?.element;
    if (!element) return;
    const box = element.getBoundingClientRect();
    const foot = innerHeight - this.room();
    if (box.top > 24 && box.bottom < foot - 24) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = scrollY + box.top - Math.max(24, (foot - box.height) / 2.5);
    scrollTo({ top, behavior: still ? "auto" : "smooth" });
  }

  #element({ start, text, words }) {
    const element = h("span", { class: "sentence", role: "button" }, text);
    element.addEventListener("click", () => {
      if (!getSelection().isCollapsed) return; // somebody is copying
      this.#rove(this.list.findIndex((each) => each.element === element));
      this.play(start);
    });
    this.list.push({ start, words, element });
    return element;
  }

  #key(event, index) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Enter" || event.key === " ") this.play(this.list[index].start);
    else if (way && this.list[index + way]) this.#rove(index + way, true);
    else return;
    event.preventDefault();
  }

  // One sentence at a time is on the way of the Tab key; arrows go to its neighbours.
  #rove(index, focus = false) {
    for (const { element } of this.list) if (element.tabIndex === 0) element.tabIndex = -1;
    this.list[index].element.tabIndex = 0;
    if (focus) this.list[index].element.focus();
  }

  #markWord(index) {
    if (!globalThis.Highlight || !CSS.highlights || this.#word === `${this.#current}.${index}`) return;
    this.#word = `${this.#current}.${index}`;
    CSS.highlights.delete("word");
    const node = this.list[this.#current]?.element.firstChild;
    if (index < 0 || !node) return;
    const words = node.data.split(" ");
    if (index >= words.length) return;
    const from = words.slice(0, index).reduce((length, each) => length + each.length + 1, 0);
    const range = new Range();
    range.setStart(node, from);
    range.setEnd(node, from + words[index].length);
    CSS.highlights.set("word", new Highlight(range));
  }
}
