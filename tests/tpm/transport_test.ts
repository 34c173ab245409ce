/**
 * Ways to a TPM: TCP, unix sockets, the kernel's device; and TPMs that do not answer as they should.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, fromHex } from "../../src/core/bytes.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import { denoTpms } from "../../src/hosts/deno_tpm.ts";
import { getRandom } from "../../src/evidence/tpm/device/state.ts";
import { answer } from "../fakes/scripted_tpm.ts";
import { connected, deviceOver, notInstalled, testWithTpm, withSwtpm } from "./swtpm.ts";

const COMMAND = fromHex("80010000000c0000017b0004");
const RANDOM = answer(0, "0004 01020304");

const isUnreachable = (reason: RegExp) => (error: unknown) =>
  error instanceof UnavailableError && error.code === "tpm.device_unreachable" &&
  reason.test(error.message);

for (const over of ["unix", "tcp"] as const) {
  testWithTpm(
    `a TPM answers over ${over}, one client after the other, commands at once one by one`,
    () =>
      withSwtpm({ over }, async (tpm) => {
        for (let client = 0; client < 3; client++) {
          await connected(tpm, async (device) => {
            const all = Array.from({ length: 20 }, (_, i) => getRandom(device, i + 1));
            const lengths = (await Promise.all(all)).map((bytes) => bytes.length);
            assert.deepEqual(lengths, Array.from({ length: 20 }, (_, i) => i + 1));
          });
        }
      }),
  );
}

testWithTpm(
  "a TPM whose queue is full is waited for, and not for ever",
  () =>
    withSwtpm({}, async ({ address, pid }) => {
      // Stopped, it takes nobody out of its queue.
      Deno.kill(pid, "SIGSTOP");
      const queued = await untilFull(address);
      await assert.rejects(
        denoTpms({ connect: 100, exchange: 1000 }).open(address),
        isUnreachable(/others wait for it already|no answer within 0\.1 s/),
      );
      const opening = denoTpms().open(address);
      for (const one of queued) one.close();
      Deno.kill(pid, "SIGCONT");

      const connection = await opening;
      assert.equal((await getRandom(deviceOver(connection), 8)).length, 8);
      connection.close();
    }),
);

/** Connects until there is no room. */
async function untilFull(address: string): Promise<readonly Deno.Conn[]> {
  const path = address.slice("unix:".length);
  const queued: Deno.Conn[] = [];
  try {
    for (;;) queued.push(await Deno.connect({ transport: "unix", path }));
  } catch (error) {
    assert.ok(error instanceof Deno.errors.WouldBlock, String(error));
    return queued;
  }
}

/** A pseudoterminal in front of a socket: the nearest to a character device that needs no driver. */
const BRIDGE = `
import os, pty, socket, sys, tty
ours, theirs = pty.openpty()
tty.setraw(theirs)
tpm = socket.socket(socket.AF_UNIX)
tpm.connect(sys.argv[1])
print(os.ttyname(theirs), flush=True)
while True:
    tpm.sendall(os.read(ours, 4096))
    os.write(ours, tpm.recv(4096))
`;

testWithTpm("a TPM answers through a character device", () =>
  withSwtpm({}, async (tpm) => {
    const path = tpm.address.slice("unix:".length);
    const args = ["-c", BRIDGE, path];
    const bridge = new Deno.Command("python3", { args, stdout: "piped" }).spawn();
    try {
      const reader = bridge.stdout.getReader();
      const device = new TextDecoder().decode((await reader.read()).value).trim();
      reader.releaseLock();
      const connection = await denoTpms().open(device);
      assert.equal((await getRandom(deviceOver(connection), 32)).length, 32);
      connection.close();
    } finally {
      bridge.kill();
      await bridge.status;
      await bridge.stdout.cancel();
    }
  }), await notInstalled(["python3"]));

/** Serves one client of a double: what it reads is answered by a script of bytes and pauses. */
async function withServer<T>(
  serve: (client: Deno.Conn) => Promise<void>,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = listener.accept().then(serve);
  try {
    return await use(`127.0.0.1:${listener.addr.port}`);
  } finally {
    await served;
    listener.close();
  }
}

async function takeCommand(client: Deno.Conn): Promise<void> {
  const bytes = new Uint8Array(4096);
  for (let length = 0; length < COMMAND.length;) length += await client.read(bytes) ?? 4096;
}

async function untilGone(client: Deno.Conn): Promise<void> {
  try {
    while (await client.read(new Uint8Array(64)) !== null);
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  } finally {
    client.close();
  }
}

Deno.test("denoTpms() puts an answer together that comes in pieces, and gives what is too long as it is", () =>
  withServer(async (client) => {
    await takeCommand(client);
    for (const byte of RANDOM) await client.write(Uint8Array.of(byte));
    await takeCommand(client);
    await client.write(concat(RANDOM, Uint8Array.of(9)));
    await untilGone(client);
  }, async (address) => {
    const connection = await denoTpms().open(address);
    assert.deepEqual(await connection.exchange(COMMAND), RANDOM);
    const device = deviceOver(connection);
    await assert.rejects(getRandom(device, 4), { code: "tpm.device_answer" });
    connection.close();
  }));

Deno.test("denoTpms() says so where a TPM hangs up, and sends nothing more", () =>
  withServer(async (client) => {
    await takeCommand(client);
    await client.write(RANDOM.subarray(0, 12));
    client.close();
  }, async (address) => {
    const connection = await denoTpms().open(address);
    await assert.rejects(
      connection.exchange(COMMAND),
      isUnreachable(/hung up before the answer was whole/),
    );
    await assert.rejects(connection.exchange(COMMAND), isUnreachable(/hung up/));
    connection.close();
  }));

Deno.test("denoTpms() waits for an answer no longer than it was told, and sends nothing more", () =>
  withServer(untilGone, async (address) => {
    const connection = await denoTpms({ connect: 5000, exchange: 30 }).open(address);
    const [first, second] = [connection.exchange(COMMAND), connection.exchange(COMMAND)];
    await assert.rejects(first, isUnreachable(/no answer within 0\.03 s/));
    await assert.rejects(second, isUnreachable(/no answer within 0\.03 s/));
    connection.close();
  }));

Deno.test("denoTpms() takes no command after it was closed", () =>
  withServer(untilGone, async (address) => {
    const connection = await denoTpms().open(address);
    connection.close();
    connection.close();
    await assert.rejects(connection.exchange(COMMAND), isUnreachable(/closed/));
  }));

const NOWHERE: readonly (readonly [string, RegExp])[] = [
  ["/dev/no-such-tpm", /it does not exist/],
  ["unix:/no/such/socket", /it does not exist/],
  ["127.0.0.1:1", /nothing listens there/],
];

for (const [address, reason] of NOWHERE) {
  Deno.test(`denoTpms() does not reach ${address}`, async () => {
    await assert.rejects(denoTpms().open(address), isUnreachable(reason));
  });
}
