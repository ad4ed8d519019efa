// What there is to hear, learned from the same feed as any podcast app learns it.

const ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd";
const PODCAST = "https://podcastindex.org/namespace/1.0";
const ATOM = "http://www.w3.org/2005/Atom";

const child = (element, name, space = null) =>
  [...element.children].find((each) => each.localName === name && each.namespaceURI === space);
const words = (element, name, space) => child(element, name, space)?.textContent.trim() || "";

// 249, 4:09 and 1:04:09 → seconds
const duration = (text) => text.split(":").reduce((sum, part) => sum * 60 + (Number(part) || 0), 0);

// Reads a page of the feed. Addresses that lie in the show's own folder are taken from `home`, wherever the feed says
// that folder is: a show that is heard on this machine before it is published, or from a copy of it, plays from here.
export const parseFeed = (text, home) => {
  const tree = new DOMParser().parseFromString(text, "application/xml");
  const channel = tree.querySelector("rss > channel");
  if (!channel) throw new Error("no feed");
  const links = Object.fromEntries(
    [...channel.children]
      .filter((each) => each.localName === "link" && each.namespaceURI === ATOM)
      .map((each) => [each.getAttribute("rel"), each.getAttribute("href")]),
  );
  const root = links.self ? new URL(".", links.self).href : "";
  const local = (address) => {
    if (!address) return "";
    const url = new URL(root && address.startsWith(root) ? address.slice(root.length) || "." : address, home);
    return /^https?:$/.test(url.protocol) ? url.href : "";
  };
  const image = local(child(channel, "image", ITUNES)?.getAttribute("href"));
  const episodes = [...channel.children]
    .filter((each) => each.localName === "item")
    .map((item) => episode(item, local, image))
    .filter((each) => each.audio);
  return {
    title: words(channel, "title"),
    image,
    serial: words(channel, "type", ITUNES) === "serial",
    next: local(links.next),
    episodes,
  };
};

const episode = (item, local, cover) => {
  const enclosure = child(item, "enclosure");
  const audio = local(enclosure?.getAttribute("url"));
  const transcript = (kind) => {
    const found = [...item.children].find(
      (each) =>
        each.localName === "transcript" && each.namespaceURI === PODCAST && each.getAttribute("type")?.startsWith(kind),
    );
    return local(found?.getAttribute("url"));
  };
  const slug = audio.split("/").pop().replace(/\.[^.]*$/, "");
  return {
    slug,
    audio,
    guid: words(item, "guid") || audio,
    title: words(item, "title") || slug,
    description: words(item, "description"),
    published: words(item, "pubDate"),
    seconds: duration(words(item, "duration", ITUNES)),
    bytes: Number(enclosure?.getAttribute("length")) || 0,
    updated: words(item, "updated", ATOM),
    image: local(child(item, "image", ITUNES)?.getAttribute("href")) || cover,
    chapters: local(child(item, "chapters", PODCAST)?.getAttribute("url")),
    page: transcript("text/html"),
    captions: transcript("text/vtt"),
  };
};

// Loads the show with every page of its feed, in the order in which it is to be heard.
export const loadShow = async (home) => {
  const seen = new Set();
  const guids = new Set();
  const episodes = [];
  let show = null;
  let address = new URL("feed.xml", home).href;
  while (address && !seen.has(address)) {
    seen.add(address);
    const page = await load(address, home).catch((error) => {
      if (!show) throw error; // older pages may fail: what is there can be heard
      return { episodes: [], next: "" };
    });
    show ||= page;
    for (const each of page.episodes) {
      if (guids.has(each.guid)) continue;
      guids.add(each.guid);
      episodes.push(each);
    }
    address = page.next;
  }
  return { ...show, episodes: show.serial ? episodes.reverse() : episodes };
};

const load = async (address, home) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return parseFeed(await response.text(), home);
};
