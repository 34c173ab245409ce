/**
 * Mints the vectors of Google's instances with TDX.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";
import {
  createEndorsementAuthority,
  createIntelAuthority,
  type GcpTdxAuthorities,
  type MintedGcpTdx,
  mintGcpTdx,
  type MintGcpTdxOptions,
} from "../../../src/lab/mod.ts";
import { EXPECTED, joining } from "../azure/question.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { bentEndorsements } from "./endorsement.ts";
import { byName, namesOf, NO_ROOTS, ROOTS, rootsFile, STATEMENT, TDX_FILES } from "./files.ts";

const ID = "gcp-tdx";

/** The variant `gcp-tdx`. */
export const gcpTdxVectors: VectorSource = {
  files: TDX_FILES,
  labRoot: ROOTS,
  statement: STATEMENT,
  mint,
};

/** Evidence with one thing wrong. */
interface Bent extends Pick<MintedCase, "name" | "says" | "code"> {
  /** What is minted otherwise. */
  readonly options: Partial<MintGcpTdxOptions>;
  /** Roles of the files that the bend is in, and `statement`. */
  readonly files: readonly string[];
  /** What its policy demands of the log, where that is something else. */
  readonly demands?: object;
}

const BENT: readonly Bent[] = [
  {
    name: "bent-log-other",
    says: "The log is of another boot",
    code: "logs.replay_mismatch",
    options: { boot: { kernel: "another kernel" } },
    files: ["eventLog"],
  },
  {
    name: "bent-log-from-zero",
    says: "The log numbers its registers from 0",
    code: "logs.replay_mismatch",
    options: {
      bends: {
        logged: (events) =>
          events.map((event) => ({ ...event, register: Math.max(event.register - 1, 1) })),
      },
    },
    files: ["eventLog"],
  },
  {
    name: "bent-table-checksum",
    says: "The checksum of the log's table is wrong",
    code: "gce.ccel_table",
    options: { bends: { table: { checksumOff: 1 } } },
    files: ["ccelTable"],
  },
  {
    name: "bent-table-small",
    says: "The table has no room for the log",
    code: "gce.ccel_table",
    options: { bends: { table: { logBytes: 512 } } },
    files: ["ccelTable"],
  },
  {
    name: "bent-endorsement-other",
    says: "Google endorses another firmware than was launched",
    code: "gce.endorsement_mismatch",
    options: { endorsed: new Uint8Array(48).fill(0xee) },
    files: ["firmwareEndorsement"],
  },
  {
    name: "bent-variant",
    says: "The statement speaks of a trust domain on no cloud",
    code: "statement.variant_mismatch",
    options: { statement: joining("tdx") },
    files: ["quote", "statement"],
  },
  {
    name: "bent-phase",
    says: "RTMR 3 has gone another way than the statement says",
    code: "statement.phase_mismatch",
    options: { bends: { phase: { clusterId: "ee".repeat(32) } } },
    files: ["quote"],
  },
  {
    name: "secure-boot-off",
    says: "Secure Boot is off",
    code: "gce.secure_boot_off",
    options: { boot: { secureBoot: false, kernel: "casemate lab kernel of join" } },
    files: ["quote", "eventLog"],
    demands: { secureBoot: "require" },
  },
];

async function* mint(): AsyncGenerator<MintedCase> {
  yield* mintJoin();
  yield* mintBare();
}

function evidenceOf({ files, statement }: MintedGcpTdx, from: GcpTdxAuthorities): Evidence {
  const { intel, firmware } = from;
  const roots = [
    intel.root.certificate,
    ...(firmware === undefined ? [] : [
      firmware.root.certificate,
    ]),
  ];
  return {
    ...byName(TDX_FILES, files),
    [ROOTS]: rootsFile(...roots),
    ...(statement === null ? {} : { [STATEMENT]: statement }),
  };
}

function policyOf({ tdx: { rtmrs } }: MintedGcpTdx, tee: object, more: object = {}): unknown {
  const pinned = { rtmr1: [toHex(rtmrs[1])], rtmr2: [toHex(rtmrs[2])], ...tee };
  return { version: 1, allowLab: true, [ID]: { tee: pinned, ...more } };
}

/** A node that joins, and what is bent of it. */
async function* mintJoin(): AsyncGenerator<MintedCase> {
  const intel = await createIntelAuthority({ now: TIME });
  const firmware = await createEndorsementAuthority({ now: TIME });
  const from = { intel, firmware };
  const options: MintGcpTdxOptions = {
    now: TIME,
    nonce: NONCE,
    statement: joining(ID),
    boot: { kernel: "casemate lab kernel of join" },
  };
  const minted = await mintGcpTdx(from, options);
  const shared = {
    policy: policyOf(minted, {}, { eventLog: "require" }),
    expected: EXPECTED,
  } as const;
  yield {
    ...shared,
    name: "join",
    says: "A node joins: quote, log and its table, firmware that Google endorses",
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted, from),
    base: null,
    absent: NO_ROOTS,
  };
  const { tdx } = minted;
  for (const { options: other, files, demands, ...one } of BENT) {
    const again = await mintGcpTdx(from, {
      ...options,
      ...other,
      tdx: { keys: tdx.keys, pck: tdx.pck, collateralFrom: tdx },
    });
    yield {
      ...shared,
      ...one,
      ...(demands === undefined ? {} : { policy: policyOf(minted, {}, demands) }),
      verdict: "rejected",
      own: only(evidenceOf(again, from), namesOf(TDX_FILES, files)),
      base: "join",
      absent: NO_ROOTS,
    };
  }
  const endorsed = { sevSnp: null, tdx: minted.firmware?.golden.tdx ?? null };
  for (const one of await bentEndorsements(firmware, endorsed, [intel.root.certificate])) {
    yield { ...shared, ...one, verdict: "rejected", base: "join" };
  }
}

/** A quote alone, with a nonce, under a policy that pins the firmware. */
async function* mintBare(): AsyncGenerator<MintedCase> {
  const from = { intel: await createIntelAuthority({ now: TIME }) };
  const minted = await mintGcpTdx(from, {
    now: TIME,
    nonce: NONCE,
    boot: { kernel: "casemate lab kernel of bare" },
    tdx: { version: 5 },
  });
  yield {
    name: "bare",
    says: "A quote with its collateral alone, whose firmware is pinned",
    policy: policyOf(minted, { mrTd: [toHex(minted.tdx.mrTd)] }),
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted, from),
    base: null,
    absent: [...NO_ROOTS, "firmwareEndorsement", "eventLog", "ccelTable", "statement"],
  };
}
