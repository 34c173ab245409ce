/**
 * Product lines.
 *
 * @module
 */

import type { SnpReport } from "./report.ts";
import type { Layout } from "./tcb_layout.ts";

/** What is fixed for a product line. */
export interface Line {
  /** Name in the ARK's subject, `ARK-Milan`. */
  readonly name: string;
  /** Product names that a leaf may carry, alone or with a stepping as in `Milan-B0`. */
  readonly products: readonly string[];
  /** CPUID family. */
  readonly family: number;
  /** CPUID models, each span with both ends. */
  readonly models: readonly (readonly [number, number])[];
  /** Layout of TCB versions. */
  readonly layout: Layout;
  /** Bytes of the hwID in a VCEK. */
  readonly hwidBytes: number;
}

/** Lines that are known (57230 §3, 56860 Table 23). Genoa's signs for Bergamo and Siena, Zen 4c, too. */
export const LINES: readonly Line[] = [
  {
    name: "Milan",
    products: ["Milan"],
    family: 0x19,
    models: [[0x00, 0x0f]],
    layout: "milan",
    hwidBytes: 64,
  },
  {
    name: "Genoa",
    products: ["Genoa", "Bergamo", "Siena"],
    family: 0x19,
    models: [[0x10, 0x1f], [0xa0, 0xaf]],
    layout: "milan",
    hwidBytes: 64,
  },
  {
    name: "Turin",
    products: ["Turin"],
    family: 0x1a,
    models: [[0x00, 0x1f]],
    layout: "turin",
    hwidBytes: 8,
  },
];

/** Names of all lines, for a person. */
export const LINE_NAMES: string = LINES.map(({ name }) => name).join(", ");

/**
 * Finds a line.
 *
 * @param name Its name, as written by AMD.
 */
export function findLine(name: string): Line | undefined {
  return LINES.find((line) => line.name === name);
}

/**
 * Whether a processor is of a line.
 *
 * @param line The line.
 * @param cpuid What the report says of the processor.
 */
export function hasProcessor(line: Line, cpuid: NonNullable<SnpReport["cpuid"]>): boolean {
  const { family, model } = cpuid;
  return family === line.family &&
    line.models.some(([first, last]) => model >= first && model <= last);
}

/**
 * Whether a leaf's product name is of a line.
 *
 * @param line The line.
 * @param name The product name, with its stepping or without.
 */
export function hasProduct(line: Line, name: string): boolean {
  const [product = ""] = name.split("-");
  return line.products.includes(product);
}
