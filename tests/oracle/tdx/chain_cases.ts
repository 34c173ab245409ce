/**
 * Certificate chains in other forms and orders: the quote's, which nobody
 * signs, and the one of TCB info.
 *
 * @module
 */

import { concat, toBase64 } from "../../../src/core/bytes.ts";
import { pem } from "../../../src/lab/mod.ts";
import { changed, type TdxCase } from "./case.ts";
import { certificatesOf, otherwiseSigned, pemOf } from "./der.ts";
import { putTogether, takeApart, turned } from "./quote.ts";
import { Random } from "../random.ts";

/** Bits turned in each certificate. */
const FLIPS = 14;

/**
 * Quotes whose chain is written otherwise.
 *
 * @param base A case that verifies.
 */
export function quoteChainCases(base: TdxCase): readonly TdxCase[] {
  const parts = takeApart(base.input.quote);
  const others = certificatesOf(base.input.tcbChain);
  const forms = [
    ...textForms(pemOf(certificatesOf(parts.certification))),
    ...listForms(certificatesOf(parts.certification), others),
  ];
  return forms.map(([what, certification]) =>
    changed(base, `pck-chain/${what}`, { quote: putTogether({ ...parts, certification }) })
  );
}

/**
 * Collateral whose chain is written otherwise.
 *
 * @param base A case that verifies.
 */
export function tcbChainCases(base: TdxCase): readonly TdxCase[] {
  const chain = certificatesOf(base.input.tcbChain);
  const others = certificatesOf(takeApart(base.input.quote).certification);
  const plain = new TextEncoder().encode(pemOf(chain));
  const encoded = encodeURIComponent(pemOf(chain));
  const forms = [
    ...textForms(pemOf(chain)),
    ...listForms(chain, others),
  ];
  return [
    ...forms.map(([what, tcbChain]) => changed(base, `tcb-chain/${what}`, { tcbChain })),
    ...[
      changed(base, "tcb-chain/percent", { tcbChain: new TextEncoder().encode(encoded) }),
      changed(base, "tcb-chain/der", { tcbChain: concat(...chain) }),
    ].map((one) => ({ ...one, plain: { tcbChain: plain } })),
  ];
}

type Forms = readonly (readonly [string, Uint8Array])[];

/** The same certificates, written in other ways. */
function textForms(text: string): Forms {
  const blocks = text.split(/(?<=-----END CERTIFICATE-----\n)/);
  const [first = "", ...rest] = blocks;
  const forms: Readonly<Record<string, string>> = {
    "as-it-is": text,
    "nul": `${text}\0`,
    "nuls": `${text}\0\0`,
    "newline-nul": `${text}\n\0`,
    "no-last-newline": text.trimEnd(),
    "no-last-newline-nul": `${text.trimEnd()}\0`,
    "two-last-newlines": `${text}\n`,
    "crlf": text.replaceAll("\n", "\r\n"),
    "cr": text.replaceAll("\n", "\r"),
    "mixed-ends": first.replaceAll("\n", "\r\n") + rest.join(""),
    "blank-before": `\n${text}`,
    "space-before": ` ${text}`,
    "space-after": `${text} `,
    "tab-after": `${text}\t`,
    "text-before": `subject=CN = Intel SGX PCK Certificate\n${text}`,
    "text-after": `${text}the end\n`,
    "text-between": blocks.join("issuer=somebody\n"),
    "blank-between": blocks.join("\n"),
    "nothing-between": blocks.map((block) => block.trimEnd()).join(""),
    "spaces-at-line-ends": text.replaceAll("\n", " \n"),
    "spaces-at-line-starts": text.replaceAll("\n", "\n "),
    "blank-lines-inside": text.replaceAll(/([A-Za-z0-9+/]{64})\n/g, "$1\n\n"),
    "lines-of-76": rewrapped(text, 76),
    "lines-of-48": rewrapped(text, 48),
    "one-line": rewrapped(text, 100_000),
    "no-padding": text.replaceAll("=", ""),
    "label-trusted": text.replaceAll("N CERTIFICATE", "N TRUSTED CERTIFICATE"),
    "label-x509": text.replaceAll("N CERTIFICATE", "N X509 CERTIFICATE"),
    "label-lower-case": text.replaceAll("N CERTIFICATE", "N certificate"),
    "four-dashes": text.replaceAll("-----", "----"),
    "six-dashes": text.replaceAll("-----", "------"),
    "header": text.replaceAll("BEGIN CERTIFICATE-----\n", "BEGIN CERTIFICATE-----\nA: b\n\n"),
    "no-end": text.replace(/-----END CERTIFICATE-----\n$/, ""),
    "byte-order-mark": `\ufeff${text}`,
    "key-before": `${pem("PRIVATE KEY", Uint8Array.of(0x30, 0))}${text}`,
    "list-after": `${text}${pem("X509 CRL", Uint8Array.of(0x30, 0))}`,
    "empty": "",
  };
  return Object.entries(forms).map(([what, form]) => [what, new TextEncoder().encode(form)]);
}

function rewrapped(text: string, width: number): string {
  return text.replaceAll(
    /(-----BEGIN CERTIFICATE-----\n)([^-]*)(-----END)/g,
    (_, begin: string, body: string, end: string) => {
      const lines = body.replaceAll("\n", "").match(new RegExp(`.{1,${width}}`, "g")) ?? [];
      return `${begin}${lines.join("\n")}\n${end}`;
    },
  );
}

/** Other certificates, or the same in another order. */
function listForms(chain: readonly Uint8Array[], others: readonly Uint8Array[]): Forms {
  const last = chain.length - 1;
  const alien = others[0] ?? new Uint8Array();
  const otherAt = (at: number): readonly Uint8Array[] =>
    chain.map((der, i) => i === at ? otherwiseSigned(der) : der);
  const lists: Readonly<Record<string, readonly Uint8Array[]>> = {
    "reversed": chain.toReversed(),
    "root-first": [...chain.slice(last), ...chain.slice(0, last)],
    "no-root": chain.slice(0, last),
    "no-leaf": chain.slice(1),
    "leaf-alone": chain.slice(0, 1),
    "no-middle": [...chain.slice(0, 1), ...chain.slice(last)],
    "leaf-twice": [...chain.slice(0, 1), ...chain],
    "root-twice": [...chain, ...chain.slice(last)],
    "all-twice": [...chain, ...chain],
    "alien-last": [...chain, alien],
    "alien-first": [alien, ...chain],
    "alien-before-root": [...chain.slice(0, last), alien, ...chain.slice(last)],
    "alien-leaf": [alien, ...chain.slice(1)],
    "ten-aliens": [...chain, ...Array.from({ length: 10 }, () => alien)],
    ...Object.fromEntries(chain.map((_, at) => [`other-s/${at}`, otherAt(at)])),
  };
  const random = new Random(chain.length);
  const flips = chain.flatMap((der, at) =>
    Array.from({ length: FLIPS }, () => {
      const bit = random.below(der.length) * 8 + random.below(8);
      return [
        `bit/${at}/${bit}`,
        chain.map((one, i) => i === at ? turned(der, bit) : one),
      ] as const;
    })
  );
  const texts = [...Object.entries(lists), ...flips].map(([what, list]) =>
    [what, new TextEncoder().encode(pemOf(list))] as const
  );
  const base64 = chain.map((der) => toBase64(der)).join("\n");
  return [...texts, ["base64", new TextEncoder().encode(base64)]];
}
