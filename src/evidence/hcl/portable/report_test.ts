import assert from "node:assert/strict";
import { toHex } from "../../../core/bytes.ts";
import { agreeingEngine } from "../../../../tests/portable/strict.ts";
import { refused } from "../../../../tests/refused.ts";
import { readHclReport, readHclRuntime } from "../mod.ts";
import { operations } from "./mod.ts";
import { type ReportParts, snpBytes, tdBytes, writeReport, writeRuntime } from "./written_test.ts";

const engine = agreeingEngine(operations);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("readHclReport reads a report of SEV-SNP", async () => {
  const report = await readHclReport(engine, writeReport());
  const { runtime, ...header } = report;

  assert.deepEqual(header, {
    version: 2,
    reportType: "snp",
    hardwareReport: toHex(snpBytes()),
    tdReport: null,
    reportData: toHex(snpBytes().subarray(0x50, 0x90)),
  });
  assert.deepEqual(runtime, await readHclRuntime(engine, "sha256", utf8(writeRuntime())));
});

Deno.test("readHclReport reads a report of TDX field by field", async () => {
  const td = tdBytes();
  const report = await readHclReport(engine, writeReport({ reportType: 4, hardware: td }));
  const at = (start: number, bytes: number): string => toHex(td.subarray(start, start + bytes));

  assert.equal(report.reportType, "tdx");
  assert.equal(report.hardwareReport, at(0, 1024));
  assert.equal(report.reportData, at(128, 64));
  // REPORTMACSTRUCT has 256 bytes, TEE_TCB_INFO 239, 17 are reserved, TDINFO begins at 512.
  assert.deepEqual(report.tdReport, {
    cpuSvn: at(16, 16),
    reportData: at(128, 64),
    teeTcbSvn: at(256 + 8, 16),
    mrSeam: at(256 + 24, 48),
    mrSignerSeam: at(256 + 72, 48),
    seamAttributes: at(256 + 120, 8),
    teeTcbSvn2: at(256 + 128, 16),
    tdAttributes: at(512, 8),
    xfam: at(512 + 8, 8),
    mrTd: at(512 + 16, 48),
    mrConfigId: at(512 + 64, 48),
    mrOwner: at(512 + 112, 48),
    mrOwnerConfig: at(512 + 160, 48),
    rtmrs: [at(512 + 208, 48), at(512 + 256, 48), at(512 + 304, 48), at(512 + 352, 48)],
    mrServiceTd: at(512 + 400, 48),
  });
});

Deno.test("readHclReport takes both versions, each hash, and no bytes behind", async () => {
  for (const version of [1, 2]) {
    assert.equal((await readHclReport(engine, writeReport({ version }))).version, version);
  }
  for (const [i, hash] of (["sha256", "sha384", "sha512"] as const).entries()) {
    const { runtime } = await readHclReport(engine, writeReport({ hashType: i + 1 }));
    assert.deepEqual(runtime, await readHclRuntime(engine, hash, utf8(writeRuntime())));
  }
  await readHclReport(engine, writeReport({ rest: new Uint8Array() }));
});

const size = writeRuntime().length;
const ones = (length: number, at: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes[at] = 1;
  return bytes;
};
const tdWith = (at: number, byte: number): Uint8Array => {
  const bytes = tdBytes();
  bytes[at] = byte;
  return bytes;
};

const REFUSED: readonly (readonly [string, string, Partial<ReportParts>])[] = [
  ["another magic", "hcl.magic", { magic: "HCLB" }],
  ["version 0", "hcl.version", { version: 0 }],
  ["version 3", "hcl.version", { version: 3 }],
  ["a version in another order of bytes", "hcl.version", { version: 0x0200_0000 }],
  ["a request for something else", "hcl.request_type", { requestType: 1 }],
  ["a status", "hcl.reserved", { status: ones(16, 0) }],
  ["a byte behind the status", "hcl.reserved", { status: ones(16, 15) }],
  ["runtime data of version 2", "hcl.version", { headVersion: 2 }],
  ["a report of VBS", "hcl.report_type", { reportType: 1 }],
  ["a report of no TEE", "hcl.report_type", { reportType: 3 }],
  ["no hash", "hcl.hash_type", { hashType: 0 }],
  ["an unknown hash", "hcl.hash_type", { hashType: 4 }],
  ["runtime data that are said longer", "hcl.length", { variableSize: size + 1 }],
  ["data that are said longer", "hcl.length", { dataSize: size + 21 }],
  ["a report that is said longer", "hcl.length", { reportSize: size + 1237 }],
  ["a report that is said shorter", "hcl.length", { reportSize: size + 1235 }],
  ["sizes beyond 32 bits", "hcl.length", { dataSize: 19, variableSize: 0xffff_ffff }],
  ["sizes beyond the end", "hcl.length", {
    ...{ variableSize: size + 11, dataSize: size + 31, reportSize: size + 1247 },
  }],
  ["sizes before the end", "hcl.reserved", {
    ...{ variableSize: size - 1, dataSize: size + 19, reportSize: size + 1235 },
  }],
  ["a byte behind the report", "hcl.reserved", { rest: ones(10, 9) }],
  ["a byte behind a TD's report", "hcl.reserved", { reportType: 4, hardware: tdWith(1024, 1) }],
  ["a last byte behind a TD's report", "hcl.reserved", {
    ...{ reportType: 4, hardware: tdWith(1183, 1) },
  }],
  ["a TD's report of an enclave", "hcl.report_type", { reportType: 4, hardware: tdWith(0, 0) }],
  ["no runtime data", "hcl.runtime_syntax", {
    ...{ runtime: "", variableSize: 0, dataSize: 20, reportSize: 1236 },
  }],
];

for (const [what, code, bent] of REFUSED) {
  Deno.test(`readHclReport refuses ${what}`, async () => {
    const fields = await refused(code, readHclReport(engine, writeReport(bent)));
    assert.deepEqual(Object.keys(fields), ["reason"]);
  });
}

Deno.test("readHclReport refuses a report that is cut anywhere", async () => {
  const report = writeReport({ rest: new Uint8Array() });
  for (let length = 1; length < report.length; length += length < 1230 ? 61 : 1) {
    await refused("hcl.length", readHclReport(engine, report.subarray(0, length)), `${length}`);
  }
});

Deno.test("readHclReport refuses nothing and too much, and says whose file it is", async () => {
  assert.deepEqual(await refused("input.empty", readHclReport(engine, new Uint8Array())), {
    ...{ input: "hcl-report", role: "hclReport" },
  });
  await readHclReport(engine, writeReport({ rest: new Uint8Array(16_384 - 1236 - size) }));
  const large = writeReport({ rest: new Uint8Array(16_385 - 1236 - size) });
  assert.deepEqual(await refused("input.too_large", readHclReport(engine, large)), {
    ...{ input: "hcl-report", limit: "16384 bytes", actual: "16385 bytes", role: "hclReport" },
  });
});
