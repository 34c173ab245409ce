/**
 * A boot as a TPM's log tells it: UEFI firmware, a unified kernel image with
 * systemd-stub, Linux.
 *
 * Sources: TCG PFP §3.3 and §10, systemd "TPM2 PCR Measurements", Linux EFI stub.
 * Contents are labels that stand for nothing.
 *
 * @module
 */

import { type Der, octetString, sequence } from "../../core/x509_writer/der.ts";
import { digestOf } from "../fields.ts";
import { EVENT_TYPES, type LabEvent, startupLocality, wholeEvent } from "./event.ts";
import {
  firmwareBlob,
  imageLoad,
  linuxTag,
  loadOption,
  partitionTable,
  signatureData,
  signatureList,
  utf16,
  variableData,
} from "./uefi.ts";

/** What a boot differs in. */
export interface BootOptions {
  /** Whether Secure Boot is on; default on. */
  readonly secureBoot?: boolean;
  /** Kernel command line. */
  readonly cmdline?: string;
  /** Whether the command line comes from outside of the image, which PCR 12 then shows; default not. */
  readonly cmdlineOutside?: boolean;
  /** Text that stands for the kernel. */
  readonly kernel?: string;
  /** Text that stands for the initrd. */
  readonly initrd?: string;
  /** Text that stands for the firmware. */
  readonly firmware?: string;
  /** Locality from which the TPM was started; null, the default, is not logged. */
  readonly locality?: number | null;
}

/** Command line where none is given. */
export const LAB_CMDLINE = "root=/dev/mapper/root ro panic=30 console=ttyS0";

const IMAGE_PATH = "\\EFI\\Linux\\casemate-lab.efi";

const ascii = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/**
 * The events of a boot.
 *
 * @param options What it differs in.
 */
export async function describeBoot(options: BootOptions = {}): Promise<readonly LabEvent[]> {
  const { locality = null, cmdline = LAB_CMDLINE, kernel = "casemate lab kernel" } = options;
  const boot = { ...options, cmdline, kernel, initrd: options.initrd ?? "casemate lab initrd" };
  return [
    ...(locality === null ? [] : [startupLocality(locality)]),
    ...ofFirmware(options.firmware ?? "casemate lab firmware 1.0"),
    ...await ofSecureBoot(options.secureBoot ?? true),
    ...ofBootManager(),
    ...(options.secureBoot === false ? [] : [await authority()]),
    image(`image of ${kernel} and ${boot.initrd}: ${cmdline}`, IMAGE_PATH),
    ...ofStub(boot),
    ...ofLinux(boot),
    ...["Exit Boot Services Invocation", "Exit Boot Services Returned with Success"].map((text) =>
      wholeEvent(5, EVENT_TYPES.efiAction, ascii(text))
    ),
  ];
}

/** PCR 0: who the firmware is. */
function ofFirmware(firmware: string): readonly LabEvent[] {
  return [
    wholeEvent(0, EVENT_TYPES.crtmVersion, utf16(`${firmware}\0`)),
    {
      register: 0,
      type: EVENT_TYPES.efiPlatformFirmwareBlob,
      data: firmwareBlob(),
      hashed: ascii(firmware),
    },
  ];
}

/** PCR 7: what may be started. */
async function ofSecureBoot(on: boolean): Promise<readonly LabEvent[]> {
  const refused = await digestOf("SHA-256", "casemate lab image that nobody may start");
  const list = async (name: string) => signatureList("x509", [await certificate(name)]);
  const variables: readonly (readonly [string, Uint8Array])[] = [
    ["SecureBoot", Uint8Array.of(on ? 1 : 0)],
    ["PK", await list("PK")],
    ["KEK", await list("KEK")],
    ["db", await list("db")],
    ["dbx", signatureList("sha256", [refused])],
  ];
  return [
    ...variables.map(([name, data]) =>
      wholeEvent(7, EVENT_TYPES.efiVariableDriverConfig, variableData(name, data))
    ),
    separator(7),
  ];
}

/** What stands for a certificate: DER of nothing in particular. */
async function certificate(name: string): Promise<Der> {
  return sequence(octetString(await digestOf("SHA-256", `casemate lab ${name} certificate`)));
}

/** The mark where the firmware handed over. */
function separator(register: number): LabEvent {
  return wholeEvent(register, EVENT_TYPES.separator, new Uint8Array(4));
}

/** PCR 1 and 4, the separators of all but PCR 7, and PCR 5. */
function ofBootManager(): readonly LabEvent[] {
  return [
    bootVariable("BootOrder", new Uint8Array(2)),
    bootVariable("Boot0000", loadOption("Casemate lab", IMAGE_PATH)),
    wholeEvent(4, EVENT_TYPES.efiAction, ascii("Calling EFI Application from Boot Option")),
    ...[0, 1, 2, 3, 4, 5, 6].map(separator),
    wholeEvent(5, EVENT_TYPES.efiGpt, partitionTable()),
  ];
}

/** Of boot variables the value alone is hashed (PFP §3.3.4.2). */
function bootVariable(name: string, value: Uint8Array): LabEvent {
  const data = variableData(name, value);
  return { register: 1, type: EVENT_TYPES.efiVariableBoot, data, hashed: value };
}

/** The entry of db that let the image start. */
async function authority(): Promise<LabEvent> {
  const data = variableData("db", signatureData(await certificate("db")));
  return wholeEvent(7, EVENT_TYPES.efiVariableAuthority, data);
}

/** A started program; its digest is the Authenticode hash of the file. */
function image(contents: string, path: string): LabEvent {
  const data = imageLoad(path);
  return {
    register: 4,
    type: EVENT_TYPES.efiBootServicesApplication,
    data,
    hashed: ascii(contents),
  };
}

/** What of the boot systemd-stub and Linux measure. */
interface Started {
  readonly cmdline: string;
  readonly cmdlineOutside?: boolean;
  readonly kernel: string;
  readonly initrd: string;
}

/** Sections of a unified kernel image in the order in which they are measured. */
function sectionsOf(boot: Started): readonly (readonly [name: string, contents: string])[] {
  return [
    [".linux", boot.kernel],
    [".osrel", 'ID=casemate-lab\nVERSION_ID="1"\n'],
    ...(boot.cmdlineOutside === true ? [] : [[".cmdline", boot.cmdline] as const]),
    [".initrd", boot.initrd],
    [".uname", "6.12.0-lab"],
    [".sbat", "sbat,1,SBAT Version,sbat,1\ncasemate-lab,1,Casemate,lab,1\n"],
  ];
}

/** PCR 11: each section's name and contents, both logged by the name alone; PCR 12: what comes from outside. */
function ofStub(boot: Started): readonly LabEvent[] {
  const sections = sectionsOf(boot).flatMap(([name, contents]): LabEvent[] => {
    const entry = { register: 11, type: EVENT_TYPES.ipl, data: utf16(`${name}\0`) };
    return [{ ...entry, hashed: ascii(`${name}\0`) }, { ...entry, hashed: ascii(contents) }];
  });
  if (boot.cmdlineOutside !== true) return sections;
  return [wholeEvent(12, EVENT_TYPES.ipl, utf16(`${boot.cmdline}\0`)), ...sections];
}

/** The kernel as a program of its own, and PCR 9: its options and initrd. */
function ofLinux({ kernel, cmdline, initrd }: Started): readonly LabEvent[] {
  const tagged = { register: 9, type: EVENT_TYPES.tag };
  return [
    image(kernel, ""),
    { ...tagged, data: linuxTag("loadOptions"), hashed: utf16(`${cmdline}\0`) },
    { ...tagged, data: linuxTag("initrd"), hashed: ascii(initrd) },
  ];
}

/** Registers of a TD by PCR, as logs number them: from 1 (UEFI 2.10 §38.4.1). */
const TD_REGISTERS: readonly number[] = [1, 1, 2, 2, 2, 2, 2, 1, 3, 3, 3, 3, 3, 3, 3, 3];

/**
 * The same boot in a trust domain. One separator stands in each register, and
 * nothing states a locality, since there is no TPM.
 *
 * @param events Events of a boot, as {@linkcode describeBoot} gives them.
 * @returns The events, registers numbered from 1.
 */
export function inTrustDomain(events: readonly LabEvent[]): readonly LabEvent[] {
  const kept = events.filter(({ type, register }) =>
    type !== EVENT_TYPES.noAction &&
    (type !== EVENT_TYPES.separator || register === 0 || register === 6)
  );
  return kept.map((event) => ({ ...event, register: TD_REGISTERS[event.register] ?? 4 }));
}
