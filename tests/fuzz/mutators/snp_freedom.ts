/**
 * Judged fields of a report that may have another value all the same: what the
 * specification leaves open, written down apart from the engines.
 *
 * @module
 */

/** Bits of POLICY that a plain policy does not ask for: ABI, SMT, CXL, MEM_AES_256_XTS, RAPL_DIS, CIPHERTEXT_HIDING, PAGE_SWAP_DISABLE, SINGLE_SOCKET (56860 Table 10). */
const FREE_POLICY = 0x3f1_ffffn;

type Rule = (own: Uint8Array, other: Uint8Array) => boolean;

const word = (bytes: Uint8Array, at: number, size = 8): bigint =>
  bytes.subarray(at, at + size).reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);

const onlyBits = (at: number, size: number, bits: bigint): Rule => (own, other) =>
  ((word(own, at, size) ^ word(other, at, size)) & ~bits) === 0n;

/** Whether TCB versions are in order, each without its reserved bytes: launch is at most current, and current is committed (56860 §2.2). */
const tcbsInOrder: Rule = (_, other) => {
  // Milan's and Genoa's layout reserves bytes 2 to 5, Turin's 4 to 6; CPUID says which it is, else the other rules do.
  const turin = other[0x188] === 0x1a;
  const reserved = turin ? [4, 5, 6] : [2, 3, 4, 5];
  const [current, committed, reported, launch] = [0x38, 0x1e0, 0x180, 0x1f0].map((at) =>
    other.subarray(at, at + 8)
  );
  const atMost = (low?: Uint8Array, high?: Uint8Array): boolean =>
    low?.every((version, i) => version <= (high?.[i] ?? 0)) === true;
  const plain = [current, committed, launch].every((tcb) =>
    reserved.every((at) => tcb?.[at] === 0)
  );
  return plain && atMost(committed, current) && atMost(current, committed) &&
    atMost(reported, committed) && atMost(launch, current);
};

/** Firmware that can still be rolled back is refused, so both versions must be the same. */
const sameFirmware: Rule = (_, other) => word(other, 0x1e8, 3) === word(other, 0x1ec, 3);

/** Models as sold, by family and what the minted report has. */
const sameLine: Rule = (own, other) => {
  const lineOf = (bytes: Uint8Array): string => {
    const [family = 0, model = 0] = bytes.subarray(0x188, 0x18a);
    if (family === 0x1a) return model <= 0x1f ? "Turin" : "";
    if (family !== 0x19) return "";
    return model <= 0x0f ? "Milan" : model <= 0x1f || (model >> 4) === 0xa ? "Genoa" : "";
  };
  return lineOf(own) === lineOf(other) && lineOf(own) !== "";
};

/** A later version must not find a field that it would read set where an earlier one keeps it zero. */
const fittingVersion: Rule = (_, other) => {
  const version = word(other, 0, 4);
  if (version < 2n || version > 5n) return false;
  const cpuid = version >= 3n || word(other, 0x188, 3) === 0n;
  return cpuid && (version === 5n || word(other, 0x1f8) + word(other, 0x200) === 0n);
};

/** Rules by field. */
const RULES: Readonly<Record<string, Rule>> = {
  VERSION: fittingVersion,
  POLICY: onlyBits(0x08, 8, FREE_POLICY),
  // Asked for by `platformInfo` of a policy alone.
  PLATFORM_INFO: () => true,
  // AUTHOR_KEY_EN counts where an author key is pinned.
  flags: onlyBits(0x48, 4, 1n),
  // A VLEK is of no chip.
  CHIP_ID: (own) => (word(own, 0x48, 4) >> 2n & 7n) === 1n,
  CPUID: sameLine,
  CURRENT_TCB: tcbsInOrder,
  COMMITTED_TCB: tcbsInOrder,
  LAUNCH_TCB: tcbsInOrder,
  "CURRENT version": sameFirmware,
  "COMMITTED version": sameFirmware,
  LAUNCH_MIT_VECTOR: fittingVersion,
  CURRENT_MIT_VECTOR: fittingVersion,
};

/**
 * Whether a field may differ in this way.
 *
 * @param field Its name.
 * @param own The minted report.
 * @param other The accepted one.
 */
export function freedom(field: string, own: Uint8Array, other: Uint8Array): boolean {
  return RULES[field]?.(own, other) ?? false;
}
