// The keyboard: every action has a key. Letters go by their place, so that they are the same on a Persian layout; signs by
// what they are, wherever a layout has them.

// [places and signs, shift (null where it does not matter), what the key is called, the action, what it does]
export const KEYS = [
  [["Space", "KeyK"], false, "فاصله یا K", "toggle", "پخش و مکث"],
  [["ArrowRight", "KeyL"], false, "→ یا L", "forward", "۳۰ ثانیه جلو"],
  [["ArrowLeft", "KeyJ"], false, "← یا J", "rewind", "۱۵ ثانیه عقب"],
  [["ArrowRight"], true, "⇧ →", "nextChapter", "فصل بعد"],
  [["ArrowLeft"], true, "⇧ ←", "previousChapter", "فصل قبل"],
  [["KeyN"], false, "N", "nextEpisode", "قسمت بعد"],
  [["KeyU"], false, "U", "playAll", "پخش همهٔ نشنیده‌ها"],
  [[".", ">"], null, ".", "faster", "تندتر"],
  [[",", "<", "،", "Comma"], null, "،", "slower", "کندتر"],
  [["+", "="], null, "+", "louder", "صدای بلندتر"],
  [["-", "−"], null, "−", "quieter", "صدای آرام‌تر"],
  [["KeyM"], false, "M", "mute", "بستن و باز کردن صدا"],
  [["KeyS"], false, "S", "sleep", "زمان‌سنج خواب"],
  [["KeyQ"], false, "Q", "queue", "صف پخش"],
  [["KeyT"], false, "T", "open", "متن آنچه پخش می‌شود"],
  [["KeyF"], false, "F", "follow", "همراه شدن متن با صدا"],
  [["KeyD"], false, "D", "keep", "نگه‌داشتن برای شنیدن بی‌اینترنت"],
  [["KeyC"], false, "C", "share", "هم‌رسانی از همین لحظه"],
  [["KeyV"], false, "V", "voice", "فرمان صوتی"],
  [["KeyI"], false, "I", "where", "بگو کجاییم"],
  [["KeyH"], false, "H", "home", "همهٔ قسمت‌ها"],
  [["/"], null, "/", "search", "جست‌وجو"],
  [["?", "؟"], null, "؟", "help", "همین فهرست"],
];
const REPEATED = ["forward", "rewind", "louder", "quieter", "faster", "slower"]; // while a key is held down

// The action of a key press, "" for none: fields and buttons keep the keys they live by. `letters` is false where the
// listener wants no keys of a single letter (WCAG 2.2, 2.1.4).
export const actionOf = (event, letters) => {
  const { code, key, shiftKey, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return "";
  if (target.closest?.("input:not(.timeline), textarea, select, dialog")) return "";
  if (code === "Space" && target.closest?.("button, a, [role=button]")) return "";
  if (!letters && !code.startsWith("Arrow")) return "";
  const fits = ([names, shift]) => (shift === null || shift === shiftKey) && (names.includes(key) || names.includes(code));
  return KEYS.find(fits)?.[3] || "";
};

export const connectKeys = (actions, store) => {
  addEventListener("keydown", (event) => {
    const action = actionOf(event, store.settings.letters);
    if (!action) return;
    event.preventDefault();
    if (!event.repeat || REPEATED.includes(action)) actions[action]();
  });
};
