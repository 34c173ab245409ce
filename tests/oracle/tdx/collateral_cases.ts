/**
 * Collateral with something changed that nobody signs anew: the JSON around
 * and within the signed text, revocation lists in other forms, and files of
 * other platforms and times.
 *
 * @module
 */

import { concat, toBase64, toHex } from "../../../src/core/bytes.ts";
import { pem } from "../../../src/lab/mod.ts";
import { changed, type TdxCase, type TdxInput } from "./case.ts";
import { otherwiseSigned } from "./der.ts";
import { BAD_SCALARS, otherSignature, turned } from "./quote.ts";
import { Random } from "../random.ts";

/** Bits turned in each file. */
const FLIPS = 30;

/**
 * Collateral of a case in other forms.
 *
 * @param base A case that verifies.
 */
export function collateralCases(base: TdxCase): readonly TdxCase[] {
  return [
    ...documentCases(base, "tcbInfo", "tcbInfo"),
    ...documentCases(base, "qeIdentity", "enclaveIdentity"),
    ...listCases(base, "pckCrl"),
    ...listCases(base, "rootCrl"),
    changed(base, "lists-exchanged", {
      pckCrl: base.input.rootCrl,
      rootCrl: base.input.pckCrl,
    }),
    changed(base, "documents-exchanged", {
      tcbInfo: base.input.qeIdentity,
      qeIdentity: base.input.tcbInfo,
    }),
  ];
}

/**
 * Each file of each other case in place of a case's own, and all of them.
 *
 * @param base A case that verifies.
 * @param others Cases with other collateral.
 */
export function swappedCases(base: TdxCase, others: readonly TdxCase[]): readonly TdxCase[] {
  const roles = ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "rootCrl"] as const;
  return others.filter(({ name }) => name !== base.name).flatMap((other) => {
    const from = other.name.slice(other.name.lastIndexOf("/") + 1);
    const { quote, pckCrlChain } = base.input;
    const all = { ...other.input, quote, pckCrlChain };
    const documents = { tcbInfo: other.input.tcbInfo, qeIdentity: other.input.qeIdentity };
    return [
      ...roles.map((role) =>
        changed(base, `swapped/${role}/${from}`, { [role]: other.input[role] })
      ),
      changed(base, `swapped/documents/${from}`, documents),
      changed(base, `swapped/all/${from}`, all),
      changed(base, `swapped/all-at-its-time/${from}`, all, other.now),
    ];
  });
}

type Files = Readonly<Record<string, string | Uint8Array>>;

function documentCases(
  base: TdxCase,
  role: "tcbInfo" | "qeIdentity",
  member: string,
): readonly TdxCase[] {
  const text = new TextDecoder().decode(base.input[role]);
  const [, inner = "", signature = ""] =
    /^\{"[a-zA-Z]+":(.*),"signature":"([0-9a-fA-F]{128})"\}\s*$/s.exec(text) ?? [];
  if (inner === "") throw new Error(`${base.name}: ${role} is of another form`);
  const forms: Files = {
    ...wrappedForms(member, inner, signature),
    ...innerForms(member, inner, signature),
    ...signatureForms(member, inner, signature),
    ...turnedForms(base.input[role]),
  };
  return Object.entries(forms).map(([what, file]) =>
    changed(base, `${role}/${what}`, {
      [role]: typeof file === "string" ? new TextEncoder().encode(file) : file,
    })
  );
}

/** The same signed text in other files. */
function wrappedForms(member: string, inner: string, signature: string): Files {
  const whole = `{"${member}":${inner},"signature":"${signature}"}`;
  const escaped = `\\u${member.charCodeAt(0).toString(16).padStart(4, "0")}${member.slice(1)}`;
  return {
    "as-it-is": whole,
    "newline-after": `${whole}\n`,
    "blanks-around": ` \t\r\n${whole} \t\r\n`,
    "blanks-between": `{ "${member}" : ${inner} , "signature" : "${signature}" }`,
    "signature-first": `{"signature":"${signature}","${member}":${inner}}`,
    "unknown-member-last": `${whole.slice(0, -1)},"extra":1}`,
    "unknown-member-first": `{"extra":{"a":[1]},${whole.slice(1)}`,
    "document-twice": `{"${member}":${inner},${whole.slice(1)}`,
    "document-twice-first-other": `{"${member}":{},${whole.slice(1)}`,
    "document-twice-last-other": `${whole.slice(0, -1)},"${member}":{}}`,
    "signature-twice": `${whole.slice(0, -1)},"signature":"${signature}"}`,
    "signature-twice-last-other": `${whole.slice(0, -1)},"signature":"00"}`,
    "escaped-name": `{"${escaped}":${inner},"signature":"${signature}"}`,
    "other-name": `{"${member}s":${inner},"signature":"${signature}"}`,
    "other-case": `{"${member.toUpperCase()}":${inner},"signature":"${signature}"}`,
    "array": `[${whole}]`,
    "comma-at-end": `${whole.slice(0, -1)},}`,
    "comment": `${whole.slice(0, -1)}/* */}`,
    "nul-after": `${whole}\0`,
    "two-documents": whole + whole,
    "byte-order-mark": `\ufeff${whole}`,
    "not-closed": whole.slice(0, -1),
    "as-text": `{"${member}":${JSON.stringify(inner)},"signature":"${signature}"}`,
    "null": `{"${member}":null,"signature":"${signature}"}`,
    "empty": "",
    "blank": " ",
  };
}

/** A signed text that is not the same bytes any more. */
function innerForms(member: string, inner: string, signature: string): Files {
  const wrap = (text: string): string => `{"${member}":${text},"signature":"${signature}"}`;
  const parsed: Record<string, unknown> = JSON.parse(inner);
  const { version, ...rest } = parsed;
  return {
    "text/indented": wrap(JSON.stringify(parsed, null, 2)),
    "text/blank-inside": wrap(inner.replace(":", ": ")),
    "text/blank-at-start": wrap(inner.replace("{", "{ ")),
    "text/blank-at-end": wrap(inner.replace(/\}$/, " }")),
    "text/other-order": wrap(JSON.stringify({ ...rest, version })),
    "text/member-added": wrap(inner.replace(/\}$/, ',"a":1}')),
    "text/member-twice": wrap(inner.replace("{", `{"version":${version},`)),
    "text/escaped": wrap(inner.replace('"id"', '"i\\u0064"')),
    "text/lower-case": wrap(inner.replace(/[0-9A-F]{12,}/, (hex) => hex.toLowerCase() + "")),
    "text/number-as-text": wrap(inner.replace(/"version":(\d+)/, '"version":"$1"')),
    "text/number-with-point": wrap(inner.replace(/"version":(\d+)/, '"version":$1.0')),
    "text/other-number": wrap(inner.replace(/"tcbEvaluationDataNumber":\d+/, (text) => `${text}1`)),
    "text/later": wrap(inner.replace(/"nextUpdate":"20\d\d/, '"nextUpdate":"2049')),
    "text/up-to-date": wrap(inner.replaceAll(/"tcbStatus":"[A-Za-z]+"/g, '"tcbStatus":"UpToDate"')),
  };
}

/** The same text under other signatures. */
function signatureForms(member: string, inner: string, signature: string): Files {
  const wrap = (value: string): string => `{"${member}":${inner},"signature":${value}}`;
  const bytes = Uint8Array.fromHex(signature);
  const [r, s] = [bytes.subarray(0, 32), bytes.subarray(32)];
  const bad = Object.entries(BAD_SCALARS).flatMap(([what, scalar]) =>
    [
      [`signature/r-${what}`, wrap(`"${toHex(concat(scalar, s))}"`)],
      [`signature/s-${what}`, wrap(`"${toHex(concat(r, scalar))}"`)],
    ] as const
  );
  return {
    ...Object.fromEntries(bad),
    "signature/other-s": wrap(`"${toHex(otherSignature(bytes))}"`),
    "signature/upper-case": wrap(`"${signature.toUpperCase()}"`),
    "signature/exchanged": wrap(`"${toHex(concat(s, r))}"`),
    "signature/bit": wrap(`"${toHex(turned(bytes, 77))}"`),
    "signature/short": wrap(`"${signature.slice(2)}"`),
    "signature/odd": wrap(`"${signature.slice(1)}"`),
    "signature/long": wrap(`"${signature}00"`),
    "signature/prefix": wrap(`"0x${signature}"`),
    "signature/blank": wrap(`"${signature} "`),
    "signature/base64": wrap(`"${toBase64(bytes)}"`),
    "signature/empty": wrap('""'),
    "signature/null": wrap("null"),
    "signature/number": wrap("1"),
    "signature/missing": `{"${member}":${inner}}`,
  };
}

function turnedForms(file: Uint8Array): Files {
  const random = new Random(3);
  const bits = Array.from({ length: FLIPS }, () => random.below(file.length) * 8 + random.below(7));
  return Object.fromEntries(bits.map((bit) => [`bit/${bit}`, turned(file, bit)]));
}

function listCases(base: TdxCase, role: "pckCrl" | "rootCrl"): readonly TdxCase[] {
  const der = base.input[role];
  const text = pem("X509 CRL", der);
  const same: Files = {
    "pem": text,
    "pem-crlf": text.replaceAll("\n", "\r\n"),
    "pem-blank-before": `\n${text}`,
    "pem-no-last-newline": text.trimEnd(),
    "hex": toHex(der),
    "hex-upper-case": toHex(der).toUpperCase(),
    "hex-newline": `${toHex(der)}\n`,
  };
  const other: Files = {
    "other-s": otherwiseSigned(der),
    "byte-after": concat(der, Uint8Array.of(0)),
    "twice": concat(der, der),
    "cut": der.slice(0, -1),
    "empty": "",
    "certificate": base.input.tcbChain,
    ...turnedForms(der),
  };
  const of = (forms: Files, plain: Partial<TdxInput>): readonly TdxCase[] =>
    Object.entries(forms).map(([what, file]) => ({
      ...changed(base, `${role}/${what}`, {
        [role]: typeof file === "string" ? new TextEncoder().encode(file) : file,
      }),
      plain,
    }));
  return [...of(same, { [role]: der }), ...of(other, {})];
}
