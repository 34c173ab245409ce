import { deepEqual, equal, match, rejects, throws } from "node:assert/strict";
import { canonicalJson } from "../core/canonical_json.ts";
import { signDsse } from "../core/dsse.ts";
import { InputError, RejectedError } from "../core/errors.ts";
import { generateSigningKey, readSigningKey } from "../core/signing_key.ts";
import { type Bundle, readBundle, writeBundle } from "./bundle.ts";
import { openBundleFile, writeBundleFile } from "./bundle_file.ts";

const BUNDLE: Bundle = {
  made: new Date("2026-11-22T08:00:00.000Z"),
  items: [
    {
      key: "intel-pcs/tdx/certification/v4/qe/identity?update=standard",
      answer: {
        body: new Uint8Array([1, 2]),
        headers: { "sgx-enclave-identity-issuer-chain": "x" },
      },
      confirmed: new Date("2026-11-21T08:00:00.000Z"),
    },
    {
      key: "amd-kds/vcek/v1/Genoa/crl",
      answer: { body: new Uint8Array([0xff]), headers: {} },
      confirmed: new Date("2026-11-20T08:00:00.000Z"),
    },
  ],
};

const KEYS = { owner: await generateSigningKey("P-384"), other: await generateSigningKey("P-384") };

async function signed(bundle: Bundle = BUNDLE): Promise<Uint8Array> {
  return await writeBundleFile(bundle, [await readSigningKey(KEYS.owner.pkcs8)]);
}

/** The document of the bundle, for tests to bend. */
function bent(change: Readonly<Record<string, string | number>>, first = {}): Uint8Array {
  const { items, ...rest } = JSON.parse(new TextDecoder().decode(writeBundle(BUNDLE)));
  return canonicalJson({ ...rest, items: [{ ...items[0], ...first }, items[1]], ...change });
}

Deno.test("readBundle() reads what writeBundle() wrote, in the order of keys", () => {
  const { made, items } = readBundle(writeBundle(BUNDLE), "b.json");

  equal(made.getTime(), BUNDLE.made.getTime());
  deepEqual(items, [...BUNDLE.items].reverse());
});

Deno.test("readBundle() refuses what is not exactly a bundle", () => {
  const bends: readonly (readonly [RegExp, Uint8Array])[] = [
    [/v expected 1/, bent({ v: 2 })],
    [/extra is not known/, bent({ extra: 1 })],
    [/made expected a moment/, bent({ made: "2026-11-22" })],
    [/2026-02-30T08:00:00.000Z is no moment/, bent({ made: "2026-02-30T08:00:00.000Z" })],
    [/items\[0\].key expected a key/, bent({}, { key: "../../etc/passwd\n" })],
    [/items\[0\].body expected base64/, bent({}, { body: "" })],
    [/items\[0\].headers has a name/, bent({}, { headers: { "Set Cookie": "x" } })],
    [/items\[0\].headers.a expected the text/, bent({}, { headers: { a: "x\r\ny" } })],
    [
      /at most 8 headers/,
      bent({}, { headers: Object.fromEntries([..."123456789"].map((n) => [n, n])) }),
    ],
    [/twice/, bent({}, { key: "intel-pcs/tdx/certification/v4/qe/identity?update=standard" })],
    [/JSON|Unexpected|expected an object/, new TextEncoder().encode("[]")],
  ];
  for (const [message, payload] of bends) {
    throws(() => readBundle(payload, "b.json"), (error) => {
      match(String(error), message);
      return error instanceof InputError && error.code === "collateral.bundle_form";
    });
  }
});

Deno.test("openBundleFile() takes what an accepted key signed, and says which", async () => {
  const opened = await openBundleFile(await signed(), "b.json", {
    keys: [KEYS.other.publicKey, KEYS.owner.publicKey],
    unsigned: false,
  });

  equal(opened.by?.id, KEYS.owner.publicKey.id);
  equal(opened.items.length, 2);
});

Deno.test("openBundleFile() refuses another's signature, a changed payload, and another type", async () => {
  const file = new TextDecoder().decode(await signed());
  const { payload, ...rest } = JSON.parse(file);
  const changed = JSON.stringify({ ...rest, payload: btoa(atob(payload).replace("21T", "22T")) });
  const other = await signDsse("application/x+json", writeBundle(BUNDLE), [
    await readSigningKey(KEYS.owner.pkcs8),
  ]);
  const refused: readonly (readonly [string, Uint8Array, "owner" | "other"])[] = [
    ["dsse.key", await signed(), "other"],
    ["dsse.signature", new TextEncoder().encode(changed), "owner"],
    ["dsse.type", other, "owner"],
  ];
  for (const [code, bytes, key] of refused) {
    await rejects(
      openBundleFile(bytes, "b.json", { keys: [KEYS[key].publicKey], unsigned: false }),
      (error) => error instanceof RejectedError && error.code === code,
      code,
    );
  }
});

Deno.test("openBundleFile() takes nobody's word only where that is said", async () => {
  const plain = await writeBundleFile(BUNDLE, []);
  const none = { keys: [], unsigned: false };
  const anybody = { keys: [], unsigned: true };

  for (const file of [plain, await signed()]) {
    await rejects(
      openBundleFile(file, "b.json", none),
      (error) => error instanceof InputError && error.code === "collateral.bundle_unsigned",
    );
    equal((await openBundleFile(file, "b.json", anybody)).by, null);
  }
  const owners = { keys: [KEYS.owner.publicKey], unsigned: false };
  await rejects(openBundleFile(plain, "b.json", owners), /is not signed/);
});

Deno.test("writeBundleFile() writes nothing that is too large to be read again", async () => {
  const [first] = BUNDLE.items;
  const large = { body: new Uint8Array(13 * 1024 * 1024), headers: {} };
  const items = first === undefined ? [] : [{ ...first, answer: large }];

  await rejects(
    writeBundleFile({ ...BUNDLE, items }, []),
    (error) => error instanceof InputError && error.code === "input.too_large",
  );
});
