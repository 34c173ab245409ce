/**
 * Leaves whose extensions of AMD's (57230 §3.1) say other things, signed rightly.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import {
  AMD_OIDS,
  amdExtension,
  der,
  type Extension,
  type TcbVersion,
} from "../../../src/lab/mod.ts";
import type { PlannedCase, SnpCase } from "./case.ts";
import { bentCase, type Change } from "./certificate_cases.ts";
import { labCase, type Platform } from "./lab.ts";

type AmdName = keyof typeof AMD_OIDS;

const NAMES: readonly AmdName[] = [
  "structVersion",
  "productName",
  "bootloader",
  "tee",
  "snp",
  "spl4",
  "spl5",
  "spl6",
  "spl7",
  "microcode",
  "fmc",
  "hwid",
  "cspId",
];

/** Those that hold a number. */
const NUMBERS = NAMES.filter((name) => !["productName", "hwid", "cspId"].includes(name));

/**
 * All cases of a platform in which AMD's extensions are others.
 *
 * @param base A case of the platform.
 * @param platform Whose it is.
 */
export function leafExtensionCases(
  base: SnpCase,
  platform: Platform,
): readonly PlannedCase[] {
  const changes = { ...anyChanges(), ...numberChanges(), ...textChanges(), ...hwidChanges() };
  return [
    ...Object.entries(changes).map(([what, change]) =>
      bentCase(base, platform, "leaf", what, change)
    ),
    ...highTcbCases(base, platform),
  ];
}

type Changes = Readonly<Record<string, Change>>;

function edit(change: (all: readonly Extension[]) => readonly Extension[]): Change {
  return (of) => ({ ...of, extensions: change(of.extensions) });
}

/** In place of the one that is there, or behind all. */
function put(name: AmdName, value: Uint8Array): Change {
  const extension = amdExtension(name, value);
  return edit((all) =>
    all.some(({ oid }) => oid === extension.oid)
      ? all.map((one) => one.oid === extension.oid ? extension : one)
      : [...all, extension]
  );
}

function anyChanges(): Changes {
  const each = NAMES.flatMap((name): readonly (readonly [string, Change])[] => {
    const oid = AMD_OIDS[name];
    return [
      [`amd/${name}/missing`, edit((all) => all.filter((one) => one.oid !== oid))],
      [`amd/${name}/twice`, edit((all) => [...all, ...all.filter((one) => one.oid === oid)])],
      [
        `amd/${name}/critical`,
        edit((all) => all.map((one) => one.oid === oid ? { ...one, critical: true } : one)),
      ],
      [`amd/${name}/empty`, put(name, new Uint8Array())],
      [`amd/${name}/null`, put(name, der.nullValue())],
    ];
  });
  const arc = AMD_OIDS.structVersion.slice(0, -2);
  const more = ["6", "3.10", "3.7.1", "3"].map((end): readonly [string, Change] => [
    `amd/unknown-${end}`,
    edit((all) => [...all, { oid: `${arc}.${end}`, critical: false, value: der.integer(0) }]),
  ]);
  return Object.fromEntries([...each, ...more]);
}

function numberChanges(): Changes {
  const values: Readonly<Record<string, Uint8Array>> = {
    "0": der.integer(0),
    "1": der.integer(1),
    "127": der.integer(127),
    "128": der.integer(128),
    "255": der.integer(255),
    "256": der.integer(256),
    "negative": Uint8Array.of(2, 1, 0xff),
    "with-zeros": Uint8Array.of(2, 2, 0, 1),
    "long-length": Uint8Array.of(2, 0x81, 1, 1),
    "and-byte": concat(der.integer(1), new Uint8Array(1)),
    "octets": der.octetString(Uint8Array.of(1)),
    "enumerated": der.enumerated(1),
    "raw": Uint8Array.of(1),
  };
  return Object.fromEntries(
    NUMBERS.flatMap((name) =>
      Object.entries(values).map(([what, value]) => [`amd/${name}/${what}`, put(name, value)])
    ),
  );
}

/** Names of products: those of AMD's lines, steppings, and others. */
const PRODUCTS = [
  "Milan",
  "Milan-B0",
  "Milan-B1",
  "Genoa",
  "Genoa-B1",
  "Bergamo",
  "Siena-A0",
  "Turin",
  "Turin-C1",
  "Venice",
  "milan-b0",
  "Milanese",
  "",
  "Genoa ",
  "Genoa\n",
];

function textChanges(): Changes {
  const texts = (name: AmdName, values: readonly string[]): Changes =>
    Object.fromEntries(
      values.map((
        text,
      ) => [
        `amd/${name}/${text.trim() || "blank"}-${text.length}`,
        put(name, der.ia5String(text)),
      ]),
    );
  const encodings = (["productName", "cspId"] as const).flatMap((name) => [
    [`amd/${name}/utf8`, put(name, der.utf8String("Genoa"))],
    [`amd/${name}/printable`, put(name, der.printableString("Genoa"))],
    [`amd/${name}/not-ascii`, put(name, Uint8Array.of(0x16, 1, 0xe9))],
    [`amd/${name}/and-byte`, put(name, concat(der.ia5String("Genoa"), new Uint8Array(1)))],
  ]);
  return {
    ...texts("productName", PRODUCTS),
    ...texts("cspId", ["CN=cc-us-east-2.amazonaws.com", "x", ""]),
    ...Object.fromEntries(encodings),
  };
}

function hwidChanges(): Changes {
  const hwid = new Uint8Array(64).fill(0x5a);
  const values: Readonly<Record<string, Uint8Array>> = {
    "of-64": hwid,
    "of-8": hwid.slice(0, 8),
    "of-7": hwid.slice(0, 7),
    "of-63": hwid.slice(0, 63),
    "of-65": concat(hwid, new Uint8Array(1)),
    "of-8-and-zeros": concat(hwid.slice(0, 8), new Uint8Array(56)),
    "other": new Uint8Array(64).fill(1),
    "zeros": new Uint8Array(64),
    "as-octets": der.octetString(hwid),
    "of-8-as-octets": der.octetString(hwid.slice(0, 8)),
  };
  return Object.fromEntries(
    Object.entries(values).map(([what, value]) => [`amd/hwid/${what}`, put("hwid", value)]),
  );
}

/** Report and leaf agree, on versions that are at a border. */
function highTcbCases(base: SnpCase, platform: Platform): readonly PlannedCase[] {
  const parts = ["bootloader", "tee", "snp", "microcode", "fmc"] as const;
  return parts.filter((part) => part !== "fmc" || platform.line === "Turin").flatMap((part) =>
    [0, 127, 128, 255].map((value) => {
      const name = `${base.name}/agreed/${part}/${value}`;
      const fmc = platform.line === "Turin" ? 1 : null;
      const tcb: TcbVersion = { fmc, bootloader: 3, tee: 0, snp: 8, microcode: 115, [part]: value };
      return { name, make: async () => ({ ...await labCase("", platform, { tcb }), name }) };
    })
  );
}
