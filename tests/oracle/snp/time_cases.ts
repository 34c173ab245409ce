/**
 * Other moments: within all windows, and around the edges of each.
 *
 * @module
 */

import { timesOf } from "../tdx/der.ts";
import { planned, type PlannedCase, type SnpCase } from "./case.ts";
import { certificatesIn } from "./chain_cases.ts";

/** Moments within all windows. */
const WITHIN = 4;

/**
 * A case at other moments.
 *
 * @param base A case that verifies.
 */
export function timeCases(base: SnpCase): readonly PlannedCase[] {
  const windows = Object.entries(certificatesIn(base)).map(([name, der]) => {
    const [from, until] = timesOf(der);
    if (from === undefined || until === undefined) throw new Error(`${name} has no window`);
    return { name, from: from.getTime(), until: until.getTime() };
  });
  const start = Math.max(...windows.map(({ from }) => from));
  const end = Math.min(...windows.map(({ until }) => until));
  const within = Array.from(
    { length: WITHIN },
    (_, i) => start + Math.floor((end - start) * (i + 1) / (WITHIN + 1) / 1000) * 1000,
  );
  const at = (what: string, moment: number): PlannedCase =>
    planned(base, `time/${what}`, () => ({ now: new Date(moment) }));
  return [
    ...within.map((moment, i) => at(`within/${i}`, moment)),
    ...windows.flatMap(({ name, from, until }) =>
      [-1, 0, 1].flatMap((seconds) => [
        at(`${name}/from/${seconds}`, from + seconds * 1000),
        at(`${name}/until/${seconds}`, until + seconds * 1000),
      ])
    ),
  ];
}
