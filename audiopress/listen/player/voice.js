// Voice commands, where the browser understands speech.
import { plain } from "./search.js";
import { T } from "./text.js";

// What is said, as Persian speakers say it, and the action; of those that are heard the longest counts.
const WORDS = {
  play: ["پخش", "پخش کن", "بخوان", "بخون", "ادامه", "ادامه بده", "شروع کن"],
  pause: ["مکث", "بس است", "بسه", "بس", "کافیه", "کافی است", "صبر کن", "ایست", "نگه دار", "ساکت"],
  forward: ["جلو", "برو جلو", "جلوتر"],
  rewind: ["عقب", "برو عقب", "عقب‌تر", "دوباره بگو"],
  nextChapter: ["فصل بعد", "فصل بعدی", "بخش بعد", "بخش بعدی"],
  previousChapter: ["فصل قبل", "فصل قبلی", "بخش قبل", "بخش قبلی", "قبلی"],
  nextEpisode: ["بعدی", "قسمت بعد", "قسمت بعدی", "خبر بعد", "خبر بعدی"],
  restart: ["از اول", "از نو"],
  faster: ["تندتر", "سریع‌تر", "تند"],
  slower: ["کندتر", "آهسته‌تر", "یواش‌تر", "کند"],
  louder: ["بلندتر", "صدا بلندتر", "صدا را زیاد کن"],
  quieter: ["آرام‌تر", "صدا آرام‌تر", "صدا را کم کن"],
  playAll: ["خبرها", "اخبار", "چه خبر", "پخش خبرها", "پخش اخبار", "پخش نشنیده‌ها"],
  where: ["کجاییم", "چند دقیقه مانده", "چقدر مانده"],
  voice: ["گوش نده", "فرمان خاموش"],
};
const DUCK = 0.3; // of the volume, so that the listener is heard over the voice

const TABLE = Object.entries(WORDS)
  .flatMap(([action, phrases]) => phrases.map((phrase) => [` ${plain(phrase)} `, action]))
  .sort(([one], [other]) => other.length - one.length);

// «لطفاً برو فصل بعدی» → nextChapter, "" for no command.
export const commandIn = (said) => {
  const words = ` ${plain(said).replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  return TABLE.find(([phrase]) => words.includes(phrase))?.[1] || "";
};

const Recognition = globalThis.SpeechRecognition || globalThis.webkitSpeechRecognition;
export const hasVoice = Boolean(Recognition);

export class Voice extends EventTarget {
  constructor(actions, playback, say) {
    super();
    this.on = false;
    this.actions = actions;
    this.playback = playback;
    this.say = say;
  }

  toggle() {
    if (!hasVoice) return this.say.aloud(T.voiceFailed);
    if (this.on) this.#end(T.voiceOff);
    else this.#begin();
  }

  #begin() {
    this.on = true;
    this.recognition = new Recognition();
    Object.assign(this.recognition, { lang: "fa-IR", continuous: true, interimResults: false, maxAlternatives: 3 });
    this.recognition.onresult = (event) => this.#hear(event);
    this.recognition.onerror = ({ error }) => {
      if (error === "no-speech" || error === "aborted") return;
      this.#end(error === "not-allowed" ? T.voiceDenied : T.voiceFailed);
    };
    // Browsers stop listening after a while of silence.
    this.recognition.onend = () => this.on && this.#start();
    this.#start();
    if (this.on) this.playback.setGain("voice", DUCK);
    this.say.aloud(T.voiceOn);
    this.dispatchEvent(new Event("change"));
  }

  #start() {
    try {
      this.recognition.start();
    } catch {
      this.#end(T.voiceFailed);
    }
  }

  #hear(event) {
    for (const result of [...event.results].slice(event.resultIndex)) {
      const heard = [...result].map(({ transcript }) => transcript);
      const action = heard.map(commandIn).find(Boolean);
      this.say.quietly(T.voiceHeard(heard[0].trim()));
      if (!action) continue;
      if (action === "voice") return this.#end(T.voiceOff);
      this.actions[action]();
      this.playback.setGain("voice", DUCK);
    }
  }

  #end(why) {
    this.on = false;
    this.recognition?.abort();
    this.playback.setGain("voice", 1);
    this.say.aloud(why);
    this.dispatchEvent(new Event("change"));
  }
}
