// Headset, lock screen, keyboard and car: the system's own buttons, through Media Session.
import { chapterAt } from "./chapters.js";

// What "previous" and "next" do, by the listener's choice.
export const TRACKS = {
  chapter: ["previousChapter", "nextChapter"],
  skip: ["rewind", "forward"],
  episode: ["restart", "nextEpisode"],
};

const KINDS = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg" };

export const connectSession = ({ playback, store, actions, show, chapters, home }) => {
  const session = navigator.mediaSession;
  if (!session) return;
  const on = (name, react) => {
    try {
      session.setActionHandler(name, react);
    } catch {
      // this browser does not know the button
    }
  };
  const track = (place) => () => actions[(TRACKS[store.settings.headset] || TRACKS.chapter)[place]]();
  on("play", () => actions.play());
  on("pause", () => actions.pause());
  on("stop", () => actions.pause());
  on("seekbackward", ({ seekOffset }) => (seekOffset ? playback.skip(-seekOffset) : actions.rewind()));
  on("seekforward", ({ seekOffset }) => (seekOffset ? playback.skip(seekOffset) : actions.forward()));
  on("seekto", ({ seekTime }) => playback.seek(seekTime));
  on("previoustrack", track(0));
  on("nexttrack", track(1));

  let told = "";
  const describe = () => {
    const { episode } = playback;
    if (!episode) return;
    const chapter = chapters()[chapterAt(chapters(), playback.time)]?.title || "";
    if (told === episode.guid + chapter) return;
    told = episode.guid + chapter;
    const cover = episode.image || show.image;
    const artwork = [{ src: new URL("assets/player/icon-512.png", home).href, sizes: "512x512", type: "image/png" }];
    // Covers of a show are made at 3000 pixels, as directories ask.
    if (cover) artwork.unshift({ src: cover, sizes: "3000x3000", type: KINDS[cover.split(".").pop()] || "image/jpeg" });
    const album = chapter === episode.title ? show.title : chapter;
    session.metadata = new MediaMetadata({ title: episode.title, artist: show.title, album, artwork });
  };
  const place = () => {
    describe();
    session.playbackState = playback.paused ? "paused" : "playing";
    const { duration, time, rate } = playback;
    if (!(duration > 0) || !session.setPositionState) return;
    session.setPositionState({ duration, playbackRate: rate, position: Math.min(Math.max(0, time), duration) });
  };
  for (const name of ["episode", "state", "rate", "time"]) playback.addEventListener(name, place);
};
