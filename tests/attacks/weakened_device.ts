/**
 * What a node looks at before it states evidence, switched off one by one: the
 * test that stands for it fails then. `deno task attacks` runs this.
 *
 * @module
 */

import assert from "node:assert/strict";
import { outcome } from "../../scripts/process.ts";
import { weaken, type Weakening } from "./weaken.ts";

/** What is switched off, the tests that see it, and what they say of which. */
interface Case {
  readonly what: string;
  readonly off: Weakening;
  readonly tests: string;
  readonly seen: string;
}

const CASES: readonly Case[] = [
  {
    what: "a report need not answer the question",
    off: {
      file: "src/evidence/snp/issue.ts",
      find: "if (equal(report.subarray(REPORT.reportData, REPORT.end), reportData)) return;",
      replace: "if (reportData !== undefined || equal !== undefined) return;",
    },
    tests: "gcp_sev_snp_test.ts",
    seen: "a node does not pass on a report that answers another question",
  },
  {
    what: "a quote need not answer the question",
    off: {
      file: "src/evidence/tdx/issue.ts",
      find: "if (equal(quote.subarray(at, at + 64), reportData)) return;",
      replace: "if (reportData !== undefined || equal !== undefined) return;",
    },
    tests: "tee_variants_test.ts",
    seen: "a quote that answers another question is not passed on",
  },
  {
    what: "the quote does not name the report",
    off: {
      file: "src/evidence/gcp_sev_snp/issue.ts",
      find: "qualifyingDataOf(binding, report)",
      replace: "qualifyingDataOf(binding, null)",
    },
    tests: "gcp_sev_snp_test.ts",
    seen: "what a node collects is what its verifier takes",
  },
  {
    what: "who else writes to a request is not noticed",
    off: {
      file: "src/hosts/devices/configfs_tsm.ts",
      find: "if (given === String(this.#writes)) return;",
      replace: "if (given !== String(-this.#writes)) return;",
    },
    tests: "configfs_test.ts",
    seen: "asks anew where another writes between",
  },
  {
    what: "requests are not removed",
    off: {
      file: "src/hosts/devices/configfs_tsm.ts",
      find: "await entry.remove();",
      replace: "await Promise.resolve();",
    },
    tests: "configfs_test.ts",
    seen: "asks in a folder of its own, below the root, and removes it",
  },
  {
    what: "proxies of the environment are asked",
    off: {
      file: "src/hosts/devices/plain_http.ts",
      find: "new Agent(WITHOUT_PROXY)",
      replace: "new Agent({ keepAlive: false })",
    },
    tests: "metadata_test.ts",
    seen: "whatever proxies are named",
  },
  {
    what: "the paravisor need not take the question up",
    off: {
      file: "src/evidence/tpm/paravisor_report.ts",
      find: "if (userDataOf(report) === toHex(binding)) return report;",
      replace: "if (userDataOf(report) !== toHex(binding)) return report;",
    },
    tests: "azure_test.ts",
    seen: "a paravisor that does not take the question up is told",
  },
  {
    what: "what was made for a request stays in the TPM",
    off: {
      file: "src/evidence/tpm/nitro_document.ts",
      find: "await undefineNv(device, await readNvPublic(device, index));",
      replace: "await Promise.resolve(undefineNv);",
    },
    tests: "aws_test.ts",
    seen: "a TPM without AWS's command is told, and nothing is left in it",
  },
  {
    what: "questions are not answered one after the other",
    off: {
      file: "src/evidence/device/collect.ts",
      find: "this.#before = collected.catch(() => {});",
      replace: "void collected.catch(() => {});",
    },
    tests: "issuers_test.ts",
    seen: "answers questions that come at once",
  },
  {
    what: "a bank that the log is silent of is quoted",
    off: {
      file: "src/evidence/tpm/node_quote.ts",
      find: "(logged?.includes(bank) ?? true)",
      replace: "(logged !== undefined)",
    },
    tests: "tpm_variants_test.ts",
    seen: "a log of sha256 goes along with a quote of them",
  },
  {
    what: "a driver that found no TEE is passed by",
    off: {
      file: "src/evidence/device/detect.ts",
      find: "if (idle !== undefined) {",
      replace: "if (idle === undefined) return;\n  if (modules.length > 9) {",
    },
    tests: "detect_test.ts",
    seen: "takes the driver of SEV-SNP without any interface for none",
  },
  {
    what: "an agent says that it extended RTMR 3, and did not",
    off: {
      file: "src/node/td_register.ts",
      find: "await register.extend(digest);",
      replace: "await Promise.resolve(digest);",
    },
    tests: "td_register_test.ts",
    seen: "the verifier finds each phase in the quote",
  },
  {
    what: "a register that the kernel cannot extend is believed, whatever it holds",
    off: {
      file: "src/node/td_register.ts",
      find: "if (value === null || value.every((byte) => byte === 0)) return null;",
      replace: "if (value === null || value.length > 0) return null;",
    },
    tests: "td_register_test.ts",
    seen: "what somebody extended where the kernel cannot is told",
  },
  {
    what: "RTMR 3 is read from another place of the TD's report",
    off: {
      file: "src/hosts/devices/td_register.ts",
      find: "512 + 208 + 3 * RTMR_BYTES",
      replace: "512 + 208 + 2 * RTMR_BYTES",
    },
    tests: "td_register_test.ts",
    seen: "a register that sysfs does not read is read by the TD's own report",
  },
];

for (const { what, off, tests, seen } of CASES) {
  Deno.test(`it is seen where ${what}`, async () => {
    await using copy = await weaken([off]);
    const args = ["test", "-A", "--no-check", "--quiet", `tests/device/${tests}`];
    const env = { NO_COLOR: "1" };
    const { code, stdout } = await outcome(Deno.execPath(), args, { cwd: copy.folder, env });
    assert.notEqual(code, 0, stdout);
    const failed = stdout.split("\n").filter((line) => line.includes("... FAILED"));
    assert.ok(failed.some((line) => line.includes(seen)), stdout);
  });
}
