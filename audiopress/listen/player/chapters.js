// The chapters of an episode, and where "previous" and "next" lead.

const AGAIN = 3; // seconds into a chapter after which "previous" means its own beginning, as on every player

// Loads an episode's chapters, [{ start, title }] in seconds; one without any is its own only chapter.
export const loadChapters = async (episode) => {
  const whole = [{ start: 0, title: episode.title }];
  if (!episode.chapters) return whole;
  try {
    const response = await fetch(episode.chapters);
    const { chapters } = await response.json();
    const marks = chapters
      .filter((each) => Number.isFinite(each.startTime) && each.title)
      .map((each) => ({ start: each.startTime, title: String(each.title) }))
      .sort((one, other) => one.start - other.start);
    return response.ok && marks.length ? marks : whole;
  } catch {
    return whole;
  }
};

// The chapter at a time: the last one that has begun, or the first. A seek may land a hair before its chapter.
export const chapterAt = (chapters, time) =>
  Math.max(0, chapters.findLastIndex((chapter) => chapter.start <= time + 0.05));

// Where "previous chapter" leads.
export const previousStart = (chapters, time) => {
  const index = chapterAt(chapters, time);
  const start = chapters[index]?.start ?? 0;
  return time - start > AGAIN || !index ? start : chapters[index - 1].start;
};

// Where "next chapter" leads, null after the last.
export const nextStart = (chapters, time) => chapters[chapterAt(chapters, time) + 1]?.start ?? null;
