import assert from "node:assert/strict";
import { UnavailableError } from "../../src/core/errors.ts";
import { denoGuestDevices, type GuestDevices } from "../../src/hosts/devices/guest_device.ts";
import { sevGuest } from "../../src/hosts/devices/sev_guest.ts";
import { SEV_GUEST_REQUEST } from "../../src/hosts/devices/sev_guest_abi.ts";
import { tdxGuest } from "../../src/hosts/devices/tdx_guest.ts";
import { TDX_GET_REPORT0 } from "../../src/hosts/devices/tdx_guest_abi.ts";
import { assertUnavailable } from "./asking.ts";

const REPORT_DATA = new Uint8Array(64).fill(0x2a);
const { getReport, getExtReport } = SEV_GUEST_REQUEST;

/** What the kernel does with a request to `/dev/sev-guest`: the bytes that it points to can be changed. */
interface Call {
  readonly request: number;
  /** What `req_data` points to. */
  readonly asked: Uint8Array;
  /** What `resp_data` points to. */
  readonly answer: Uint8Array;
  /** What the request with certificates points to; empty of the other. */
  readonly certificates: Uint8Array;
}

/** What comes of it: name of an error, firmware's and hypervisor's. */
type Outcome = readonly [errno: string | null, firmware?: number, vmm?: number];

/** A double of the kernel's driver, which follows pointers as the kernel does. */
function sevDouble(act: (call: Call, times: number) => Outcome) {
  const memory = new Map<bigint, Uint8Array>();
  const calls: Call[] = [];
  let next = 0x1000n;
  let open = 0;
  const devices: GuestDevices = {
    addressOf(bytes) {
      memory.set(next += 0x100000n, bytes);
      return next;
    },
    open(path) {
      assert.equal(path, "/root-of-test/dev/sev-guest");
      open++;
      return {
        ioctl(request, argument) {
          const view = new DataView(argument.buffer);
          assert.deepEqual([argument.length, view.getUint8(0)], [32, 1]);
          const at = (offset: number, from: DataView = view) =>
            memory.get(from.getBigUint64(offset, true)) ?? assert.fail("points to nothing");
          const [asked, answer] = [at(8), at(16)];
          const inside = new DataView(asked.buffer);
          const certificates = request === getExtReport ? at(96, inside) : new Uint8Array();
          if (request === getExtReport) {
            assert.equal(inside.getUint32(104, true), certificates.length);
          }
          const call = { request, asked, answer, certificates };
          calls.push(call);
          const [errno, firmware = 0, vmm = 0] = act(call, calls.length);
          view.setUint32(24, firmware, true);
          view.setUint32(28, vmm, true);
          return errno;
        },
        close: () => void open--,
      };
    },
  };
  const waits: number[] = [];
  const timer = { wait: (milliseconds: number) => Promise.resolve(void waits.push(milliseconds)) };
  const tee = sevGuest({ devices, timer, root: "/root-of-test" });
  return { tee, calls, waits, isOpen: () => open !== 0 };
}

/** MSG_REPORT_RSP with a report that holds the report data. */
function answerReport({ asked, answer }: Call): Outcome {
  const view = new DataView(answer.buffer);
  view.setUint32(4, 1184, true);
  answer.set(asked.subarray(0, 64), 32 + 0x50);
  return [null];
}

Deno.test("sevGuest() asks with certificates, and gives report and table", async () => {
  const { tee, calls, isOpen } = sevDouble((call) => {
    call.certificates[0] = 9;
    return answerReport(call);
  });
  const { report, certificates, provider } = await tee.report(REPORT_DATA, 1);
  assert.equal(provider, "sev_guest");
  assert.deepEqual([report.length, certificates?.length, certificates?.[0]], [1184, 0x4000, 9]);
  assert.deepEqual(report.subarray(0x50, 0x90), REPORT_DATA);
  const [call, ...others] = calls;
  assert.deepEqual([call?.request, call?.asked[64], others], [getExtReport, 1, []]);
  assert.equal(isOpen(), false);
});

Deno.test("sevGuest() gives no certificates where the hypervisor has none", async () => {
  const { tee } = sevDouble((call) => answerReport(call));
  assert.equal((await tee.report(REPORT_DATA)).certificates, null);
});

Deno.test("sevGuest() gives as much room as the hypervisor wants, up to a limit", async () => {
  const { tee, calls } = sevDouble((call, times) => {
    if (times > 1) return answerReport(call);
    new DataView(call.asked.buffer).setUint32(104, 0x9000, true);
    return ["EIO", 0, 1];
  });
  await tee.report(REPORT_DATA);
  assert.deepEqual(calls.map(({ certificates }) => certificates.length), [0x4000, 0x9000]);

  for (const wanted of [0x80000000, 0x4000, 0x9001]) {
    const greedy = sevDouble(({ asked }) => {
      new DataView(asked.buffer).setUint32(104, wanted, true);
      return ["EIO", 0, 1];
    });
    await assertUnavailable(greedy.tee.report(REPORT_DATA), "device.too_large");
    assert.equal(greedy.calls.length, 1);
  }
});

Deno.test("sevGuest() waits while the hypervisor is busy, and gives up in the end", async () => {
  const { tee, waits } = sevDouble((call, times) => times < 3 ? ["EIO", 0, 2] : answerReport(call));
  await tee.report(REPORT_DATA);
  assert.equal(waits.length, 2);
  const always = sevDouble(() => ["EIO", 0, 2]);
  await assertUnavailable(always.tee.report(REPORT_DATA), "device.busy");
  assert.equal(always.isOpen(), false);
});

Deno.test("sevGuest() asks without certificates where kernel or hypervisor know none", async () => {
  for (const errno of ["ENOTTY", "EINVAL", "EIO"]) {
    const { tee, calls } = sevDouble((call) =>
      call.request === getExtReport ? [errno] : answerReport(call)
    );
    assert.equal((await tee.report(REPORT_DATA)).certificates, null);
    assert.deepEqual(calls.map(({ request }) => request), [getExtReport, getReport]);
  }
});

Deno.test("sevGuest() says who refused: firmware, hypervisor, or the firmware in its answer", async () => {
  const cases: readonly (readonly [Outcome, RegExp])[] = [
    [["EIO", 0x16], /refused by the firmware, error 0x16$/],
    [["EFAULT", 0, 0], /\(EFAULT\)$/],
  ];
  for (const [outcome, says] of cases) {
    const { tee } = sevDouble(() => outcome);
    await assert.rejects(tee.report(REPORT_DATA), says);
  }
  const inAnswer = sevDouble(({ answer }) => {
    new DataView(answer.buffer).setUint32(0, 0x16, true);
    return [null];
  });
  await assert.rejects(inAnswer.tee.report(REPORT_DATA), /refused by the firmware, error 0x16$/);
});

Deno.test("sevGuest() refuses an answer whose report reaches past its end, and an empty one", async () => {
  for (const size of [0, 4000, 0xffffffff]) {
    const { tee } = sevDouble(({ answer }) => {
      new DataView(answer.buffer).setUint32(4, size, true);
      return [null];
    });
    await assertUnavailable(tee.report(REPORT_DATA), "device.answer");
  }
});

function tdxDouble(act: (argument: Uint8Array, times: number) => string | null) {
  let [open, times] = [0, 0];
  const devices: GuestDevices = {
    addressOf: () => assert.fail("the request points to nothing"),
    open(path) {
      assert.equal(path, "/dev/tdx_guest");
      open++;
      return {
        ioctl: (request, argument) => {
          assert.equal(request, TDX_GET_REPORT0);
          return act(argument, ++times);
        },
        close: () => void open--,
      };
    },
  };
  return { tee: tdxGuest({ devices, timer: { wait: () => Promise.resolve() } }), open: () => open };
}

Deno.test("tdxGuest() gives a TD report, and says that it is no quote", async () => {
  const { tee, open } = tdxDouble((argument, times) => {
    assert.deepEqual(argument.subarray(0, 64), REPORT_DATA);
    if (times === 1) return "EBUSY";
    argument.fill(3, 64);
    return null;
  });
  const { report, isQuote, provider } = await tee.report(REPORT_DATA);
  assert.deepEqual([provider, isQuote, report], ["tdx_guest", false, new Uint8Array(1024).fill(3)]);
  assert.equal(open(), 0);
});

Deno.test("tdxGuest() says what the kernel refuses", async () => {
  await assertUnavailable(tdxDouble(() => "EBUSY").tee.report(REPORT_DATA), "device.busy");
  await assertUnavailable(tdxDouble(() => "EIO").tee.report(REPORT_DATA), "device.refused");
});

Deno.test("denoGuestDevices() reaches the kernel: a device that is not there, one that is another", () => {
  const devices = denoGuestDevices();
  assert.throws(() => devices.open("/nowhere/sev-guest"), (error) => {
    assert.ok(error instanceof UnavailableError);
    return error.code === "device.unreachable" && error.fields["errno"] === "ENOENT";
  });
  const device = devices.open("/dev/null");
  try {
    assert.equal(device.ioctl(getReport, new Uint8Array(32)), "ENOTTY");
  } finally {
    device.close();
  }
});

Deno.test("denoGuestDevices() gives addresses that the kernel can follow", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const address = denoGuestDevices().addressOf(bytes);
  const pointer = Deno.UnsafePointer.create(address) ?? assert.fail("no pointer");
  assert.deepEqual(new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, 4)), bytes);
});
