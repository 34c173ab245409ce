/**
 * Objects: TPM2_CreatePrimary, TPM2_Create, TPM2_Load, TPM2_ReadPublic (Part 3 §12, §24).
 *
 * @module
 */

import { equal, toHex } from "../../../core/bytes.ts";
import { type Authorization, password } from "./authorization.ts";
import type { FieldReader } from "./bytes_in.ts";
import { sized, u32 } from "./bytes_out.ts";
import { execute } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { type Entity, entityOf, nameOf } from "./entity.ts";
import { type Making, withMade } from "./flush.ts";
import { type CommandName, HANDLE, type Hierarchy } from "./numbers.ts";
import { badAnswer } from "./refused.ts";

/** An object in the TPM. */
export interface TpmObject extends Entity {
  /** TPMT_PUBLIC. */
  readonly publicArea: Uint8Array;
}

/** An object outside of the TPM, which only its parent reads. */
export interface CreatedObject {
  /** TPMT_PUBLIC. */
  readonly publicArea: Uint8Array;
  /** Contents of TPM2B_PRIVATE, encrypted. */
  readonly privateArea: Uint8Array;
}

/** What goes into an object beside its template. */
export interface SensitiveOptions {
  /** Its password. */
  readonly secret?: Uint8Array;
  /** What is sealed. */
  readonly data?: Uint8Array;
}

/** What is made in which hierarchy. */
export interface PrimaryOptions {
  /** Hierarchy. The same template gives the same key until the hierarchy's seed changes. */
  readonly hierarchy: Hierarchy;
  /** TPMT_PUBLIC. */
  readonly template: Uint8Array;
  /** Authorization of the hierarchy; default the empty password. */
  readonly by?: Authorization;
}

/**
 * Makes a primary object, uses it and flushes it.
 *
 * @param device The TPM.
 * @param options Hierarchy and template.
 * @param use What is done with it.
 */
export async function withPrimary<T>(
  device: TpmDevice,
  { hierarchy, template, by = password() }: PrimaryOptions,
  use: (primary: TpmObject) => Promise<T>,
): Promise<T> {
  const on = [entityOf(HANDLE[hierarchy])];
  const parameters = creationParameters(template, {});
  const read = (answer: FieldReader) => {
    const publicArea = answer.sized();
    skipCreation(answer);
    return { publicArea, name: answer.sized() };
  };
  const command: Making = { name: "CreatePrimary", on, by: [by], parameters };
  return await withMade(device, command, read, async (primary) => {
    await checkName("CreatePrimary", primary.publicArea, primary.name);
    return await use(primary);
  });
}

/**
 * Makes an object under another; it leaves the TPM encrypted.
 *
 * @param device The TPM.
 * @param parent The other: a storage key.
 * @param template TPMT_PUBLIC.
 * @param sensitive Password and sealed data.
 */
export async function createObject(
  device: TpmDevice,
  parent: Entity,
  template: Uint8Array,
  sensitive: SensitiveOptions = {},
): Promise<CreatedObject> {
  const parameters = creationParameters(template, sensitive);
  const command = { name: "Create", on: [parent], by: [password()], parameters } as const;
  return await execute(device, command, (answer) => {
    const privateArea = answer.sized();
    const publicArea = answer.sized();
    skipCreation(answer);
    return { publicArea, privateArea };
  });
}

/**
 * Loads an object, uses it and flushes it.
 *
 * @param device The TPM.
 * @param parent The key under which it was made.
 * @param object The object.
 * @param use What is done with it.
 */
export async function withLoaded<T>(
  device: TpmDevice,
  parent: Entity,
  { publicArea, privateArea }: CreatedObject,
  use: (object: TpmObject) => Promise<T>,
): Promise<T> {
  const parameters = [sized(privateArea), sized(publicArea)];
  const command: Making = { name: "Load", on: [parent], by: [password()], parameters };
  const read = (answer: FieldReader) => ({ publicArea, name: answer.sized() });
  return await withMade(device, command, read, async (loaded) => {
    await checkName("Load", publicArea, loaded.name);
    return await use(loaded);
  });
}

/**
 * Public area and Name of an object that is in the TPM.
 *
 * @param device The TPM.
 * @param handle Its handle, as of a persistent key.
 */
export async function readPublic(device: TpmDevice, handle: number): Promise<TpmObject> {
  const object = await execute(
    device,
    { name: "ReadPublic", on: [entityOf(handle)] },
    (answer) => {
      const publicArea = answer.sized();
      const name = answer.sized();
      // The qualified Name: of use only to who knows all parents.
      answer.sized();
      return { handle, publicArea, name };
    },
  );
  await checkName("ReadPublic", object.publicArea, object.name);
  return object;
}

/** TPM2B_SENSITIVE_CREATE, TPM2B_PUBLIC, no data of the creator, no registers at creation. */
function creationParameters(
  template: Uint8Array,
  { secret = new Uint8Array(), data = new Uint8Array() }: SensitiveOptions,
): readonly Uint8Array[] {
  return [sized(sized(secret), sized(data)), sized(template), sized(), u32(0)];
}

/** TPM2B_CREATION_DATA, TPM2B_DIGEST, TPMT_TK_CREATION. */
function skipCreation(answer: FieldReader): void {
  answer.sized();
  answer.sized();
  answer.u16();
  answer.u32();
  answer.sized();
}

/** What stands between could change a key; a Name that is not its hash would go unnoticed until a verifier looks. */
async function checkName(
  command: CommandName,
  publicArea: Uint8Array,
  name: Uint8Array,
): Promise<void> {
  const [, , high = 0, low = 0] = publicArea;
  const wanted = await nameOf(high << 8 | low, publicArea);
  if (wanted === null || equal(wanted, name)) return;
  throw badAnswer(command, `Name ${toHex(name)}, the public area's is ${toHex(wanted)}`);
}
