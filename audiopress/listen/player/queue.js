// What is heard next.

// Everything unheard in the show's order, the one that is half heard or playing first.
export const unheard = (episodes, isPlayed, current) => {
  const left = episodes.filter(({ guid }) => !isPlayed(guid));
  const first = left.find(({ guid }) => guid === current);
  return first ? [first, ...left.filter((each) => each !== first)] : left;
};

// The episode after this one: the queue's first that still exists, else the next unheard one in the list.
export const following = (queue, episodes, isPlayed, current, auto) => {
  const queued = queue.find((guid) => guid !== current && episodes.some((each) => each.guid === guid));
  if (queued) return episodes.find(({ guid }) => guid === queued);
  const place = episodes.findIndex(({ guid }) => guid === current);
  return (auto && episodes.slice(place + 1).find(({ guid }) => !isPlayed(guid))) || null;
};

// A list with one of its members moved by so many places.
export const moved = (list, index, by) => {
  const target = Math.min(list.length - 1, Math.max(0, index + by));
  const others = list.toSpliced(index, 1);
  return others.toSpliced(target, 0, list[index]);
};
