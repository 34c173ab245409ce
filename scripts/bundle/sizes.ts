/**
 * What entries of the library weigh, held against the table of
 * `docs/library.md`, which is the limit.
 *
 * @module
 */

import { gzipSync } from "node:zlib";

/** Bytes of something. */
export interface Size {
  /** As it is. */
  readonly bytes: number;
  /** After gzip. */
  readonly gzip: number;
}

/** Table of sizes: names of entries, in its order. */
export type Sizes = ReadonlyMap<string, Size>;

/** The table stands between these. */
const TABLE = /(<!-- sizes -->\n)[\s\S]*?(<!-- \/sizes -->)/;

const ROW = /^\| `([^`]+)` +\| +([\d.]+) KB \| +([\d.]+) KB \|$/gm;

/** Heads of its columns. */
const HEAD: readonly string[] = ["Entry", "Minified", "gzip"];

/** How much more than the table says is let pass, and how much less, before the table is not true. */
const MORE = 1.03;
const LESS = 0.85;

/** Below this nothing is told, KB. */
const UNTOLD = 0.3;

/** Size of text or bytes. */
export function sizeOf(content: string | Uint8Array): Size {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

/**
 * Puts sizes into the page.
 *
 * @param page The page.
 * @param sizes What was measured.
 */
export function writeTable(page: string, sizes: Sizes): string {
  const rows = [...sizes].map((
    [name, { bytes, gzip }],
  ) => [`\`${name}\``, told(bytes), told(gzip)]);
  const widths = HEAD.map((head, i) =>
    Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0))
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const aligned = (row: readonly string[]): readonly string[] =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0));
  const rule = widths.map((width, i) => i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`);
  const lines = [line(aligned(HEAD)), line(rule), ...rows.map((row) => line(aligned(row)))];
  return page.replace(TABLE, (_, head, end) => `${head}\n${lines.join("\n")}\n\n${end}`);
}

/**
 * What of the table is not true.
 *
 * @param page The page.
 * @param sizes What was measured.
 * @returns A sentence for each entry.
 */
export function judgeTable(page: string, sizes: Sizes): readonly string[] {
  const table = new Map(
    [...(TABLE.exec(page)?.[0] ?? "").matchAll(ROW)].map((
      [, name = "", ...cells],
    ) => [name, cells.slice(0, 2).map(Number)]),
  );
  const gone = [...table.keys()].filter((name) => !sizes.has(name));
  return [
    ...gone.map((name) => `docs/library.md has sizes of ${name}, which is no entry`),
    ...[...sizes].flatMap(([name, size]) => judgeRow(name, size, table.get(name))),
  ];
}

function judgeRow(
  name: string,
  { bytes, gzip }: Size,
  row: readonly number[] | undefined,
): readonly string[] {
  if (row === undefined) return [`docs/library.md has no size of ${name}`];
  return [bytes, gzip].flatMap((actual, i) => {
    const [kilobytes, limit] = [actual / 1000, row[i] ?? 0];
    if (kilobytes <= limit * MORE + UNTOLD && kilobytes >= limit * LESS - UNTOLD) return [];
    const what = i === 0 ? "minified" : "after gzip";
    return [`${name} weighs ${told(actual)} ${what}, docs/library.md says ${limit} KB`];
  });
}

function told(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
