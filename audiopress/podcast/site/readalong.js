// Marks the sentence that is being spoken, and within it the word; follows it down the page; plays from where the
// reader points. Everything it needs stands in the page: data-start and data-stop of a sentence, data-words with the
// start of each of its words, data-seek of a link, all in milliseconds.
"use strict";

(() => {
  const audio = document.querySelector("audio");
  const sentences = [...document.querySelectorAll(".sentence")]
    .map((element) => ({
      element,
      start: Number(element.dataset.start),
      words: element.dataset.words.split(" ").map(Number),
    }))
    .sort((one, other) => one.start - other.start);
  if (!audio || !sentences.length) return;

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const followButton = document.querySelector("[data-follow]");
  const canMarkWords = typeof Highlight === "function" && CSS.highlights;
  let current = -1;
  let word = -1;
  let follows = true;

  // The last one that has begun at this time, or -1.
  const lastBegun = (starts, time) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const starts = sentences.map((sentence) => sentence.start);

  const markWord = (index) => {
    if (!canMarkWords || index === word) return;
    word = index;
    CSS.highlights.delete("word");
    const node = current < 0 ? null : sentences[current].element.firstChild;
    if (index < 0 || !node) return;
    const words = node.data.split(" ");
    const from = words.slice(0, index).reduce((length, each) => length + each.length + 1, 0);
    const range = new Range();
    range.setStart(node, from);
    range.setEnd(node, from + words[index].length);
    CSS.highlights.set("word", new Highlight(range));
  };

  const reveal = (element) => {
    const box = element.getBoundingClientRect();
    const covered = document.querySelector(".player").getBoundingClientRect().bottom;
    if (box.top < covered + 16 || box.bottom > innerHeight * 0.75) {
      element.scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
    }
  };

  const show = () => {
    // A frame ahead: what is marked now is seen a frame later. A seek may land a hair before its sentence.
    const time = audio.currentTime * 1000 + 20;
    const index = lastBegun(starts, time);
    if (index !== current) {
      if (current >= 0) sentences[current].element.removeAttribute("aria-current");
      markWord(-1);
      current = index;
      if (index >= 0) {
        const { element } = sentences[index];
        element.setAttribute("aria-current", "true");
        if (!document.activeElement.matches(".sentence")) rove(index);
        if (follows && !audio.paused) reveal(element);
      }
    }
    markWord(index < 0 ? -1 : lastBegun(sentences[index].words, time));
  };

  const step = () => {
    show();
    if (!audio.paused && !audio.ended) requestAnimationFrame(step);
  };

  const setFollows = (on) => {
    follows = on;
    followButton.setAttribute("aria-pressed", String(on));
    if (on && current >= 0) reveal(sentences[current].element);
  };

  const playFrom = (milliseconds) => {
    audio.currentTime = milliseconds / 1000;
    follows = true;
    followButton.setAttribute("aria-pressed", "true");
    audio.play().catch(() => {}); // the browser may want a click on the player first
  };

  // One sentence at a time is on the way of the Tab key; arrows go to its neighbours.
  const rove = (index, focus = false) => {
    for (const { element } of sentences) if (element.tabIndex === 0) element.tabIndex = -1;
    sentences[index].element.tabIndex = 0;
    if (focus) sentences[index].element.focus();
  };

  sentences.forEach(({ element, start }, index) => {
    element.setAttribute("role", "button");
    element.tabIndex = index ? -1 : 0;
    element.addEventListener("click", () => {
      if (getSelection().isCollapsed) {
        rove(index);
        playFrom(start);
      }
    });
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const way = { ArrowLeft: 1, ArrowDown: 1, ArrowRight: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter" || event.key === " ") playFrom(start);
      else if (way && sentences[index + way]) rove(index + way, true);
      else return;
      event.preventDefault();
    });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    playFrom(Number(link.dataset.seek));
  });

  // A reader who scrolls goes their own way, until they ask to be taken along again.
  const strays = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);
  const stray = () => {
    if (follows && !audio.paused) setFollows(false);
  };
  addEventListener("wheel", stray, { passive: true });
  addEventListener("touchmove", stray, { passive: true });
  addEventListener("keydown", (event) => {
    if (strays.has(event.key) && !event.defaultPrevented && event.target.nodeName !== "AUDIO") stray();
  });
  followButton.addEventListener("click", () => setFollows(!follows));

  for (const button of document.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => {
      audio.currentTime = Math.max(0, audio.currentTime + Number(button.dataset.skip));
    });
  }

  const rateButton = document.querySelector("[data-rates]");
  const rates = rateButton.dataset.rates.split(" ").map(Number);
  const rateLabel = rateButton.textContent.replace("۱×", "");
  rateButton.addEventListener("click", () => {
    audio.playbackRate = rates[(rates.indexOf(audio.playbackRate) + 1) % rates.length];
  });
  audio.addEventListener("ratechange", () => {
    rateButton.textContent = `${rateLabel}${audio.playbackRate.toLocaleString("fa-IR")}×`;
  });

  const fromAddress = () => {
    const time = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
    if (!time) return;
    audio.currentTime = Number(time[1]);
    show();
    if (current >= 0) reveal(sentences[current].element);
  };

  if ("mediaSession" in navigator) {
    const { title, show: artist, picture } = audio.dataset;
    const served = location.protocol.startsWith("http"); // pictures from the disk are refused
    const artwork = picture && served ? [{ src: new URL(picture, location.href).href }] : [];
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist, artwork });
  }

  for (const event of ["timeupdate", "seeked", "loadedmetadata"]) audio.addEventListener(event, show);
  audio.addEventListener("play", step);
  addEventListener("hashchange", fromAddress);
  document.querySelector(".buttons").hidden = false;
  fromAddress();
})();
