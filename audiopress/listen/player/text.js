// Everything the player says, and how it writes numbers, times and days.

const DIGITS = "۰۱۲۳۴۵۶۷۸۹";

// 1.5 → ۱٫۵
export const digits = (value) => String(value).replace(/\d/g, (digit) => DIGITS[digit]).replace(".", "٫");

// 249.4 → ۴:۰۹, as the pages of a show write it.
export const clock = (seconds) => {
  const whole = Math.max(0, Math.round(seconds || 0));
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return digits(parts.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":"));
};

// 61 → ۱ دقیقه و ۱ ثانیه, for what is read aloud.
export const spoken = (seconds) => {
  const whole = Math.max(0, Math.round(seconds || 0));
  const parts = [
    [Math.floor(whole / 3600), "ساعت"],
    [Math.floor(whole / 60) % 60, "دقیقه"],
    [whole % 60, "ثانیه"],
  ];
  const said = parts.filter(([count]) => count).map(([count, unit]) => `${digits(count)} ${unit}`);
  return said.join(" و ") || "صفر ثانیه";
};

// 3157706 → ۳٫۲ مگابایت
export const size = (bytes) => {
  const [unit, name] = bytes >= 1e9 ? [1e9, "گیگابایت"] : bytes >= 1e6 ? [1e6, "مگابایت"] : [1e3, "کیلوبایت"];
  const count = bytes / unit;
  return `${digits(count < 10 ? Math.round(count * 10) / 10 : Math.round(count))} ${name}`;
};

const DAY = new Intl.DateTimeFormat("fa-IR-u-ca-persian", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

// Wed, 25 Nov 2026 23:00:00 +0330 → ۴ آذر ۱۴۰۵: the day where it was published, wherever the listener is.
export const day = (written) => {
  const [, sign, hours, minutes] = /([+-])(\d\d)(\d\d)\s*$/.exec(written) || [null, "+", 0, 0];
  const shift = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60000;
  const moment = new Date(Date.parse(written) + shift);
  if (Number.isNaN(moment.getTime())) return "";
  const parts = Object.fromEntries(DAY.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${parts.day} ${parts.month} ${parts.year}`;
};

const quoted = (title) => `«${title}»`;

export const T = {
  player: "پخش‌کننده",
  tools: "ابزارها",
  episodes: "قسمت‌ها",
  all: "همه",
  unheard: "نشنیده",
  kept: "نگه‌داشته",
  filter: "کدام قسمت‌ها",
  back: "همهٔ قسمت‌ها",
  more: (count) => `نمایش ${digits(count)} قسمت دیگر`,
  none: "هنوز قسمتی منتشر نشده است.",
  noneUnheard: "همهٔ قسمت‌ها را شنیده‌اید.",
  noneKept: "هنوز قسمتی را برای شنیدن بی‌اینترنت نگه نداشته‌اید.",
  keptTotal: (count, bytes) => `${digits(count)} قسمت، ${size(bytes)}`,
  fresh: "تازه",
  heard: "شنیده‌شده",
  left: (seconds) => `${clock(seconds)} مانده`,
  playAll: "پخش نشنیده‌ها",
  playEpisode: (title) => `پخش ${quoted(title)}`,
  pauseEpisode: (title) => `مکث ${quoted(title)}`,
  play: "پخش",
  pause: "مکث",
  rewind: "۱۵ ثانیه عقب",
  forward: "۳۰ ثانیه جلو",
  previousChapter: "فصل قبل",
  nextChapter: "فصل بعد",
  chapters: "فصل‌ها",
  noText: "این قسمت متن ندارد.",
  place: "جای پخش",
  placeOf: (time, whole) => `${spoken(time)} از ${spoken(whole)}`,
  remaining: (seconds) => `−${clock(seconds)}`,
  waiting: "در حال بار شدن…",
  speed: "سرعت",
  times: (rate) => `${digits(rate)}×`,
  speedIs: (rate) => `سرعت ${digits(rate)}`,
  volume: "صدا",
  volumeIs: (part) => `صدا ${digits(Math.round(part * 100))} درصد`,
  mute: "بی‌صدا",
  muted: "صدا بسته شد",
  unmuted: "صدا باز شد",
  sleep: "زمان‌سنج خواب",
  sleepMinutes: (minutes) => `${digits(minutes)} دقیقه`,
  sleepChapter: "تا پایان این فصل",
  sleepEpisode: "تا پایان این قسمت",
  sleepOff: "خاموش",
  sleepSet: (what) => `زمان‌سنج خواب: ${what}`,
  sleepCleared: "زمان‌سنج خواب خاموش شد",
  asleep: "زمان‌سنج خواب پخش را نگه داشت. شب خوش.",
  sleepLeft: (seconds) => `${spoken(seconds)} تا خواب`,
  queue: "صف پخش",
  inQueue: "در صف",
  queueAdd: "به صف",
  queueOf: (title) => `افزودن ${quoted(title)} به صف`,
  unqueueOf: (title) => `برداشتن ${quoted(title)} از صف`,
  queued: "به صف افزوده شد",
  unqueued: "از صف برداشته شد",
  queueEmpty: "صف خالی است. از فهرست، قسمتی به آن بیفزایید.",
  queueClear: "خالی کردن صف",
  up: (title) => `بالا بردن ${quoted(title)}`,
  down: (title) => `پایین بردن ${quoted(title)}`,
  moved: (place) => `جای ${digits(place)} در صف`,
  keep: "نگه‌داشتن",
  keepOf: (title) => `نگه‌داشتن ${quoted(title)} برای شنیدن بی‌اینترنت`,
  dropOf: (title) => `برداشتن ${quoted(title)} از نگه‌داشته‌ها`,
  keeping: (part) => `${digits(Math.round(part * 100))}٪`,
  keepDone: (title) => `${quoted(title)} نگه داشته شد و بی‌اینترنت هم پخش می‌شود`,
  dropDone: "از نگه‌داشته‌ها برداشته شد",
  keepFailed: "این قسمت نگه داشته نشد؛ اینترنت و جای خالی دستگاه را ببینید و دوباره بکوشید.",
  dropAll: "برداشتن همهٔ نگه‌داشته‌ها",
  share: "هم‌رسانی",
  shareAt: (seconds) => `هم‌رسانی از ${clock(seconds)}`,
  copied: "پیوند کپی شد",
  copyThis: "این پیوند را کپی کنید:",
  markHeard: "شنیده‌ام",
  markUnheard: "نشنیده‌ام",
  markedHeard: "شنیده‌شده",
  markedUnheard: "نشنیده",
  follow: "همراه متن",
  following: "متن همراه صدا می‌آید",
  notFollowing: "متن دیگر همراه صدا نمی‌آید",
  search: "جست‌وجو در عنوان‌ها و متن‌ها",
  searching: (done, whole) => `${digits(done)} متن از ${digits(whole)} دیده شد…`,
  found: (count) => (count ? `${digits(count)} جا پیدا شد` : "چیزی پیدا نشد"),
  inTexts: "در متن‌ها",
  noTitles: "هیچ عنوانی این را ندارد.",
  settings: "تنظیم‌ها",
  headset: "دکمه‌های قبلی و بعدیِ هدست، خودرو و صفحهٔ قفل",
  headsetChapter: "فصل قبل و بعد",
  headsetSkip: "۱۵ ثانیه عقب، ۳۰ ثانیه جلو",
  headsetEpisode: "آغاز قسمت، قسمت بعد",
  autoNext: "پس از پایان هر قسمت، نشنیدهٔ بعدی پخش شود",
  letters: "میان‌برهای یک‌حرفی صفحه‌کلید کار کنند",
  install: "نصب برنامه",
  close: "بستن",
  help: "میان‌برهای صفحه‌کلید",
  voice: "فرمان صوتی",
  voiceOn: "بگویید: پخش، مکث، بعدی، عقب، جلو، تندتر، کندتر، بس است",
  voiceOff: "فرمان صوتی خاموش شد",
  voiceHeard: (words) => `شنیدم: ${words}`,
  voiceDenied: "برای فرمان صوتی، در تنظیم‌های مرورگر به میکروفن اجازه دهید.",
  voiceFailed: "فرمان صوتی اینجا کار نمی‌کند؛ از دکمه‌ها یا صفحه‌کلید بهره ببرید.",
  tap: "برای شنیدن، اینجا بزنید",
  nowPlaying: (title) => `پخش ${quoted(title)}`,
  chapterIs: (title) => `فصل ${quoted(title)}`,
  finished: "پایان. قسمت نشنیده‌ای نمانده است.",
  ended: "پایان قسمت",
  retry: "دوباره",
  offline: "اینترنت قطع است یا سرور پاسخ نمی‌دهد؛ کمی بعد دوباره بکوشید.",
  missing: "پروندهٔ صدای این قسمت پیدا نشد؛ شاید برداشته شده باشد.",
  broken: "صدای این قسمت پخش نشد؛ دوباره بکوشید.",
  noFeed: "فهرست قسمت‌ها بار نشد؛ اینترنت را ببینید و دوباره بکوشید.",
  unknown: "این قسمت در این پادکست نیست؛ شاید برداشته شده باشد.",
};
