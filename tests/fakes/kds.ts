/**
 * A double of AMD's key distribution service over a lab's authorities.
 *
 * Shapes are those of AMD publication 57230, chapter 4: "GET vcek/v1/{product_name}/{hwID}?{parameters}"
 * gives the VCEK as DER, where an SPL that is not named counts as zero; "…/cert_chain" gives ASK and ARK, PEM, in
 * that order; "…/crl" gives the list as DER; the same two below vlek/v1 for VLEKs. That parameters are decimal and that
 * Turin's hardware id has eight bytes is of the same document. From memory, as users report it, and not of that
 * document: 400 for what is no address, 404 for an unknown chip, 429 after a handful of requests, the content types.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import {
  type AmdAuthority,
  type Bend,
  bend,
  type CrlDescription,
  crlNumber,
  describeCrl,
  type LabLine,
  type LeafForm,
  pem,
  replaceExtension,
  type TcbVersion,
  writeCrl,
} from "../../src/lab/mod.ts";
import { type VendorDouble, vendorDouble } from "./vendor.ts";

/** A chip whose key was certified. */
export interface KnownChip {
  /** Product line. */
  readonly line: LabLine;
  /** Hardware id. */
  readonly hwid: Uint8Array;
  /** TCB that the key is derived for. */
  readonly tcb: TcbVersion;
  /** VCEK, DER. */
  readonly leaf: Uint8Array;
}

/** What the service knows and says; tests change it. */
export interface KdsState {
  /** Authorities by line. */
  authorities: Readonly<Partial<Record<LabLine, AmdAuthority>>>;
  /** Chips. */
  chips: readonly KnownChip[];
  /** Time of issue of its lists. */
  issued: Date;
  /** Number of its lists. */
  number: number;
  /** Change to its lists before they are signed. */
  bendList: Bend<CrlDescription> | null;
  /** What it hands out in place of what was asked for. */
  swap: "nothing" | "other-chip" | "other-line" | "other-form";
}

/** The double. */
export interface FakeKds extends VendorDouble {
  /** What it knows. */
  readonly state: KdsState;
}

/** Address of the service. */
export const KDS_ORIGIN = "https://kdsintf.amd.com";

const LINES: readonly LabLine[] = ["Milan", "Genoa", "Turin"];
const ADDRESS = /^\/(vcek|vlek)\/v1\/(Milan|Genoa|Turin)\/([0-9A-Za-z_]+)$/;
const PARAMETERS = {
  fmc: "fmcSPL",
  bootloader: "blSPL",
  tee: "teeSPL",
  snp: "snpSPL",
  microcode: "ucodeSPL",
} as const;

/**
 * Makes the double.
 *
 * @param state What it knows and says.
 */
export function fakeKds(
  state: Pick<KdsState, "authorities" | "chips" | "issued"> & Partial<KdsState>,
): FakeKds {
  const own: KdsState = { number: 1, bendList: null, swap: "nothing", ...state };
  return Object.assign(vendorDouble((url) => answer(own, url)), { state: own });
}

async function answer(state: KdsState, url: URL): Promise<Response> {
  const [, kind, line = "", what = ""] = ADDRESS.exec(url.pathname) ?? [];
  const asked = LINES.find((one) => one === line);
  if (kind === undefined || asked === undefined) return new Response(null, { status: 404 });
  const form: LeafForm = kind === "vcek" ? "VCEK" : "VLEK";
  if (what === "cert_chain") return chain(state, asked, form);
  if (what === "crl") return await list(state, asked, form);
  return form === "VCEK" ? leaf(state, asked, what, url) : new Response(null, { status: 404 });
}

function chain(state: KdsState, asked: LabLine, form: LeafForm): Response {
  const authority = state.authorities[swapLine(state, asked)];
  if (authority === undefined) return new Response(null, { status: 404 });
  const intermediate = authority[swapForm(state, form)].certificate;
  const text = pem("CERTIFICATE", intermediate) + pem("CERTIFICATE", authority.ARK.certificate);
  return new Response(text, { headers: { "Content-Type": "application/x-pem-file" } });
}

async function list(state: KdsState, asked: LabLine, form: LeafForm): Promise<Response> {
  const line = swapLine(state, asked);
  const authority = state.authorities[line];
  if (authority === undefined) return new Response(null, { status: 404 });
  const { issued, number, bendList } = state;
  const plain = await describeCrl(line, swapForm(state, form), authority.ARK.key, issued);
  const numbered = {
    ...plain,
    extensions: replaceExtension(plain.extensions, crlNumber(number)),
  };
  const der = await writeCrl(bend(numbered, bendList ?? undefined));
  return new Response(der, { headers: { "Content-Type": "application/pkix-crl" } });
}

/** One certificate for each chip and TCB: a request that names another TCB is one for another key. */
function leaf(state: KdsState, line: LabLine, hwid: string, url: URL): Response {
  const numbers = [...url.searchParams.values()];
  if (!/^(?:[0-9a-fA-F]{16}|[0-9a-fA-F]{128})$/.test(hwid)) return refuse();
  if (numbers.some((text) => !/^[0-9]{1,3}$/.test(text))) return refuse();
  const spl = (name: string): number => Number(url.searchParams.get(name) ?? "0");
  const isAsked = ({ line: of, hwid: id, tcb }: KnownChip): boolean =>
    of === line && toHex(id) === hwid.toLowerCase() &&
    components(tcb).every(([name, value]) => spl(name) === value);
  const own = state.chips.find(isAsked);
  if (own === undefined) return new Response(null, { status: 404 });
  const other = state.chips.find((chip) => chip !== own);
  const { leaf: der } = state.swap === "other-chip" && other !== undefined ? other : own;
  return new Response(new Uint8Array(der), {
    headers: { "Content-Type": "application/octet-stream" },
  });
}

function components(tcb: TcbVersion): readonly (readonly [string, number])[] {
  return [
    [PARAMETERS.fmc, tcb.fmc ?? 0],
    [PARAMETERS.bootloader, tcb.bootloader],
    [PARAMETERS.tee, tcb.tee],
    [PARAMETERS.snp, tcb.snp],
    [PARAMETERS.microcode, tcb.microcode],
  ];
}

function swapLine({ swap }: KdsState, line: LabLine): LabLine {
  if (swap !== "other-line") return line;
  return line === "Genoa" ? "Milan" : "Genoa";
}

function swapForm({ swap }: KdsState, form: LeafForm): LeafForm {
  if (swap !== "other-form") return form;
  return form === "VCEK" ? "VLEK" : "VCEK";
}

function refuse(): Response {
  return new Response(null, { status: 400 });
}
