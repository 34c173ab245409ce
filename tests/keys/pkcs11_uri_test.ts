import assert from "node:assert/strict";
import { readKeyUri } from "../../src/hosts/pkcs11/uri.ts";

const MODULE = "module-path=/usr/lib/hsm.so";

Deno.test("readKeyUri() reads what RFC 7512 has for a key in a token", () => {
  assert.deepEqual(readKeyUri(`pkcs11:token=owner;object=casemate?${MODULE}`), {
    module: "/usr/lib/hsm.so",
    token: { label: "owner" },
    label: "casemate",
  });
  const whole = "PKCS11:id=%00%fF;serial=0a1;model=v1;manufacturer=Snake%20Oil,%20Inc.;" +
    "object=k%c3%bcche%3B&;type=private;token=The%20Software%20PKCS%2311%20Softtoken";
  assert.deepEqual(readKeyUri(`${whole}?pin-source=file:/etc/token_pin&${MODULE}`), {
    module: "/usr/lib/hsm.so",
    token: {
      label: "The Software PKCS#11 Softtoken",
      serial: "0a1",
      manufacturer: "Snake Oil, Inc.",
      model: "v1",
    },
    label: "küche;&",
    id: Uint8Array.of(0, 255),
    pinFile: "/etc/token_pin",
  });
});

Deno.test("readKeyUri() reads a PIN's file in each form of its own scheme", () => {
  const forms = [
    ["file:/run/pin", "/run/pin"],
    ["file:///run/pin", "/run/pin"],
    ["file://localhost/run/pin", "/run/pin"],
    ["FILE:/run/pin", "/run/pin"],
    ["file:/run/my%2520pin", "/run/my pin"],
  ];
  for (const [source, file] of forms) {
    const { pinFile } = readKeyUri(`pkcs11:token=a;object=b?${MODULE}&pin-source=${source}`);
    assert.equal(pinFile, file);
  }
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  [`file:token=a;object=b?${MODULE}`, /begin with pkcs11/],
  [`pkcs11:`, /token and serial/],
  [`pkcs11:object=b?${MODULE}`, /token and serial/],
  [`pkcs11:token=a?${MODULE}`, /object and id/],
  [`pkcs11:token=a;object=b`, /module-path/],
  [`pkcs11:token=a;object=b?module-path=hsm.so`, /absolute/],
  [`pkcs11:token=a;object=b?module-name=hsm`, /other than module-path/],
  [`pkcs11:token=a;object=b;token=c?${MODULE}`, /token stands in it twice/],
  [`pkcs11:token=a;object=b?${MODULE}&${MODULE}`, /twice/],
  [`pkcs11:token=a;object=b;slot-id=1?${MODULE}`, /other than token/],
  [`pkcs11:token=a;object=b;x-vendor=1?${MODULE}`, /other than token/],
  [`pkcs11:token=a;;object=b?${MODULE}`, /other than token/],
  [`pkcs11:token=a;object=b;?${MODULE}`, /other than token/],
  [`pkcs11:Token=a;object=b?${MODULE}`, /other than token/],
  [`pkcs11:token;object=b?${MODULE}`, /other than token/],
  [`pkcs11:token=;object=b?${MODULE}`, /token has another form/],
  [`pkcs11:token=a b;object=b?${MODULE}`, /token has another form/],
  [`pkcs11:token=a/b;object=b?${MODULE}`, /token has another form/],
  [`pkcs11:token=%4;object=b?${MODULE}`, /token has another form/],
  [`pkcs11:token=%zz;object=b?${MODULE}`, /token has another form/],
  [`pkcs11:token=ä;object=b?${MODULE}`, /token has another form/],
  [`pkcs11:token=%ff;object=b?${MODULE}`, /no UTF-8/],
  [`pkcs11:token=a;object=b%00?${MODULE}`, /zero byte/],
  [`pkcs11:token=a;object=b?module-path=/a%00b`, /zero byte/],
  [`pkcs11:token=a;object=b;type=public?${MODULE}`, /type/],
  [`pkcs11:token=a;object=b?${MODULE}#part`, /fragment/],
  [`pkcs11:token=a;object=b?${MODULE}&pin-source=/run/pin`, /pin-source/],
  [`pkcs11:token=a;object=b?${MODULE}&pin-source=%7C/bin/cat`, /programs are never started/],
  [`pkcs11:token=a;object=b?${MODULE}&pin-source=|/bin/cat`, /programs are never started/],
  [`pkcs11:token=a;object=b?${MODULE}&pin-source=file://host/run/pin`, /pin-source/],
  [`pkcs11:token=a;object=b?${MODULE}&pin-source=file:run/pin`, /pin-source/],
  [`pkcs11:token=a;object=b?${MODULE}&pin-source=https://host/pin`, /pin-source/],
  [`pkcs11:token=a;object=b?${MODULE}&pin-source=file:/run/%25ff`, /no UTF-8/],
];

for (const [uri, reason] of REFUSED) {
  Deno.test(`readKeyUri() refuses ${uri}`, () => {
    assert.throws(() => readKeyUri(uri), (error) => {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "keys.uri");
      assert.match(error.message, reason);
      return true;
    });
  });
}

Deno.test("readKeyUri() refuses a PIN in the address, and does not repeat it", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [`pkcs11:token=a;object=b?${MODULE}&pin-value=48151623`, /shows the PIN/],
    [`pkcs11:token=a;object=b;pin-value=48151623?${MODULE}`, /shows the PIN/],
    [`pkcs11:token=a;object=b?${MODULE}&pin-source=48151623`, /form file:/],
  ];
  for (const [uri, reason] of cases) {
    assert.throws(() => readKeyUri(uri), (error) => {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "keys.uri");
      assert.match(error.message, reason);
      assert.ok(!`${error.stack} ${error.cause}`.includes("48151623"));
      return true;
    });
  }
});
