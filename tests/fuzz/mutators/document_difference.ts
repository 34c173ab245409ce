/**
 * In what a signed document differs from the minted one, and whether evidence
 * that was up to date still is (Intel PCS API v4, "Get TDX TCB Info", "Get QE
 * Identity"): written down apart from the engines.
 *
 * @module
 */

import { NOW } from "../../lab_authority.ts";

/** Whether a member may say something else, by what it said and says. */
type Rule = (own: unknown, other: unknown) => boolean;

const moment = (value: unknown): number => typeof value === "string" ? Date.parse(value) : NaN;
const anything: Rule = () => true;
const number = (value: unknown, absent: number): number =>
  typeof value === "number" ? value : absent;

/** What the first level asks for is what the lab's platforms have; less is reached, too. */
const notMore: Rule = (own, other) => number(other, Infinity) <= number(own, -1);

/** Hex digits may be of either case. */
const sameHex: Rule = (own, other) =>
  typeof own === "string" && /^[0-9A-Fa-f]+$/.test(own) && typeof other === "string" &&
  own.toLowerCase() === other.toLowerCase();

/** What the mask leaves of what the lab's enclaves have, which is zero but for the attributes. */
const zeroAnyway: Rule = (_, other) => typeof other === "string" && /^[0-9A-Fa-f]+$/.test(other);

/** INIT, PROVISION_KEY and not DEBUG are looked at as before; the rest may be open, as MODE64BIT is. */
const attributesMask: Rule = (_, other) => {
  const mask = typeof other === "string" ? other : "";
  const [flags = 0, ...rest] = (mask.match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16));
  // The lab's enclaves have 0x15 there and 0xe7 in XFRM, of which 0x11 is expected.
  return (flags & 0x15) === 0x11 && ((rest[7] ?? 0) & 0xe7) === 0 && mask.length === 32;
};

/** Members by their path; the first that fits decides. */
const FREE: readonly (readonly [path: RegExp, rule: Rule])[] = [
  [/^issueDate$/, (_, value) => moment(value) <= NOW.getTime()],
  [/^nextUpdate$/, (_, value) => moment(value) >= NOW.getTime()],
  [/(^|\.)tcbDate$/, anything],
  [/(^|\.)advisoryIDs(\.\d+)?$/, anything],
  [/(^|\.)(category|type)$/, anything],
  [/^miscselectMask$/, zeroAnyway],
  [/^attributesMask$/, attributesMask],
  [/^tcbLevels\.0\..*svn$/, notMore],
  // The first level is reached, or the status differs.
  [/^tcbLevels\.[1-9]\d*(\.|$)/, anything],
  // The lab's modules are of version 1; the identities of others, and that of version 0, say nothing.
  [/^tdxModule\./, anything],
  [/^tdxModuleIdentities\.TDX_01\.tcbLevels\.0\.tcb\.isvsvn$/, notMore],
  [/^tdxModuleIdentities\.TDX_01\.tcbLevels\.[1-9]\d*(\.|$)/, anything],
  [/^tdxModuleIdentities\.TDX_01\.attributesMask$/, zeroAnyway],
  [/^tdxModuleIdentities\.(?!TDX_01\.)/, anything],
  [/./, sameHex],
];

/**
 * What must not have been accepted; null where there is nothing.
 *
 * @param own Text of the minted document.
 * @param other Text that was accepted.
 * @param enclave Whether it was about an enclave, whose TCB status is told, and the caller's to judge.
 */
export function documentDifference(own: string, other: string, enclave: boolean): string | null {
  const [plain, changed] = [own, other].map((text) => leavesOf(byId(JSON.parse(text))));
  if (plain === undefined || changed === undefined) throw new TypeError("Two texts give two");
  const paths = [...new Set([...plain.keys(), ...changed.keys()])];
  const bound = paths.filter((path) => {
    const [was, is] = [plain.get(path), changed.get(path)];
    if (was === is || enclave && path.startsWith("tcbLevels")) return false;
    const rule = FREE.find(([pattern]) => pattern.test(path))?.[1];
    return rule?.(valueOf(was), valueOf(is)) !== true;
  });
  return bound.length === 0 ? null : `${bound.slice(0, 5).join(", ")} differ`;
}

/** Identities of modules by their id, since their order says nothing. */
function byId(document: unknown): unknown {
  const { tdxModuleIdentities: identities, ...rest } = Object(document);
  if (!Array.isArray(identities)) return document;
  const named = identities.map((one: unknown) => [String(Object(one).id), one] as const);
  return { ...rest, tdxModuleIdentities: Object.fromEntries(named) };
}

function valueOf(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

/** Values without parts, and empty ones, as JSON, by path. */
function leavesOf(value: unknown, at = ""): ReadonlyMap<string, string> {
  const isPart = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (!isPart) return new Map([[at, JSON.stringify(value)]]);
  const members = Object.entries(value).flatMap(([key, one]) => [
    ...leavesOf(one, at === "" ? key : `${at}.${key}`),
  ]);
  return new Map(members);
}
