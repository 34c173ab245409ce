/**
 * Other moments: within all windows, and around the edges of each.
 *
 * @module
 */

import { changed, type TdxCase } from "./case.ts";
import { certificatesOf, timesOf } from "./der.ts";
import { takeApart } from "./quote.ts";

/** Moments within all windows. */
const WITHIN = 6;

/**
 * A case at other moments.
 *
 * @param base A case that verifies.
 */
export function timeCases(base: TdxCase): readonly TdxCase[] {
  const windows = windowsOf(base);
  const edges = Object.entries(windows).flatMap(([what, [from, until]]) =>
    [
      [`${what}/from`, from],
      [`${what}/until`, until],
    ] as const
  );
  const start = Math.max(...Object.values(windows).map(([from]) => from));
  const end = Math.min(...Object.values(windows).map(([, until]) => until));
  const within = Array.from({ length: WITHIN }, (_, i) =>
    [
      `within/${i}`,
      start + Math.floor((end - start) * (i + 1) / (WITHIN + 1) / 1000) * 1000,
    ] as const);
  return [
    ...within.map(([what, at]) => changed(base, `time/${what}`, {}, new Date(at))),
    ...edges.flatMap(([what, at]) =>
      [-1, 0, 1].map((seconds) =>
        changed(base, `time/${what}/${seconds}`, {}, new Date(at + seconds * 1000))
      )
    ),
  ];
}

type Window = readonly [from: number, until: number];

function windowsOf({ input }: TdxCase): Readonly<Record<string, Window>> {
  const { quote, tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl } = input;
  const [pck, ca, root] = certificatesOf(takeApart(quote).certification);
  const [tcbSigning] = certificatesOf(tcbChain);
  const signed = { pck, ca, root, tcbSigning, pckCrl, rootCrl };
  return {
    ...Object.fromEntries(
      Object.entries(signed).map(([what, der]) => [what, windowOf(timesOf(der ?? quote))]),
    ),
    tcbInfo: documentWindow(tcbInfo),
    qeIdentity: documentWindow(qeIdentity),
  };
}

function windowOf([from, until]: readonly Date[]): Window {
  if (from === undefined || until === undefined) throw new Error("a window has no end");
  return [from.getTime(), until.getTime()];
}

function documentWindow(file: Uint8Array): Window {
  const { tcbInfo, enclaveIdentity } = JSON.parse(new TextDecoder().decode(file));
  const { issueDate, nextUpdate } = tcbInfo ?? enclaveIdentity;
  return windowOf([new Date(issueDate), new Date(nextUpdate)]);
}
