/**
 * Judged fields of a quote that may have another value all the same: what the
 * specifications leave open, written down apart from the engines.
 *
 * @module
 */

type Rule = (own: Uint8Array, other: Uint8Array) => boolean;

const number = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);

const onlyBits = (bits: bigint): Rule => (own, other) =>
  ((number(own) ^ number(other)) & ~bits) === 0n;

/** ICSSD, LASS, SEPT_VE_DISABLE, PKS, KL, TPA and PERFMON, which a plain policy does not ask for. */
const FREE_ATTRIBUTES = [16n, 27n, 28n, 30n, 31n, 62n, 63n].reduce(
  (all, bit) => all | 1n << bit,
  0n,
);

/** x87 and SSE are always there; beyond the others no module of today lets a bit be set. */
const features: Rule = (_, other) => {
  const xfam = number(other);
  return (xfam & 3n) === 3n && (xfam & ~0x6dbe7n) === 0n;
};

/** A newer platform is no worse; the second number is the module's version, of which only those above 0 have levels of their own. */
const notOlder: Rule = (own, other) =>
  [own[1], 0].includes(other[1]) && other.every((svn, i) => i === 1 || svn >= (own[i] ?? 0));

const anything: Rule = () => true;

/** Rules by field. */
const RULES: Readonly<Record<string, Rule>> = {
  // Reserved since version 4, filled on by older quoting enclaves, read by nobody.
  "header SVNs": anything,
  TEE_TCB_SVN: notOlder,
  // Of the module that runs now: looked at where another one launched the TD.
  TEE_TCB_SVN_2: anything,
  TDATTRIBUTES: onlyBits(FREE_ATTRIBUTES),
  XFAM: features,
  // Signatures are asked of WebCrypto as a whole: S may be the order less S.
  "signature": anything,
  "QE signature": anything,
  "QE CPUSVN": anything,
  "QE ISVEXTPRODID": anything,
  "QE MRENCLAVE": anything,
  "QE CONFIGID": anything,
  "QE CONFIGSVN": anything,
  "QE ISVFAMILYID": anything,
  // The identity's masks leave MODE64BIT and XFRM open.
  "QE ATTRIBUTES": onlyBits(4n | 0xffff_ffff_ffff_ffffn << 64n),
  "QE ISVSVN": (own, other) => number(other) >= number(own),
};

/**
 * Whether a field may differ in this way.
 *
 * @param field Its name.
 * @param own In the minted quote.
 * @param other In the accepted one.
 */
export function quoteFreedom(field: string, own: Uint8Array, other: Uint8Array): boolean {
  return RULES[field]?.(own, other) ?? false;
}
