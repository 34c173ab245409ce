/**
 * The page of notices.
 *
 * @module
 */

import type { Component } from "./component.ts";

const HEAD = `Third-party notices

Casemate is under the Apache License 2.0 (LICENSE). Its npm package, command line, web page and
Worker contain the works of others below, each under its own terms. Where one offers a choice that
has the MIT License, that is taken; where none of its texts is given here, the Apache License 2.0.

The compiled command line also carries the runtime it runs on, Deno: copyright 2018 and later, the
Deno authors, under the MIT License, whose text is below. What Deno carries itself, as V8, is named
by its own project.
`;

const RULE = "-".repeat(80);

/**
 * Renders the page: all works in a list, then each text once, with the works that it is of.
 *
 * @param parts Titles, each with works.
 */
export function renderNotices(parts: readonly (readonly [string, readonly Component[]])[]): string {
  const lists = parts.map(([title, works]) =>
    `${title}\n\n${works.map((work) => `  ${named(work)}: ${work.license}\n`).join("")}`
  );
  const texts = new Map<string, string[]>();
  for (const work of parts.flatMap(([, works]) => works)) {
    for (const text of work.texts) texts.set(text, [...texts.get(text) ?? [], named(work)]);
  }
  const sections = [...texts].map(([text, works]) =>
    `${RULE}\n${works.join("\n")}\n${RULE}\n\n${text}\n`
  );
  return [HEAD, ...lists, ...sections].join("\n");
}

function named({ name, version }: Component): string {
  return `${name} ${version}`;
}
