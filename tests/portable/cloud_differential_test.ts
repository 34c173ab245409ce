/**
 * However HCL reports, certificates of instances and identity documents are
 * bent, both engines say the same of them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { compareIdentities, compareInstances, compareReports } from "./cloud_differential.ts";
import type { Tally } from "./tally.ts";

/** Cases of each kind in each test run; `deno task differential:cloud` takes any others. */
const CASES = 300;

/** Demands that cases come to each of some codes, and that some still hold. */
function demand({ codes }: Tally, wanted: readonly string[]): void {
  for (const code of ["accepted", ...wanted]) {
    assert.ok(codes.has(code), `none came to ${code}, but to ${[...codes.keys()].join(" ")}`);
  }
}

Deno.test(`both engines say the same of ${CASES} bent HCL reports, and of runtime data`, async () => {
  demand(await compareReports({ first: 1, count: CASES }), [
    ...["hcl.length", "hcl.magic", "hcl.version", "hcl.request_type", "hcl.report_type"],
    ...["hcl.hash_type", "hcl.reserved", "hcl.runtime_syntax", "hcl.runtime_value"],
    ...["hcl.key_attributes", "hcl.key_repeated"],
  ]);
});

Deno.test(`both engines say the same of ${CASES} bent certificates of instances`, async () => {
  demand(await compareInstances({ first: 1, count: CASES }), [
    ...["gce.instance_malformed", "x509.malformed"],
  ]);
});

Deno.test(`both engines say the same of ${CASES} bent identity documents`, async () => {
  demand(await compareIdentities({ first: 1, count: CASES }), [
    ...["ec2.document_malformed", "ec2.signature_malformed", "ec2.signer_mismatch"],
    ...["ec2.certificate_shape", "ec2.digest_mismatch", "ec2.signature_mismatch"],
    ...["ec2.certificate_expired", "ec2.certificate_not_yet_valid", "x509.malformed"],
  ]);
});
