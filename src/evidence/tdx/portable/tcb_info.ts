/**
 * TCB info, version 3 (PCS, "Get SGX TCB Info" and "Get TDX TCB Info").
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import {
  bytes,
  list,
  type Members,
  number,
  object,
  type Read,
  readObject,
  string,
} from "../../../core/portable/json.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import type { Collateral } from "../report.ts";
import { type Head, refuseFormat, takeHead, TCB_INFO } from "./document.ts";
import { enclaveLevels, type EnclaveTcb, type Level, levels } from "./level.ts";

/** Components of a half. */
const COMPONENTS = 16;
/** Most identities of the TDX module. Intel lists 2. */
const MAX_MODULES = 16;
/** Names of identities: `TDX_` and the version, in hex. */
const MODULE_ID = /^TDX_[0-9A-F]{2}$/;

/** What a level of the platform demands. */
export interface PlatformTcb {
  /** Least SVNs of the SGX half. */
  readonly sgx: readonly number[];
  /** Least SVN of the PCE. */
  readonly pceSvn: number;
  /** Least SVNs of the TDX half; null for SGX. */
  readonly tdx: readonly number[] | null;
}

/** Who must have signed a TDX module, and how it must be configured. */
export interface ModuleSigner {
  /** MRSIGNERSEAM. */
  readonly mrSigner: Uint8Array;
  /** SEAMATTRIBUTES under the mask. */
  readonly attributes: Uint8Array;
  /** Which bits are compared. */
  readonly attributesMask: Uint8Array;
}

/** One version of the TDX module. */
export interface ModuleIdentity extends ModuleSigner {
  /** Name, as `TDX_01`. */
  readonly id: string;
  /** Levels. */
  readonly levels: readonly Level<EnclaveTcb>[];
}

/** TCB info. */
export interface TcbInfo extends Head {
  /** Head, as it leaves the engine. */
  readonly document: Collateral["tcbInfo"];
  /** The TDX module of version 0; null for SGX. */
  readonly module: ModuleSigner | null;
  /** Later versions of the TDX module. */
  readonly modules: readonly ModuleIdentity[];
  /** Levels of the platform. */
  readonly levels: readonly Level<PlatformTcb>[];
}

/**
 * Reads TCB info.
 *
 * @param text The signed text.
 * @throws {RejectedError} `tdx.tcb_info_format`
 */
export function readTcbInfo(text: string): TcbInfo {
  return readOr(
    () => readObject(text, (members) => takeTcbInfo(members, text)),
    (reason) => refuseFormat(TCB_INFO, reason),
  );
}

function takeTcbInfo(members: Members, text: string): TcbInfo {
  const { document, window } = takeHead(members, TCB_INFO, { text, ids: ["TDX", "SGX"] });
  // Type 0 compares SVNs one by one; there is no other.
  members.need("tcbType", number(0));
  const fmspc = toHex(members.need("fmspc", bytes(6)));
  const pceId = toHex(members.need("pceId", bytes(2)));
  const isTdx = document.id === "TDX";
  const identities = members.may("tdxModuleIdentities", list(moduleIdentity, 0, MAX_MODULES)) ?? [];
  if (!isTdx && identities.length > 0) throw new Malformed("TDX modules have no place here");
  checkDistinct(identities);
  return {
    window,
    document: { ...document, fmspc, pceId },
    // Members of the other TEE are left, and refused as unknown.
    module: isTdx ? members.need("tdxModule", object(takeSigner)) : null,
    modules: identities,
    levels: members.need("tcbLevels", levels((tcb) => takePlatformTcb(tcb, isTdx))),
  };
}

function takePlatformTcb(members: Members, isTdx: boolean): PlatformTcb {
  return {
    sgx: members.need("sgxtcbcomponents", components),
    pceSvn: members.need("pcesvn", number(0xffff)),
    tdx: isTdx ? members.need("tdxtcbcomponents", components) : null,
  };
}

/** What category and type say is for people. */
const component = object((members): number => {
  members.may("category", string);
  members.may("type", string);
  return members.need("svn", number(0xff));
});

const components: Read<readonly number[]> = list(component, COMPONENTS, COMPONENTS);

function takeSigner(members: Members): ModuleSigner {
  return {
    mrSigner: members.need("mrsigner", bytes(48)),
    attributes: members.need("attributes", bytes(8)),
    attributesMask: members.need("attributesMask", bytes(8)),
  };
}

const moduleIdentity = object((members): ModuleIdentity => {
  const id = members.need("id", string);
  if (!MODULE_ID.test(id)) throw new Malformed("a TDX module's id has the wrong form");
  return { id, ...takeSigner(members), levels: members.need("tcbLevels", enclaveLevels) };
});

/** Two identities of one name could say different things of one module. */
function checkDistinct(identities: readonly ModuleIdentity[]): void {
  const ids = new Set(identities.map(({ id }) => id));
  if (ids.size < identities.length) throw new Malformed("two TDX modules have one id");
}
