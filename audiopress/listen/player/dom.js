// Elements, icons and buttons, made through the DOM so that the strictest Content-Security-Policy holds.

// h("a", { href: "#x", onclick: f }, "متن") → <a href="#x">متن</a>; false and null leave an attribute out.
export const h = (name, facts = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(facts)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
};

const ARROW = "M12 4.6a8 8 0 1 1-7.7 5.8M12.4 1.4 8.6 4.6l3.8 3.2";
// Drawn on a square of 24; "!" before a path fills it, "=" is a number within.
const ICONS = {
  play: "!M7.5 4.2v15.6a.7.7 0 0 0 1.1.6l12-7.8a.7.7 0 0 0 0-1.2l-12-7.8a.7.7 0 0 0-1.1.6z",
  pause: "!M6.5 4h3.6v16H6.5zM13.9 4h3.6v16h-3.6z",
  rewind: [ARROW, "=۱۵"],
  forward: ["M12 4.6a8 8 0 1 0 7.7 5.8M11.6 1.4l3.8 3.2-3.8 3.2", "=۳۰"],
  previous: ["!M19 5.5v13L9 12z", "M5.5 5v14"],
  next: ["!M5 5.5v13L15 12z", "M18.5 5v14"],
  sleep: "M20 14.2A8.3 8.3 0 0 1 9.8 4a8.3 8.3 0 1 0 10.2 10.2z",
  queue: ["M21 6H7M21 12H7M21 18h-8", "!M8.5 15v6L3 18z"],
  add: "M12 5v14M5 12h14",
  done: "M4.5 12.5l5 5 10-11",
  keep: "M12 4v11M7.5 10.8 12 15.3l4.5-4.5M5 20h14",
  share: "M12 15V3.5M8 7l4-4 4 4M6.5 11H5v9.5h14V11h-1.5",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  help: ["M14.6 8.7a2.8 2.8 0 1 0-4.1 2.6c1 .6 1.6 1.2 1.6 2.7", "!M11 17h2v2h-2z"],
  voice: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21",
  volume: ["!M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z", "M15.5 9a4.2 4.2 0 0 1 0 6M18 6.2a8 8 0 0 1 0 11.6"],
  muted: ["!M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z", "M16 9.5l5 5M21 9.5l-5 5"],
  close: "M6 6l12 12M18 6 6 18",
  up: "M6 14.5l6-6 6 6",
  down: "M6 9.5l6 6 6-6",
  back: "M9 5l7 7-7 7",
};

const svg = (name, facts, text = "") => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(facts)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

export const icon = (name) => {
  const picture = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" });
  for (const part of [ICONS[name]].flat()) {
    if (part[0] === "=") picture.append(svg("text", { x: 12, y: 15.7 }, part.slice(1)));
    else if (part[0] === "!") picture.append(svg("path", { d: part.slice(1), class: "full" }));
    else picture.append(svg("path", { d: part }));
  }
  return picture;
};

// A round button: an icon with a name that screen readers say and the pointer shows.
export const iconButton = (name, label, onclick, facts = {}) =>
  h("button", { type: "button", class: "round", "aria-label": label, title: label, onclick, ...facts }, icon(name));

// A button with an icon and words.
export const wordButton = (name, label, onclick, facts = {}) =>
  h("button", { type: "button", class: "words", onclick, ...facts }, icon(name), h("span", {}, label));

// Gives a button another icon and name, and leaves it alone where it has them.
export const dress = (button, name, label) => {
  if (button.dataset.dress === name + label) return;
  button.dataset.dress = name + label;
  const words = button.querySelector("span");
  if (words) words.textContent = label;
  else {
    button.setAttribute("aria-label", label);
    button.title = label;
  }
  button.querySelector("svg").replaceWith(icon(name));
};

// Sets a text, and leaves it alone where it is that: nothing flickers, and nothing is read again.
export const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};
