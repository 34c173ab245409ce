import assert from "node:assert/strict";
import { UnavailableError } from "../../src/core/errors.ts";
import { configfsTsm, TSM_REPORT } from "../../src/hosts/devices/configfs_tsm.ts";
import { denoMachine } from "../../src/hosts/devices/machine.ts";
import { denoTsmFiles } from "../../src/hosts/devices/tsm_files.ts";
import { assertUnavailable } from "./asking.ts";
import { RANDOM } from "./machines.ts";
import { systemError, tsmModel, type TsmModelOptions } from "./tsm_model.ts";

const REPORT_DATA = new Uint8Array(64).fill(0x2a);
const REPORT = new Uint8Array(1184).fill(1);

const plain: TsmModelOptions = { make: () => Promise.resolve({ report: REPORT }) };

/** A double, and how long was waited for it. */
function device(options: Partial<TsmModelOptions>) {
  const model = tsmModel({ ...plain, ...options });
  const waits: number[] = [];
  const timer = { wait: (milliseconds: number) => Promise.resolve(void waits.push(milliseconds)) };
  return {
    model,
    waits,
    tee: configfsTsm({ files: model.files, timer, random: RANDOM, root: "/root-of-test" }),
  };
}

Deno.test("configfsTsm() asks in a folder of its own, below the root, and removes it", async () => {
  const asked: (string | null)[] = [];
  const { model, tee } = device({
    make: (reportData, privilege) => {
      assert.deepEqual(reportData, REPORT_DATA);
      asked.push(privilege);
      return Promise.resolve({ report: REPORT, certificates: Uint8Array.of(7) });
    },
  });
  const { report, certificates, isQuote } = await tee.report(REPORT_DATA, 2);
  assert.deepEqual([report, certificates, isQuote], [REPORT, Uint8Array.of(7), true]);
  await tee.report(REPORT_DATA);
  assert.deepEqual([...new Set(asked)], ["2", null]);
  assert.equal(model.entries.size, 0);
  assert.equal(new Set(model.made).size, 2);
  for (const path of model.made) assert.ok(path.startsWith(`/root-of-test${TSM_REPORT}/casemate-`));
});

Deno.test("configfsTsm() takes neither certificates nor manifest where there are none", async () => {
  const { certificates, manifest } = await device({}).tee.report(REPORT_DATA);
  assert.deepEqual([certificates, manifest], [null, undefined]);
});

Deno.test("configfsTsm() asks anew where another writes between, and gives up in the end", async () => {
  let times = 0;
  const { model, tee } = device({
    between: (entry) => {
      if (times++ < 2) entry.generation++;
    },
  });
  await tee.report(REPORT_DATA);
  assert.equal(model.made.length, 3);

  const always = device({ between: (entry) => void entry.generation++ });
  await assertUnavailable(always.tee.report(REPORT_DATA), "device.busy");
  assert.equal(always.model.made.length, always.waits.length + 1);
  assert.equal(always.model.entries.size, 0);
  assert.ok(always.waits.reduce((sum, wait) => sum + wait) < 10_000);
});

for (const errno of ["EBUSY", "EAGAIN", "EWOULDBLOCK", "EINTR"]) {
  Deno.test(`configfsTsm() tries again after ${errno}`, async () => {
    let times = 0;
    const refuse = (doing: string) => doing === "read outblob" && times++ === 0 ? errno : null;
    const { tee, waits } = device({ refuse });
    await tee.report(REPORT_DATA);
    assert.equal(waits.length, 1);
  });
}

const REFUSALS: readonly (readonly [doing: string, errno: string, code: string])[] = [
  ["make", "ENOENT", "device.unreachable"],
  ["make", "ENXIO", "device.no_provider"],
  ["make", "ENODEV", "device.no_provider"],
  ["make", "EACCES", "device.permission"],
  ["make", "EROFS", "device.permission"],
  ["write inblob", "EINVAL", "device.refused"],
  ["write inblob", "EPERM", "device.permission"],
  ["read outblob", "EINVAL", "device.refused"],
  ["read outblob", "EFBIG", "device.too_large"],
  ["read outblob", "ENXIO", "device.no_provider"],
  ["read outblob", "EIO", "device.refused"],
  ["read auxblob", "EFBIG", "device.too_large"],
  ["remove", "EACCES", "device.permission"],
];

for (const [doing, errno, code] of REFUSALS) {
  Deno.test(`configfsTsm() says ${code} where the kernel says ${errno} to ${doing}`, async () => {
    const { model, tee } = device({ refuse: (what) => what === doing ? errno : null });
    await assert.rejects(tee.report(REPORT_DATA), (error) => {
      assert.ok(error instanceof UnavailableError);
      assert.deepEqual([error.code, error.fields["errno"]], [code, errno]);
      return true;
    });
    assert.equal(model.entries.size, doing === "remove" ? 1 : 0);
    assert.equal(model.made.length, doing === "make" ? 0 : 1);
  });
}

Deno.test("denoMachine() finds no TEE where nobody answers, and says what keeps it from asking", async () => {
  const providerWhere = (doing: string, errno: string) => {
    const { files } = tsmModel({ ...plain, refuse: (what) => what === doing ? errno : null });
    const timer = { wait: () => Promise.resolve() };
    return denoMachine({ files, random: RANDOM, timer }).teeProvider();
  };
  assert.equal(await providerWhere("nothing", ""), "sev_guest");
  for (const errno of ["ENOENT", "ENXIO", "ENODEV"]) {
    assert.equal(await providerWhere("make", errno), null);
  }
  for (const errno of ["EACCES", "EPERM", "EROFS"]) {
    await assertUnavailable(providerWhere("make", errno), "device.permission");
  }
  await assertUnavailable(providerWhere("read provider", "EIO"), "device.refused");
  await assertUnavailable(providerWhere("remove", "EBUSY"), "device.busy");
});

Deno.test("configfsTsm() refuses an empty report, and a TEE that it does not know", async () => {
  const empty = device({ make: () => Promise.resolve({ report: new Uint8Array() }) });
  await assertUnavailable(empty.tee.report(REPORT_DATA), "device.answer");
  const other = device({ provider: "arm_cca_guest" });
  await assertUnavailable(other.tee.report(REPORT_DATA), "device.answer");
});

Deno.test("configfsTsm() does not hide a mistake of the program", async () => {
  const { files } = tsmModel(plain);
  const broken = { ...files, makeFolder: () => Promise.reject(new TypeError("a bug")) };
  const timer = { wait: () => Promise.resolve() };
  const tee = configfsTsm({ files: broken, timer, random: RANDOM });
  await assert.rejects(tee.report(REPORT_DATA), TypeError);
});

Deno.test("denoTsmFiles writes in one piece to what is there, reads whole, and knows its limit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await denoTsmFiles.makeFolder(`${folder}/entry`);
    const path = `${folder}/entry/inblob`;
    // A file that the kernel did not make is none to be written.
    await assert.rejects(denoTsmFiles.writeOnce(path, REPORT_DATA), { code: "ENOENT" });
    await Deno.writeFile(path, new Uint8Array());
    await denoTsmFiles.writeOnce(path, REPORT_DATA);
    assert.deepEqual(await denoTsmFiles.read(path, 64), REPORT_DATA);
    await assertUnavailable(denoTsmFiles.read(path, 63), "device.too_large");
    await Deno.remove(path);
    await denoTsmFiles.removeFolder(`${folder}/entry`);
    await assert.rejects(denoTsmFiles.removeFolder(`${folder}/entry`), { code: "ENOENT" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("configfsTsm() on a machine without configfs says that it is not there", async () => {
  const root = await Deno.makeTempDir();
  try {
    const timer = { wait: () => Promise.resolve() };
    const tee = configfsTsm({ files: denoTsmFiles, timer, random: RANDOM, root });
    await assertUnavailable(tee.report(REPORT_DATA), "device.unreachable");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("the double's errors have the form of the runtime's", async () => {
  const real = await Deno.mkdir("/nowhere/at/all").then(() => null, (error: unknown) => error);
  assert.equal(Object(real).code, Object(systemError("ENOENT")).code);
});
