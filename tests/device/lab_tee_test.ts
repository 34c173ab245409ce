import assert from "node:assert/strict";
import { Socket } from "node:net";
import { toBase64url } from "../../src/core/base64url.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { InputError } from "../../src/core/errors.ts";
import { labTee } from "../../src/hosts/devices/lab_tee.ts";
import { openTee } from "../../src/hosts/devices/machine.ts";
import { denoTsmFiles } from "../../src/hosts/devices/tsm_files.ts";
import { mintSnp, pem } from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { assertCollects, assertUnavailable } from "./asking.ts";
import { BARE, RANDOM, TIMER } from "./machines.ts";

const amd = await labAuthority();
const REPORT_DATA = new Uint8Array(64).fill(0x2a);
const ports = { timer: TIMER, random: RANDOM };

/** A service at a unix socket, for a while. */
async function served<T>(
  answer: (request: Request) => Promise<Response>,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_tee_" });
  const path = `${folder}/tee.sock`;
  await using _server = Deno.serve({ path, onListen: () => {} }, answer);
  try {
    return await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The lab's TEE by its contract. */
async function lab(request: Request): Promise<Response> {
  assert.equal(`${request.method} ${new URL(request.url).pathname}`, "POST /report");
  const { reportData, ...others } = await request.json();
  assert.deepEqual(Object.keys(others).filter((name) => name !== "privilege"), []);
  const { report, der } = await mintSnp(amd, { now: NOW, reportData: fromHex(reportData) });
  return Response.json({
    provider: "sev_guest",
    report: toBase64url(report),
    leaf: toBase64url(der.leaf),
    chain: [toBase64url(der.intermediate), toBase64url(der.ark)],
    lists: [toBase64url(der.crl)],
  });
}

Deno.test("labTee() gives evidence that a verifier takes as the lab's", () =>
  served(lab, async (path) => {
    const tee = await openTee(`unix:${path}`, ports) ?? assert.fail();
    const { report, isQuote } = await tee.report(REPORT_DATA, 1);
    assert.deepEqual([report.subarray(0x50, 0x90), isQuote], [REPORT_DATA, true]);
    await assertCollects({ ...BARE, tee }, {
      variant: "sev-snp",
      section: { measurements: [toHex(report.subarray(0x90, 0xc0))] },
      roots: pem("CERTIFICATE", amd.ARK.certificate),
    });
  }));

const WRONG: readonly (readonly [name: string, answer: () => Response, code: string])[] = [
  ["refuses", () => Response.json({ code: "x", message: "no" }, { status: 400 }), "lab_refused"],
  ["redirects", () => Response.redirect("http://127.0.0.1:1/report", 302), "lab_refused"],
  ["is no JSON", () => new Response("report"), "answer"],
  ["has no report", () => Response.json({ provider: "sev_guest" }), "answer"],
  ["has one certificate", () => Response.json({ ...WHOLE, chain: ["AAAA"] }), "answer"],
  ["has another member", () => Response.json({ ...WHOLE, key: "AAAA" }), "answer"],
  ["has no end", () => new Response(new Uint8Array(70_000)), "answer"],
];

const WHOLE = {
  ...{ provider: "sev_guest", report: "AAAA", leaf: "AAAA" },
  ...{ chain: ["AAAA", "AAAA"], lists: [] },
};

for (const [name, answer, code] of WRONG) {
  Deno.test(`labTee() refuses an answer that ${name}`, () =>
    served(
      () => Promise.resolve(answer()),
      (path) => assertUnavailable(labTee(path).report(REPORT_DATA), `device.${code}`),
    ));
}

Deno.test("labTee() connects without node:net, which closes the descriptor of a unix socket twice", () =>
  served(lab, async (path) => {
    const { connect } = Socket.prototype;
    const apply = (): never => assert.fail("node:net connects");
    Socket.prototype.connect = new Proxy(connect, { apply });
    try {
      assert.throws(() => new Socket().connect({ path }), /node:net connects/);
      const { report } = await labTee(path).report(REPORT_DATA);
      assert.deepEqual(report.subarray(0x50, 0x90), REPORT_DATA);
    } finally {
      Socket.prototype.connect = connect;
    }
  }));

Deno.test("labTee() says where nobody answers", async () => {
  await assertUnavailable(labTee("/nowhere/tee.sock").report(REPORT_DATA), "device.unreachable");
});

Deno.test("openTee() refuses an address that is none, and finds none where there is none", async () => {
  await assert.rejects(
    openTee("lab", ports),
    (error) => error instanceof InputError && error.code === "input.value",
  );
  assert.equal(await openTee("none", ports), null);
  const root = await Deno.makeTempDir();
  try {
    assert.equal(await openTee("auto", { ...ports, root }), null);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("openTee() takes configfs-tsm before a device, and a device where nobody answers it", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/dev`);
    await Deno.writeFile(`${root}/dev/sev-guest`, new Uint8Array());
    const opened: string[] = [];
    const devices = {
      addressOf: () => 0n,
      open: (path: string) => {
        opened.push(path);
        return { ioctl: () => "EIO", close: () => {} };
      },
    };
    const made: string[] = [];
    const files = {
      ...denoTsmFiles,
      makeFolder: (path: string) => Promise.resolve(void made.push(path)),
      removeFolder: () => Promise.resolve(),
      read: () => Promise.resolve(new TextEncoder().encode("sev_guest\n")),
      writeOnce: () => Promise.reject(Object.assign(new Error(), { code: "EIO" })),
    };
    const through = await openTee("auto", { ...ports, root, devices, files });
    await assertUnavailable(through?.report(REPORT_DATA) ?? assert.fail(), "device.refused");
    assert.deepEqual([made.length, opened], [2, []]);

    const bare = await openTee("auto", { ...ports, root, devices });
    await assertUnavailable(bare?.report(REPORT_DATA) ?? assert.fail(), "device.refused");
    assert.deepEqual(opened, [`${root}/dev/sev-guest`]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
