/**
 * What an audit bundle holds, by its own word.
 *
 * @module
 */

import { fromBase64, toHex } from "../../core/bytes.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import type { Shown, ShownRow } from "../../core/shown.ts";
import type { AuditBundle } from "../../audit/bundle.ts";
import { documentDigest } from "../../verifier/digests.ts";

/**
 * Describes a bundle. Nothing of it is verified.
 *
 * @param bundle The bundle.
 */
export function describeBundle(bundle: AuditBundle): Shown {
  return {
    kind: "audit-bundle",
    title: `Audit bundle of ${bundle.request.variant} (not verified)`,
    usedBy: "casemate audit verify",
    sections: [
      { title: "What it claims", rows: claimed(bundle) },
      { title: "What was asked", rows: asked(bundle) },
      { title: "Files", rows: files(bundle) },
    ],
  };
}

function claimed({ casemate, request, result }: AuditBundle): readonly ShownRow[] {
  const verdict = result["verdict"] ?? result["outcome"];
  return [
    {
      name: "Result",
      value: String(verdict),
      meaning: "the bundle's word; audit verify checks it",
    },
    { name: "Judged for", value: request.time },
    { name: "Written by", value: `casemate ${casemate}` },
    { name: "Examined", value: `${request.profile}, by the engine ${request.engine}` },
  ];
}

function asked({ request }: AuditBundle): readonly ShownRow[] {
  const { expect, policy, reference, signedReference, labRoots } = request;
  const values = signedReference === null
    ? reference === null ? "none" : `nobody signed them, ${documentDigest(reference)}`
    : "signed";
  return [
    ...Object.entries(expect ?? {}).map(([name, value]) => ({ name, value })),
    { name: "Policy", value: documentDigest(policy ?? { version: 1 }), meaning: "SHA-256" },
    { name: "Reference values", value: values },
    ...(labRoots.length === 0 ? [] : [{ name: "Lab roots", value: String(labRoots.length) }]),
  ];
}

function files({ request: { files, statement } }: AuditBundle): readonly ShownRow[] {
  const all = Object.entries(files).flatMap(([role, file]) =>
    (typeof file === "string" ? [file] : file).map((one) => row(role, one))
  );
  return statement === null ? all : [...all, row("statement", statement)];
}

function row(name: string, file: string): ShownRow {
  const bytes = fromBase64(file);
  const digest = toHex(plainHash("sha256", bytes));
  return { name, value: digest, meaning: `SHA-256 of ${bytes.length} bytes` };
}
