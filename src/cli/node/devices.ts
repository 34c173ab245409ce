/**
 * The machine of an agent: its devices as flags name them, or as they are found.
 *
 * @module
 */

import type { NodeHost } from "../../core/node_host.ts";
import type { Host, Tpms, TpmTransport } from "../../core/ports.ts";
import { UnavailableError } from "../../core/errors.ts";
import type { TpmConnection } from "../../core/ports.ts";
import {
  Collector,
  detectVariant,
  EVENT_LOGS,
  issuerOf,
  type NodeDevices,
  type NodeTpm,
  type PlatformProbe,
  probePlatform,
  probeTpm,
} from "../../evidence/issuers.ts";
import type { VariantFacts, VariantId } from "../../evidence/variants/facts.ts";
import { VARIANTS } from "../../evidence/variants/table.ts";
import { type RuntimeRegister, tpmRegister } from "../../node/register.ts";
import { nodeError } from "../../node/refusal.ts";
import { tdRuntimeRegister } from "../../node/td_register.ts";
import { flagError, type Given } from "../input/given.ts";
import * as flags from "./flags.ts";

/** The kernel's TPM behind its resource manager, and the bare one, which alone takes commands of vendors. */
const TPM = { managed: "/dev/tpmrm0", bare: "/dev/tpm0" } as const;

/** Prefix of the address of a lab's TEE. */
const LAB_TEE = "unix:";

/** The machine of an agent. */
export interface NodeMachine {
  /** Variant of its evidence. */
  readonly variant: VariantId;
  /** Register of the phase; null where only the statement says it. */
  readonly register: RuntimeRegister | null;
  /**
   * Collects an envelope.
   *
   * @param statement Exact bytes.
   * @param nonce The nonce, 32 bytes.
   */
  collect(statement: Uint8Array, nonce: Uint8Array): Promise<Uint8Array>;
  /** Closes what was opened. */
  close(): void;
}

/**
 * Opens the devices of a node.
 *
 * @param host The machine.
 * @param node What agents need of it.
 * @param given The flags.
 * @throws {UnavailableError} `device.*`, `node.no_tee`
 * @throws {OperationError} `node.no_register`, `node.register`
 * @throws {InputError} `input.value`
 */
export async function openMachine(
  host: Host,
  node: NodeHost,
  given: Given,
): Promise<NodeMachine> {
  const root = given.text(flags.ROOT_FLAG) ?? "";
  const teeAddress = given.text(flags.TEE_FLAG) ?? "auto";
  const managed = await tpmOf(host, node, given, TPM.managed);
  const variant = await variantOf(node, given, managed);
  const tee = await node.openTee(teeAddress, root);
  const { tee: needsTee, reportData, akProof, runtimeRegister } = VARIANTS[variant];
  if (needsTee !== null && reportData !== "paravisor" && tee === null) {
    throw nodeError("node.no_tee", `${variant} has one, and --tee ${teeAddress} gives none`);
  }
  // The resource manager does not pass the vendor's command of a NitroTPM.
  const tpm = akProof === "nitro-document" ? await tpmOf(host, node, given, TPM.bare) : managed;
  const isLab = teeAddress.startsWith(LAB_TEE);
  const devices: NodeDevices = {
    ...{ tee, tpm, files: host.files, timer: host.timer },
    eventLogs: {
      tpm: given.text(flags.EVENT_LOG_FLAG) ?? `${root}${EVENT_LOGS.tpm ?? ""}`,
      td: `${root}${EVENT_LOGS.td ?? ""}`,
    },
    metadata: isLab ? null : node.metadata(),
  };
  const collector = new Collector(issuerOf(variant), devices);
  return {
    variant,
    register: await registerOf(runtimeRegister, { variant, tpm, node, root }),
    collect: (statement, nonce) => collector.collect(statement, nonce),
    close: () => [managed, tpm].forEach((one) => one?.transport.close()),
  };
}

/**
 * What the machine shows of its platform.
 *
 * @param host The machine.
 * @param node What agents need of it.
 * @param given The flags.
 */
export async function probeMachine(
  host: Host,
  node: NodeHost,
  given: Given,
): Promise<PlatformProbe> {
  const tpm = await tpmOf(host, node, given, TPM.managed);
  try {
    return await probeWith(node, given, tpm);
  } finally {
    tpm?.transport.close();
  }
}

async function probeWith(
  node: NodeHost,
  given: Given,
  tpm: NodeTpm | null,
): Promise<PlatformProbe> {
  const machine = node.machine(given.text(flags.ROOT_FLAG) ?? "");
  return await probePlatform(machine, tpm === null ? null : await probeTpm(tpm));
}

async function registerOf(
  which: VariantFacts["runtimeRegister"],
  { variant, tpm, node, root }: {
    readonly variant: VariantId;
    readonly tpm: NodeTpm | null;
    readonly node: NodeHost;
    readonly root: string;
  },
): Promise<RuntimeRegister | null> {
  if (which === null) return null;
  if (which === "RTMR 3") return await tdRuntimeRegister(await node.openTdRegister(root));
  if (tpm !== null) return tpmRegister(tpm);
  throw nodeError("node.no_register", `${variant} has PCR 15, and no TPM was found`);
}

async function variantOf(
  node: NodeHost,
  given: Given,
  tpm: NodeTpm | null,
): Promise<VariantId> {
  const text = given.text(flags.VARIANT_FLAG) ?? "auto";
  if (text === "auto") return detectVariant(await probeWith(node, given, tpm));
  if (isVariant(text)) return text;
  const flag = `--${flags.VARIANT_FLAG}`;
  const known = Object.keys(VARIANTS).join(", ");
  throw flagError("input.value", `Cannot use ${flag} ${text}: expected auto, ${known}`, flag);
}

function isVariant(text: string): text is VariantId {
  return Object.hasOwn(VARIANTS, text);
}

/** A TPM that can be closed. */
interface OpenTpm extends NodeTpm {
  readonly transport: Reopening;
}

async function tpmOf(
  { tpms, timer, random }: Host,
  node: NodeHost,
  given: Given,
  usual: string,
): Promise<OpenTpm | null> {
  const root = given.text(flags.ROOT_FLAG) ?? "";
  const text = given.text(flags.TPM_FLAG);
  if (text === "none") return null;
  if (text === undefined && !await node.machine(root).exists(usual)) return null;
  const transport = new Reopening(tpms, text ?? `${root}${usual}`);
  return { transport, timer, random };
}

/** A connection that broke is good for nothing any more; the next command has another. */
class Reopening implements TpmTransport {
  readonly #tpms: Tpms;
  readonly #address: string;
  #connection: Promise<TpmConnection> | null = null;

  constructor(tpms: Tpms, address: string) {
    this.#tpms = tpms;
    this.#address = address;
  }

  async exchange(command: Uint8Array): Promise<Uint8Array> {
    const opening = this.#connection ??= this.#tpms.open(this.#address);
    try {
      return await (await opening).exchange(command);
    } catch (error) {
      if (error instanceof UnavailableError && this.#connection === opening) {
        this.#connection = null;
      }
      throw error;
    }
  }

  close(): void {
    const opening = this.#connection;
    this.#connection = null;
    void opening?.then((connection) => connection.close(), () => {});
  }
}
