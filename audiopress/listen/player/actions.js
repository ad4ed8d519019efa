// Everything a listener can ask for, by name: buttons, keys, headset and voice all come here.
import { chapterAt, nextStart, previousStart } from "./chapters.js";
import { unheard } from "./queue.js";
import { resumeAt } from "./store.js";
import { T } from "./text.js";

const BACK = 15; // seconds, as most podcast apps have it: a sentence again …
const AHEAD = 30; // … and past an advertisement
const LOUDER = 0.1;

export const makeActions = (app) => {
  const { store, playback, offline, say, home } = app;
  const isCurrent = (episode) => playback.episode?.guid === episode.guid;
  const needsEpisode = (react) => () => (playback.episode ? react() : actions.playAll());

  const goTo = (start) => {
    playback.seek(start);
    const chapter = app.chapters()[chapterAt(app.chapters(), start)];
    if (app.chapters().length > 1) say.quietly(T.chapterIs(chapter.title));
  };
  const setVolume = (by) => () => {
    if (store.settings.muted) playback.setMuted(false);
    playback.setVolume(store.settings.volume + by);
    say.quietly(T.volumeIs(store.settings.volume));
  };
  const step = (direction) => () => {
    playback.stepRate(direction);
    say.aloud(T.speedIs(playback.rate));
  };
  const share = async (episode, time) => {
    const address = `${home}#${episode.slug}${time >= 1 ? `&t=${Math.floor(time)}` : ""}`;
    if (navigator.share && matchMedia("(pointer: coarse)").matches) {
      // A listener who closes the sheet again is no error.
      return navigator.share({ title: episode.title, url: address }).catch(() => {});
    }
    try {
      await navigator.clipboard.writeText(address);
      say.aloud(T.copied);
    } catch {
      app.dialogs.link(address); // pages that came without https may not write to the clipboard
    }
  };

  const actions = {
    play: needsEpisode(() => playback.play()),
    pause: () => playback.pause(),
    toggle: needsEpisode(() => playback.toggle()),
    rewind: () => playback.skip(-BACK),
    forward: () => playback.skip(AHEAD),
    restart: () => playback.seek(0),
    previousChapter: () => goTo(previousStart(app.chapters(), playback.time)),
    nextChapter: () => {
      const start = nextStart(app.chapters(), playback.time);
      if (start === null) actions.nextEpisode();
      else goTo(start);
    },
    nextEpisode: () => app.advance(),
    faster: step(1),
    slower: step(-1),
    louder: setVolume(LOUDER),
    quieter: setVolume(-LOUDER),
    mute: () => {
      playback.setMuted(!store.settings.muted);
      say.quietly(store.settings.muted ? T.muted : T.unmuted);
    },
    speed: () => app.dialogs.speed(),
    sleep: () => app.dialogs.sleepTimer(),
    queue: () => app.dialogs.queue(),
    settings: () => app.dialogs.settings(),
    help: () => app.dialogs.help(),
    voice: () => app.voice.toggle(),
    home: () => (location.hash = ""),
    open: () => playback.episode && (location.hash = playback.episode.slug),
    search: () => {
      location.hash = "";
      app.route();
      app.list.field.focus();
    },
    follow: () => {
      app.page.setFollow(!store.settings.follow);
      say.aloud(store.settings.follow ? T.following : T.notFollowing);
    },
    where: () => {
      const { episode, time, duration } = playback;
      if (!episode) return;
      const chapter = app.chapters()[chapterAt(app.chapters(), time)]?.title;
      const parts = [episode.title, chapter !== episode.title && T.chapterIs(chapter), T.placeOf(time, duration)];
      say.aloud(parts.filter(Boolean).join("؛ "));
    },
    keep: () => {
      const episode = app.page.episode || playback.episode;
      if (episode) actions.toggleKeep(episode);
    },
    share: () => {
      if (playback.episode) share(playback.episode, playback.time);
      else if (app.page.episode) share(app.page.episode, 0);
    },

    // Everything unheard, one after the other.
    playAll: () => {
      const [first, ...others] = unheard(app.episodes, (guid) => store.isPlayed(guid), playback.episode?.guid);
      if (!first) return say.aloud(T.noneUnheard);
      store.setQueue(others.map(({ guid }) => guid));
      actions.playEpisode(first);
    },
    playEpisode: (episode) => {
      if (!isCurrent(episode)) {
        playback.load(episode);
        if (store.queue.includes(episode.guid)) store.setQueue(store.queue.filter((guid) => guid !== episode.guid));
        say.quietly(T.nowPlaying(episode.title));
      }
      return playback.play();
    },
    toggleEpisode: (episode) => (isCurrent(episode) ? playback.toggle() : actions.playEpisode(episode)),
    playFrom: (episode, time) => {
      if (isCurrent(episode)) playback.seek(time);
      else playback.load(episode, time);
      return playback.play();
    },
    // Plays a place that was found or chosen, and shows its text.
    playPlace: (episode, time) => {
      actions.playFrom(episode, time);
      store.set("follow", true);
      location.hash = episode.slug;
    },
    toggleQueue: ({ guid }) => {
      const queued = store.queue.includes(guid);
      store.setQueue(queued ? store.queue.filter((each) => each !== guid) : [...store.queue, guid]);
      say.aloud(queued ? T.unqueued : T.queued);
    },
    toggleHeard: (episode) => {
      const heard = !store.isPlayed(episode.guid);
      const time = isCurrent(episode) ? playback.time : resumeAt(store.position(episode.guid), episode.seconds);
      store.keep(episode.guid, time, heard);
      say.quietly(heard ? T.markedHeard : T.markedUnheard);
    },
    toggleKeep: async (episode) => {
      if (offline.records.has(episode.guid)) {
        await offline.drop(episode.guid);
        return say.aloud(T.dropDone);
      }
      try {
        await offline.keep(episode);
        say.aloud(T.keepDone(episode.title));
      } catch {
        say.aloud(T.keepFailed);
      }
    },
    shareEpisode: (episode) => share(episode, isCurrent(episode) ? playback.time : 0),
  };
  return actions;
};
