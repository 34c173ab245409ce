/**
 * TCB info and QE identity: who signed them, and over which bytes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import { generateLabKey, type LabKey, type TdxBends } from "../../../src/lab/mod.ts";
import { intelAuthority, twinAuthority } from "../../intel_authority.ts";
import { assertRefused } from "../../result.ts";
import {
  asFile,
  ask,
  assertBends,
  assertFiles,
  assertGood,
  bent,
  codeOf,
  filesOf,
  judge,
  mint,
} from "../ask.ts";
import { flipped } from "../../bends/bytes.ts";
import { overReal, realCase } from "../corpus.ts";
import {
  afterSigning,
  asText,
  type DocumentName,
  DOCUMENTS,
  FORMAT_CODES,
  plain,
} from "../documents.ts";

/** Codes of a document whose signature does not hold. */
const SIGNATURE_CODES: Readonly<Record<DocumentName, string>> = {
  tcbInfo: "tdx.tcb_info_signature",
  qeIdentity: "tdx.qe_identity_signature",
};

/** A document signed by another key, or with given R and S. */
function signedBy(name: DocumentName, by: LabKey | Uint8Array): TdxBends {
  const change = by instanceof Uint8Array ? { signature: by } : { signWith: by };
  return name === "tcbInfo" ? { tcbInfoDocument: change } : { qeIdentityDocument: change };
}

/** Text where something must have been found and replaced. */
function swapped(text: string, what: string | RegExp, by: string): string {
  const result = text.replace(what, by);
  assert.notEqual(result, text, `${what} stands in the text`);
  return result;
}

for (const name of DOCUMENTS) {
  Deno.test(`TDX-12 a ${name} that another key signed is refused, whoever's it is`, async () => {
    const { root, platform, processor } = await intelAuthority();
    const twin = await twinAuthority();
    const { keys } = await mint();
    const signers: readonly (readonly [string, LabKey])[] = [
      ["the root", root.key],
      ["the PCK CA", platform.key],
      ["the other CA", processor.key],
      ["the platform's PCK", keys.pck],
      ["the attestation key", keys.attestation],
      ["another lab", twin.tcbSigning.key],
      ["nobody", await generateLabKey("P-256")],
    ];
    for (const [what, key] of signers) {
      const result = await judge({ keys, bends: signedBy(name, key) });
      assert.equal(result.code, SIGNATURE_CODES[name], what);
      assertRefused(result, SIGNATURE_CODES[name]);
    }
  });

  Deno.test(`TDX-12 a ${name} whose R or S is none is refused`, async () => {
    const zero = new Uint8Array(64);
    const full = new Uint8Array(64).fill(0xff);
    const half = concat(new Uint8Array(32), new Uint8Array(32).fill(1));
    for (const signature of [zero, full, half, half.toReversed()]) {
      await assertBends([["R and S", bent(signedBy(name, signature)), SIGNATURE_CODES[name]]]);
    }
    for (const length of [0, 32, 63, 65, 72, 128]) {
      const signature = new Uint8Array(length).fill(1);
      await assertBends([[`${length} bytes`, bent(signedBy(name, signature)), FORMAT_CODES[name]]]);
    }
  });

  Deno.test(`TDX-12 any change of the text of a ${name} breaks its signature, even one that means nothing`, async () => {
    const changes: readonly (readonly [string, (text: string) => string])[] = [
      ["a blank behind a comma", (text) => swapped(text, ",", ", ")],
      ["a blank behind a colon", (text) => swapped(text, ":", ": ")],
      ["a blank before the end", (text) => `${text.slice(0, -1)} }`],
      ["a line end", (text) => swapped(text, ",", ",\n")],
      ["set out", (text) => JSON.stringify(JSON.parse(text), null, 2)],
      ["in another order", (text) => {
        const members = Object.entries(plain(JSON.parse(text)));
        return JSON.stringify(Object.fromEntries(members.toReversed()));
      }],
      ["an escaped letter", (text) => swapped(text, '"version"', '"v\\u0065rsion"')],
      ["a number with a point", (text) => swapped(text, /"version":(\d)/, '"version":$1.0')],
      ["hex in small letters", (text) => swapped(text, /[A-F]{2,}/, "ff")],
      ["a better status", (text) => swapped(text, '"Revoked"', '"UpToDate"')],
      ["a later date", (text) => swapped(text, /"nextUpdate":"2/, '"nextUpdate":"3')],
      ["a lower SVN", (text) => swapped(text, /svn":\d+/, 'svn":0')],
    ];
    for (const [what, change] of changes) {
      const result = await judge(bent(afterSigning(name, change)));
      assert.equal(result.code, SIGNATURE_CODES[name], what);
      assertRefused(result, SIGNATURE_CODES[name]);
    }
  });

  Deno.test(`TDX-12 a bit that flips anywhere in a ${name} is never accepted`, async () => {
    const minted = await mint();
    const file = filesOf(minted)[name];
    assert.equal(await codeOf(ask(minted)), "none");
    // An odd step, so that all bits have their turn.
    const step = 1 + 2 * Math.floor(file.length / 600);
    for (let at = 0; at < file.length; at += step) {
      const code = await codeOf(ask(minted, { files: { [name]: flipped(file, at) } }));
      // A digit of the signature in capitals is the same digit.
      const same = at > file.length - 132 && /[a-f]/.test(String.fromCharCode(file[at] ?? 0)) &&
        at % 8 === 5;
      if (same) assert.equal(code, "none", `byte ${at}`);
      else {
        assert.match(code, /^(tdx\.(tcb_info|qe_identity)_(format|signature))$/, `byte ${at}`);
      }
    }
  });

  Deno.test(`TDX-12 a ${name} with a member twice is refused, wherever, however written and signed`, async () => {
    const doubled: readonly (readonly [string, (text: string) => string])[] = [
      ["id", (text) => swapped(text, "{", '{"id":"X",')],
      ["version", (text) => swapped(text, "{", '{"version":1,')],
      ["the same again", (text) => {
        const id = /"id":"[A-Z_]+",/.exec(text)?.[0] ?? "";
        return swapped(text, id, id + id);
      }],
      ["nextUpdate", (text) => swapped(text, "{", '{"nextUpdate":"9999-01-01T00:00:00Z",')],
      ["behind", (text) => `${text.slice(0, -1)},"version":3}`],
      ["escaped", (text) => swapped(text, "{", '{"\\u0069d":"X",')],
      ["levels", (text) => swapped(text, "{", '{"tcbLevels":[],')],
      [
        "of a level",
        (text) => swapped(text, '"tcbStatus":', '"tcbStatus":"UpToDate","tcbStatus":'),
      ],
      ["of an SVN", (text) => swapped(text, /("(?:isv)?svn":\d+)/, "$1,$1")],
    ];
    for (const [what, change] of doubled) {
      const result = await judge(bent(asText(name, change)));
      assert.equal(result.code, FORMAT_CODES[name], what);
      assertRefused(result, FORMAT_CODES[name]);
    }
  });

  Deno.test(`TDX-12 a ${name} stands in its file once, with its signature and nothing else`, async () => {
    const minted = await mint();
    const text = minted[name];
    const member = name === "tcbInfo" ? "tcbInfo" : "enclaveIdentity";
    const signature = /"signature":"([0-9a-f]{128})"/.exec(text)?.[1] ?? "";
    const inner = text.slice(`{"${member}":`.length, text.lastIndexOf(',"signature"'));
    const files: readonly (readonly [string, string])[] = [
      ["the document alone", inner],
      ["without signature", `{"${member}":${inner}}`],
      ["the signature alone", `{"signature":"${signature}"}`],
      ["the document twice", swapped(text, "{", `{"${member}":${inner},`)],
      ["another before it", swapped(text, "{", `{"${member}":{"id":"X"},`)],
      [
        "another before it, escaped",
        swapped(text, "{", `{"${member.replace("c", "\\u0063")}":{},`),
      ],
      ["the signature twice", swapped(text, /}$/, `,"signature":"${signature}"}`)],
      ["a member more", swapped(text, /}$/, ',"more":1}')],
      ["another name", swapped(text, member, "tcbinfo")],
      ["a list", `[${text}]`],
      ["two files", `${text}${text}`],
      ["a byte that is zero", `${text}\0`],
      ["an open end", text.slice(0, -1)],
      ["as text", JSON.stringify(text)],
      ["null", "null"],
      ["a web page", "<!DOCTYPE html>"],
      ["a comment", `${text}//`],
      ["base64", btoa(text)],
      ["no bytes of JSON", " "],
      ["a signature of another length", text.replace(signature, signature.slice(2))],
      ["a signature that is no hex", text.replace(signature, "g".repeat(128))],
      ["a signature with 0x", text.replace(signature, `0x${signature}`)],
    ];
    for (const [what, file] of files) {
      await assertFiles(minted, { [name]: asFile(file) }, FORMAT_CODES[name], what);
    }
    // Text inside of text is signed text of another kind.
    const quoted = `{"${member}":${JSON.stringify(inner)},"signature":"${signature}"}`;
    await assertFiles(minted, { [name]: asFile(quoted) }, SIGNATURE_CODES[name]);
    const latin = concat(asFile(text.slice(0, -1)), Uint8Array.of(0xff), asFile("}"));
    await assertFiles(minted, { [name]: latin }, FORMAT_CODES[name]);
  });

  Deno.test(`TDX-12 what stands around a ${name} in its file changes nothing`, async () => {
    const minted = await mint();
    const text = minted[name];
    const signature = /[0-9a-f]{128}/.exec(text)?.[0] ?? "";
    const files = [
      `${text}\n`,
      `\ufeff${text}`,
      ` \r\n\t${text}\r\n`,
      swapped(text, ',"signature":"', ' ,\n "signature" : "'),
      text.replace(signature, signature.toUpperCase()),
    ].filter((file) => file !== text);
    assert.ok(files.length >= 4);
    for (const file of files) {
      assertGood(await ask(minted, { files: { [name]: asFile(file) } }), file.slice(0, 20));
    }
  });

  Deno.test(`TDX-12 a ${name} that is deep or long ends in a refusal`, async () => {
    const minted = await mint();
    for (const piece of ["[", '{"a":', '[{"a":']) {
      const deep = asText(name, (text) => swapped(text, "{", `{"deep":${piece.repeat(20_000)}`));
      assertRefused(await judge(bent(deep)), FORMAT_CODES[name]);
    }
    const long = asFile(`${minted[name]}${" ".repeat(200_000)}`);
    assert.equal(await codeOf(ask(minted, { files: { [name]: long } })), "input.too_large");
  });
}

Deno.test("TDX-12 one document does not stand in for the other, though the same key signed both", async () => {
  const minted = await mint();
  const { tcbInfo, qeIdentity } = filesOf(minted);
  await assertFiles(minted, { tcbInfo: qeIdentity }, "tdx.tcb_info_format");
  await assertFiles(minted, { qeIdentity: tcbInfo }, "tdx.qe_identity_format");
  // The other's text under this one's name, with the signature that goes with the text.
  const renamed = {
    tcbInfo: asFile(minted.qeIdentity.replace('"enclaveIdentity"', '"tcbInfo"')),
    qeIdentity: asFile(minted.tcbInfo.replace('"tcbInfo"', '"enclaveIdentity"')),
  };
  await assertFiles(minted, { tcbInfo: renamed.tcbInfo }, "tdx.tcb_info_format");
  await assertFiles(minted, { qeIdentity: renamed.qeIdentity }, "tdx.qe_identity_format");
});

Deno.test("TDX-12 the signature of another document of the same signer does not fit", async () => {
  const [one, other] = [
    await mint(),
    await mint({ tcbStatus: "OutOfDate", qeStatus: "OutOfDate" }),
  ];
  for (const name of DOCUMENTS) {
    const theirs = /"signature":"[0-9a-f]{128}"/.exec(other[name])?.[0] ?? "";
    const file = swapped(one[name], /"signature":"[0-9a-f]{128}"/, theirs);
    await assertFiles(one, { [name]: asFile(file) }, SIGNATURE_CODES[name]);
  }
});

Deno.test("TDX-12 documents that were accepted do not stand in for bent ones, nor the other way round", async () => {
  const minted = await mint();
  for (let i = 0; i < 2; i++) {
    assertGood(await ask(minted));
    for (const name of DOCUMENTS) {
      const file = asFile(minted[name].replace("{", "{ ").replace("{ ", "{").replace(":{", ":{ "));
      await assertFiles(minted, { [name]: file }, SIGNATURE_CODES[name]);
    }
  }
});

Deno.test({
  ...overReal(
    "TDX-12 Intel's own documents are refused once a blank is added, or anything rewritten",
  ),
  fn: async () => {
    for (const name of ["tdx/v4-dcapqvl-b0c06f", "tdx/v5-google-90c06f", "gcp/tdx-cos113-ccel"]) {
      const { files, now } = realCase(name);
      const asked = async (document: DocumentName, file: string) =>
        await examine({
          variant: "tdx",
          evidence: { ...files, [document]: asFile(file) },
          expect: { freshness: "none" },
          now,
        });
      for (const document of DOCUMENTS) {
        const text = new TextDecoder().decode(files[document]);
        const changes = [
          swapped(text, ":{", ":{ "),
          JSON.stringify(JSON.parse(text), null, 1),
          swapped(text, "UpToDate", "OutOfDate"),
          swapped(text, /"tcbEvaluationDataNumber":\d+/, '"tcbEvaluationDataNumber":99'),
        ];
        for (const change of changes) {
          assertRefused(await asked(document, change), SIGNATURE_CODES[document]);
        }
        assert.notEqual((await asked(document, `${text}\n`)).verdict, "rejected");
      }
    }
  },
});
