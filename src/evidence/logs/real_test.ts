/**
 * What real logs say, beside what tpm2_eventlog says of them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { parse } from "yaml";
import { noCorpus, overReal, realEntry } from "../../../tests/corpus.ts";
import { believeAll } from "../../../tests/fakes/event_log.ts";
import { createPortableEngine } from "../../core/portable/engine.ts";
import { noTpm2Tools, onBench } from "../../lab/tpm/tpm2_tools_test.ts";
import type { EventLog } from "./event_log.ts";
import { typeName } from "./event_types.ts";
import { type LogClaims, readClaims, readEventLog, remarkOn } from "./mod.ts";
import { operations } from "./portable/mod.ts";

const engine = createPortableEngine(operations);

const TPM_LOGS: readonly string[] = [
  "tpm-eventlog/arch-linux-workstation",
  "tpm-eventlog/cos-101-amd-sev",
  "tpm-eventlog/rhel8-uefi",
  "tpm-eventlog/ubuntu-1804-amd-sev",
  "tpm-eventlog/ubuntu-2404-amd-sevsnp",
  "gcp/gce-cos85-tpm-quote-nonce9009",
];

function bytesOf(name: string): Uint8Array {
  const { event_log: bytes } = realEntry(name).input.files;
  assert.ok(bytes, `${name} has an event log`);
  return bytes;
}

async function read(
  name: string,
): Promise<
  { readonly log: EventLog; readonly claims: LogClaims; readonly kinds: readonly string[] }
> {
  const registers = name.startsWith("ccel/") ? "rtmr" : "pcr";
  const log = await readEventLog(engine, bytesOf(name), registers);
  const { found, remarks } = await readClaims(log, believeAll(log));
  return { log, claims: found, kinds: [...remarks, ...remarkOn(log)].map(({ kind }) => kind) };
}

type Yaml = Readonly<Record<string, unknown>>;

function isYaml(value: unknown): value is Yaml {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Events as tpm2_eventlog tells them, without the header, and registers of SHA-256. */
async function askTools(
  name: string,
): Promise<{ readonly events: readonly Yaml[]; readonly registers: Yaml }> {
  return await onBench(async ({ write, run }) => {
    await write("log", bytesOf(name));
    const { text } = await run("tpm2_eventlog", "log");
    const told: unknown = parse(text.slice(text.indexOf("---\n")).replace(/\nWARN[^\n]*/g, ""), {
      schema: "failsafe",
    });
    assert.ok(isYaml(told) && Array.isArray(told["events"]) && isYaml(told["pcrs"]));
    const { sha256 } = told["pcrs"];
    assert.ok(isYaml(sha256));
    return { events: told["events"].filter(isYaml).slice(1), registers: sha256 };
  });
}

function digestIn(event: Yaml): unknown {
  const digests: unknown = event["Digests"];
  assert.ok(Array.isArray(digests));
  return digests.filter(isYaml).find(({ AlgorithmId }) => AlgorithmId === "sha256")?.["Digest"];
}

for (const name of TPM_LOGS) {
  const title = overReal(`readClaims() agrees with tpm2_eventlog on ${name}`);
  Deno.test({
    ...title,
    ignore: noCorpus || noTpm2Tools,
    async fn() {
      const { log, claims } = await read(name);
      const { events, registers } = await askTools(name);

      assert.deepEqual(
        log.events.filter(({ register }) => register !== null).map((event) =>
          [event.register, typeName(event.type, event.content), event.digests["sha256"]].join(" ")
        ),
        events.filter(({ EventType }) => EventType !== "EV_NO_ACTION")
          .map((event) => [event["PCRIndex"], event["EventType"], digestIn(event)].join(" ")),
      );
      assert.deepEqual(
        log.replay.sha256,
        Object.fromEntries(
          Object.entries(registers).map(([key, value]) => [key.trim(), String(value).slice(2)]),
        ),
      );
      const images = events.filter(({ EventType }) =>
        EventType === "EV_EFI_BOOT_SERVICES_APPLICATION"
      );
      assert.deepEqual(
        claims.applications.map(({ digests }) => digests.sha256),
        images.map(digestIn),
      );
      const secureBoot = events.map(({ Event }) => Event).filter(isYaml)
        .find(({ UnicodeName }) => UnicodeName === "SecureBoot");
      // An empty value is told as nothing.
      assert.equal(claims.secureBoot?.enabled, secureBoot?.["VariableData"] === "01");
    },
  });
}

Deno.test({
  ...overReal("readClaims() finds what real firmware and GRUB measured"),
  async fn() {
    const { claims, kinds } = await read("tpm-eventlog/ubuntu-2404-amd-sevsnp");
    assert.deepEqual(
      claims.signatureDatabases.map(({ name, certificateCount, hashCount }) =>
        `${name} ${certificateCount} ${hashCount}`
      ),
      ["PK 1 0", "KEK 1 0", "db 2 0", "dbx 0 371"],
    );
    assert.deepEqual(claims.authorities.map(({ variable, by }) => [variable?.name, by]), [
      ["SbatLevel", "shim"],
    ]);
    assert.match(claims.commandLine?.text ?? "", /^\/vmlinuz-6\.8\.0-1010-gcp root=PARTUUID=/);
    assert.equal(claims.commandLine?.complete, true);
    assert.equal(claims.bootLoader?.count, 71);
    assert.deepEqual(claims.bootServicesExit?.failures, 1);
    assert.equal(claims.ownerKeys.length, 3);
    assert.deepEqual(kinds, []);
  },
});

Deno.test({
  ...overReal("readClaims() finds one certificate in db and in the authority that it was"),
  async fn() {
    const { claims } = await read("tpm-eventlog/cos-101-amd-sev");
    const db = claims.signatureDatabases.find(({ name }) => name === "db");
    const [authority] = claims.authorities;
    assert.ok(db && authority);
    assert.deepEqual(db.certificates, [authority.certificate]);
    // GRUB quotes an argument with blanks in it; the command of GRUB had no quotes.
    assert.match(claims.commandLine?.text ?? "", / "dm=1 vroot none ro 1,/);
  },
});

Deno.test({
  ...overReal("LOG-03 readClaims() reads nothing behind a second separator of a real TD"),
  async fn() {
    for (const name of ["ccel/dupe-separator", "ccel/grub-trustee", "ccel/ovmf-trustee"]) {
      const { claims, kinds } = await read(name);
      assert.notEqual(claims.secureBoot, null, name);
      assert.deepEqual([claims.authorities, claims.applications, claims.bootServicesExit], [
        [],
        [],
        null,
      ]);
      assert.deepEqual(kinds, ["separator-repeated", "separator-missing"]);
    }
    const { claims, kinds } = await read("ccel/gcp-trustee");
    assert.deepEqual([claims.applications.length, claims.bootServicesExit?.register, kinds], [
      2,
      1,
      [],
    ]);
  },
});

Deno.test({
  ...overReal("readClaims() claims nothing on the word of SHA-1"),
  async fn() {
    const { claims, kinds } = await read("tpm-eventlog/debian-10-sha1-only");
    assert.deepEqual(Object.values(claims).flat().filter((claim) => claim !== null), []);
    assert.deepEqual(kinds, ["sha1-only", "variable-not-covered"]);
  },
});

Deno.test({
  ...overReal("LOG-06 readClaims() finds the command line of each version of GRUB"),
  async fn() {
    for (
      const [name, line] of [
        ["tpm-eventlog/rhel8-uefi", /^\(hd0,gpt2\)\/boot\/vmlinuz-4\.18\.0-240.* root=UUID=/],
        ["tpm-eventlog/ubuntu-1804-amd-sev", /^\/boot\/vmlinuz-5\.4\.0-1046-gcp root=LABEL=/],
        ["gcp/gce-cos85-tpm-quote-nonce9009", /^\/syslinux\/vmlinuz\.A init=/],
      ] as const
    ) {
      const { claims } = await read(name);
      assert.match(claims.commandLine?.text ?? "", line);
      assert.deepEqual([claims.commandLine?.complete, claims.bootLoader?.complete], [true, true]);
    }
    const { claims } = await read("ccel/dupe-separator");
    assert.deepEqual([claims.commandLine?.register, claims.commandLine?.complete], [2, false]);
  },
});
