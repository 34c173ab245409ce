/**
 * One command of any kind: handles, authorizations, parameters; and its answer, read whole.
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import type { Authorization, AuthorizationAnswer } from "./authorization.ts";
import { FieldReader } from "./bytes_in.ts";
import { u32 } from "./bytes_out.ts";
import type { TpmDevice } from "./device.ts";
import type { Entity } from "./entity.ts";
import { exchange } from "./exchange.ts";
import { COMMAND, type CommandName } from "./numbers.ts";
import { badAnswer } from "./refused.ts";

/** A command. */
export interface Command {
  /** Which. */
  readonly name: CommandName;
  /** What it acts on, in order. */
  readonly on?: readonly Entity[];
  /** Authorizations of the first of these, in order. */
  readonly by?: readonly Authorization[];
  /** Its parameters. */
  readonly parameters?: readonly Uint8Array[];
  /** Takes the handle that the answer begins with, before anything else of it is read; absent where there is none. */
  readonly takeHandle?: (handle: number) => void;
}

/** Reads the parameters of an answer, all of them. */
export type ReadAnswer<T> = (answer: FieldReader) => T;

/**
 * Runs a command.
 *
 * @param device The TPM.
 * @param command The command.
 * @param read Reads the answer; what it leaves is refused.
 * @throws {UnavailableError} `tpm.device_refused`, `tpm.device_answer`, `tpm.device_unreachable`
 */
export async function execute<T>(
  device: TpmDevice,
  command: Command,
  read: ReadAnswer<T>,
): Promise<T> {
  const { name, on = [], by = [], takeHandle } = command;
  const parameters = concat(...(command.parameters ?? []));
  const handles = concat(...on.map(({ handle }) => u32(handle)));
  const area = await authorizationArea(command, parameters);
  const body = concat(handles, area, parameters);
  const answer = await exchange(device, name, body, by.length > 0);
  const complain = (reason: string) => badAnswer(name, reason);
  const reader = new FieldReader(answer, complain);
  takeHandle?.(reader.u32());
  const answered = by.length === 0 ? reader.rest() : reader.bytes(reader.u32());
  await checkAuthorizations(command, answered, reader);
  const inside = new FieldReader(answered, complain);
  const result = read(inside);
  inside.end();
  return result;
}

/** Reads an answer without parameters. */
export const nothing: ReadAnswer<void> = (): void => {};

/** Authorizations in the order of the handles, with their size before them (Part 1 §18.2). */
async function authorizationArea(command: Command, parameters: Uint8Array): Promise<Uint8Array> {
  const { name, on = [], by = [] } = command;
  if (by.length === 0) return new Uint8Array();
  const text = { code: COMMAND[name], names: on.map((entity) => entity.name), parameters };
  const given: Uint8Array[] = [];
  for (const authorization of by) given.push(await authorization.authorize(text));
  const bytes = concat(...given);
  return concat(u32(bytes.length), bytes);
}

async function checkAuthorizations(
  { name, by = [] }: Command,
  parameters: Uint8Array,
  reader: FieldReader,
): Promise<void> {
  for (const [i, authorization] of by.entries()) {
    const given = readAuthorization(reader);
    if (await authorization.accepts(given, { code: COMMAND[name], parameters })) continue;
    reader.refuse(`authorization ${i + 1} does not answer the one that was given`);
  }
  reader.end();
}

function readAuthorization(reader: FieldReader): AuthorizationAnswer {
  return { nonce: reader.sized(), attributes: reader.u8(), hmac: reader.sized() };
}
