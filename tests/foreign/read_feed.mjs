// Reads a feed with a parser of the npm registry and prints what it found as JSON.
//
//     node read_feed.mjs FOLDER feedsmith|podcast-partytime FEED
//
// FOLDER is where npm has installed the parsers of package.json.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, name, feed] = process.argv.slice(2);
const { resolve: locate } = createRequire(join(resolve(folder), "package.json"));
const parser = await import(pathToFileURL(locate(name)));
const parseFeed = parser.parseFeed ?? parser.default.parseFeed;
process.stdout.write(JSON.stringify(parseFeed(readFileSync(feed, "utf8"))));
