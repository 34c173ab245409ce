/**
 * The `sev-snp` section of a policy: what an appraisal of SEV-SNP evidence demands.
 *
 * Field names in comments are those of AMD publication 56860.
 *
 * @module
 */

import {
  boolean,
  type Decoder,
  hex,
  integer,
  list,
  object,
  oneNumber,
  oneOf,
  optional,
  record,
  text,
} from "../../core/decode.ts";
import {
  admits,
  byName,
  fixes,
  floors,
  ladder,
  orNone,
  pins,
  refuses,
} from "../../core/direction.ts";
import { SNP_PRODUCT_NAMES, type SnpProduct } from "./products.ts";
import type { TcbComponent } from "./report.ts";

/** Lowest accepted security version per component; components that are absent are not compared. */
export type TcbFloor = Readonly<Partial<Record<TcbComponent, number>>>;

/** The four TCBs of a report, each judged on its own. */
export type TcbKind = "reported" | "committed" | "current" | "launch";

/** Guest policy bits that may be demanded beside those with a key of their own. */
export type GuestPolicyBit =
  | "cxlAllowed"
  | "memAes256Xts"
  | "raplDisabled"
  | "ciphertextHidingDram"
  | "pageSwapDisabled";

/** Platform properties that may be demanded. */
export type PlatformBit =
  | "smtEnabled"
  | "tsmeEnabled"
  | "eccEnabled"
  | "raplDisabled"
  | "ciphertextHidingDramEnabled"
  | "aliasCheckComplete"
  | "tioEnabled";

/** What an appraisal demands. Null stands for "not pinned". */
export interface SnpPolicy {
  /** Accepted MEASUREMENT values, hex of 48 bytes. */
  readonly measurements: readonly string[] | null;
  /** Accepted HOST_DATA values, hex of 32 bytes. */
  readonly hostData: readonly string[] | null;
  /** Accepted ID_KEY_DIGEST values, hex of 48 bytes. */
  readonly idKeyDigests: readonly string[] | null;
  /** Accepted AUTHOR_KEY_DIGEST values, hex of 48 bytes; AUTHOR_KEY_EN must be set too. */
  readonly authorKeyDigests: readonly string[] | null;
  /** Lowest GUEST_SVN. */
  readonly minimumGuestSvn: number | null;
  /** POLICY.DEBUG. */
  readonly debug: "forbid" | "allow";
  /** POLICY.MIGRATE_MA. */
  readonly migration: "forbid" | "allow";
  /** POLICY.SMT and PLATFORM_INFO.SMT_EN. */
  readonly smt: "allow" | "forbid";
  /** POLICY.SINGLE_SOCKET. */
  readonly singleSocket: "any" | "require";
  /** Lowest ABI version that the guest policy may name, `major.minor`. */
  readonly minimumAbi: string | null;
  /** Further bits of POLICY. */
  readonly guestPolicy: Readonly<Partial<Record<GuestPolicyBit, boolean>>>;
  /** Accepted VMPL values. */
  readonly vmpl: readonly (0 | 1 | 2 | 3)[];
  /** Floors by product line and TCB. */
  readonly minimumTcb:
    | Readonly<Partial<Record<SnpProduct, Readonly<Partial<Record<TcbKind, TcbFloor>>>>>>
    | null;
  /** PLATFORM_INFO bits. */
  readonly platformInfo: Readonly<Partial<Record<PlatformBit, boolean>>>;
  /** Whether firmware that can still be rolled back is accepted. */
  readonly provisionalFirmware: "forbid" | "allow";
  /** Whether a VCEK report whose chip id the host masked is enough. */
  readonly maskedChipId: "forbid" | "allow";
  /** Whether a revocation list must be there. */
  readonly revocation: "require" | "if-given";
  /** CHIP_ID values, hex of 64 bytes, that alone are accepted. */
  readonly allowChips: readonly string[] | null;
  /** CHIP_ID values, hex of 64 bytes, that are refused. */
  readonly denyChips: readonly string[] | null;
}

/** Most values of one kind; a fleet of 500 machines fits four times. */
const MAX_VALUES = 2048;

const COMPONENTS: readonly TcbComponent[] = ["fmc", "bootloader", "tee", "snp", "microcode"];
const KINDS: readonly TcbKind[] = ["reported", "committed", "current", "launch"];
const GUEST_BITS: readonly GuestPolicyBit[] = [
  "cxlAllowed",
  "memAes256Xts",
  "raplDisabled",
  "ciphertextHidingDram",
  "pageSwapDisabled",
];
const PLATFORM_BITS: readonly PlatformBit[] = [
  "smtEnabled",
  "tsmeEnabled",
  "eccEnabled",
  "raplDisabled",
  "ciphertextHidingDramEnabled",
  "aliasCheckComplete",
  "tioEnabled",
];

const digests = (bytes: number): Decoder<readonly string[]> => list(hex(bytes), MAX_VALUES);
const floor: Decoder<TcbFloor> = record(COMPONENTS, integer(0, 255));

/** `major.minor`, of at most three digits each. */
function weighAbi(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}

/** Reads the section; defaults are the strict ones of the design §3. */
export const snpPolicy: Decoder<SnpPolicy> = object<SnpPolicy>({
  measurements: optional(
    digests(48),
    null,
    "Accepted launch measurements, hex of 48 bytes each",
    pins(),
  ),
  hostData: optional(digests(32), null, "Accepted host data, hex of 32 bytes each", pins()),
  idKeyDigests: optional(
    digests(48),
    null,
    "Accepted digests of the ID key, hex of 48 bytes each",
    pins(),
  ),
  authorKeyDigests: optional(
    digests(48),
    null,
    "Accepted digests of the author key, hex of 48 bytes each",
    pins(),
  ),
  minimumGuestSvn: optional(
    integer(0, 0xffff_ffff),
    null,
    "Lowest security version of the guest",
    floors((version) => version),
  ),
  debug: optional(
    oneOf("forbid", "allow"),
    "forbid",
    "Whether the guest policy may allow debugging",
    ladder({ forbid: null, allow: "whoever controls the host can read and change the memory" }),
  ),
  migration: optional(
    oneOf("forbid", "allow"),
    "forbid",
    "Whether the guest policy may allow a migration agent",
    ladder({
      forbid: null,
      allow:
        "a migration agent of whoever launched the guest can take the memory to another machine",
    }),
  ),
  smt: optional(
    oneOf("allow", "forbid"),
    "allow",
    "Whether simultaneous multithreading may be on or allowed",
    ladder({ forbid: null, allow: null }),
  ),
  singleSocket: optional(
    oneOf("any", "require"),
    "any",
    "Whether the guest must be kept on one socket",
    ladder({ require: null, any: null }),
  ),
  minimumAbi: optional(
    text("[0-9]{1,3}\\.[0-9]{1,3}", "a version as 1.55"),
    null,
    "Lowest firmware ABI that the guest policy may name",
    floors(weighAbi),
  ),
  guestPolicy: optional(
    record(GUEST_BITS, boolean()),
    {},
    "Further bits that the guest policy must have or not have",
    byName(fixes()),
  ),
  vmpl: optional(
    list(oneNumber(0, 1, 2, 3), 4),
    [0],
    "Accepted privilege levels of whoever asked for the report",
    admits<number>(
      [0],
      (level) =>
        `what runs at level ${level} of the guest can ask for a report in the name of all of it`,
    ),
  ),
  minimumTcb: optional(
    record(SNP_PRODUCT_NAMES, record(KINDS, floor)),
    null,
    "Lowest security versions by product line, TCB and component; a line without floors is then refused",
    orNone(byName(byName(byName(floors((version) => version))), "refused")),
  ),
  platformInfo: optional(
    record(PLATFORM_BITS, boolean()),
    {},
    "Properties that the platform must have or not have",
    byName(fixes()),
  ),
  provisionalFirmware: optional(
    oneOf("forbid", "allow"),
    "forbid",
    "Whether firmware that is not committed is accepted",
    ladder({
      forbid: null,
      allow: "the host can go back to older firmware with known holes while the guest runs",
    }),
  ),
  maskedChipId: optional(
    oneOf("forbid", "allow"),
    "forbid",
    "Whether a report whose chip id is masked is enough",
    ladder({
      forbid: null,
      allow:
        "nothing says which chip made the report, so that one broken chip stands for all, and no list of chips helps",
    }),
  ),
  revocation: optional(
    oneOf("require", "if-given"),
    "require",
    "Whether AMD's revocation list must be given",
    ladder({
      require: null,
      "if-given": "certificates that AMD has revoked are accepted from whoever leaves the list out",
    }),
  ),
  allowChips: optional(
    digests(64),
    null,
    "Chip ids that alone are accepted, hex of 64 bytes each",
    pins(),
  ),
  denyChips: optional(
    digests(64),
    null,
    "Chip ids that are refused, hex of 64 bytes each",
    refuses(),
  ),
});
