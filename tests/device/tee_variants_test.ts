import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import type { ReportDevice } from "../../src/core/node_ports.ts";
import type { FilesByRole } from "../../src/evidence/files_by_role.ts";
import { configfsTsm } from "../../src/hosts/devices/configfs_tsm.ts";
import {
  LAB_STATEMENT,
  type MintedTdx,
  mintGcpTdx,
  mintTdx,
  pem,
  phaseEvents,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { assertCollects, assertUnavailable, collect } from "./asking.ts";
import { BARE, labSnpDevice, RANDOM, TIMER } from "./machines.ts";
import { tsmModel } from "./tsm_model.ts";

const amd = await labAuthority();
const intel = await intelAuthority();

/** Names the authority's root for a verifier. */
const AMD_ROOT = pem("CERTIFICATE", amd.ARK.certificate);

Deno.test("sev-snp: what a node collects is what its verifier takes", async () => {
  const tee = labSnpDevice(amd);
  await tee.report(new Uint8Array(64));
  await assertCollects({ ...BARE, tee }, {
    variant: "sev-snp",
    section: { measurements: [toHex(tee.measurement())] },
    roots: AMD_ROOT,
  });
});

Deno.test("sev-snp: a quote of TDX is no report of it", async () => {
  const tee = labSnpDevice(amd, (given) => ({ ...given, provider: "tdx_guest" }));
  const collected = collect({ ...BARE, tee }, { variant: "sev-snp" });
  await assertUnavailable(collected, "device.answer");
});

/** A TD of the lab behind configfs-tsm. */
function labTd(quoteOf: (reportData: Uint8Array) => Promise<Uint8Array>): ReportDevice {
  const { files } = tsmModel({
    provider: "tdx_guest",
    make: async (reportData) => ({ report: await quoteOf(reportData) }),
  });
  return configfsTsm({ files, timer: TIMER, random: RANDOM });
}

function collateralOf(minted: MintedTdx): FilesByRole {
  const text = (file: string): Uint8Array => new TextEncoder().encode(file);
  const { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl } = minted;
  return {
    tcbInfo: text(tcbInfo),
    qeIdentity: text(qeIdentity),
    tcbChain: text(tcbChain),
    pckCrl: text(pckCrl),
    rootCrl: text(rootCrl),
  };
}

Deno.test("tdx: a quote through configfs-tsm is what its verifier takes", async () => {
  const sample = await mintTdx(intel, { now: NOW });
  const tee = labTd(async (reportData) =>
    (await mintTdx(intel, { now: NOW, reportData, collateralFrom: sample })).quote
  );
  const { mrTd, rtmrs: [, rtmr1, rtmr2], root } = sample;
  await assertCollects({ ...BARE, tee, papers: collateralOf(sample) }, {
    variant: "tdx",
    section: { mrTd: [toHex(mrTd)], rtmr1: [toHex(rtmr1)], rtmr2: [toHex(rtmr2)] },
    roots: root,
  });
});

Deno.test("tdx: a quote that answers another question is not passed on", async () => {
  const { quote } = await mintTdx(intel, { now: NOW });
  const collected = collect({ ...BARE, tee: labTd(() => Promise.resolve(quote)) }, {
    variant: "tdx",
  });
  await assertUnavailable(collected, "device.other_question");
});

Deno.test("tdx: a TD report is told to be no quote", async () => {
  const tee: ReportDevice = {
    report: () =>
      Promise.resolve({
        ...{ provider: "tdx_guest", report: new Uint8Array(1024), isQuote: false },
        ...{ certificates: null, lists: [] },
      }),
  };
  await assertUnavailable(
    collect({ ...BARE, tee }, { variant: "tdx" }),
    "device.quote_unavailable",
  );
});

Deno.test("gcp-tdx: quote and event log are what the verifier takes, RTMR 3 among them", async () => {
  const phase = phaseEvents(LAB_STATEMENT).map((event) => ({ ...event, register: 4 }));
  const mint = (nonce: Uint8Array) =>
    mintGcpTdx({ intel }, {
      now: NOW,
      nonce,
      bends: {
        events: (events) => [...events, ...phase],
        logged: (events) => events.filter(({ register }) => register !== 4),
      },
    });
  const { tdx, files } = await mint(new Uint8Array(64));
  const folder = await Deno.makeTempDir();
  try {
    const td = `${folder}/CCEL`;
    const { eventLog } = files;
    assert.ok(eventLog instanceof Uint8Array);
    await Deno.writeFile(td, eventLog);
    const tee = labTd(async (reportData) => (await mint(reportData)).tdx.quote);
    const { mrTd, rtmrs: [, rtmr1, rtmr2], root } = tdx;
    const section = {
      tee: { mrTd: [toHex(mrTd)], rtmr1: [toHex(rtmr1)], rtmr2: [toHex(rtmr2)] },
    };
    const devices = { ...BARE, tee, eventLogs: { tpm: null, td }, papers: collateralOf(tdx) };
    const result = await assertCollects(devices, { variant: "gcp-tdx", section, roots: root });
    const measured = result.findings.find(({ id }) => id === "phase.measured");
    assert.equal(measured?.kind, "match");
    const replayed = result.findings.filter(({ id }) => id.startsWith("logs."));
    assert.ok(replayed.some(({ kind }) => kind === "match"), JSON.stringify(replayed));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
