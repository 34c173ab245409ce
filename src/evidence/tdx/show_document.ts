/**
 * TCB info and QE identity as a person sees them.
 *
 * @module
 */

import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";

/** A level of a document. */
interface ShownLevel {
  readonly status: string;
  readonly tcbDate: string;
  readonly advisoryIds: readonly string[];
  /** Its security versions, as short text. */
  readonly says: string;
}

/** What the engine reads out of a document. */
export interface ShownDocument {
  /** Which it is. */
  readonly kind: "tcb-info" | "qe-identity";
  /** `TDX`, `SGX`, `TD_QE`, `QE`. */
  readonly id: string;
  /** Version of its form. */
  readonly version: number;
  /** Time of issue, ISO 8601. */
  readonly issueDate: string;
  /** Time by which the next is due. */
  readonly nextUpdate: string;
  /** Number of the TCB recovery. */
  readonly tcbEvaluationDataNumber: number;
  /** SHA-256 of the signed text. */
  readonly sha256: string;
  /** FMSPC, only in TCB info. */
  readonly fmspc?: string;
  /** PCE id, only in TCB info. */
  readonly pceId?: string;
  /** How levels are compared, 0 being the only way there is; only in TCB info. */
  readonly tcbType?: number;
  /** Levels, newest first. */
  readonly levels: readonly ShownLevel[];
  /** Identities of the TDX module, only in TCB info; none in that of SGX. */
  readonly modules?: readonly { readonly id: string; readonly levels: readonly ShownLevel[] }[];
}

/**
 * Describes a document. Nothing of it is verified.
 *
 * @param document The document.
 */
export function showDocument(document: ShownDocument): Shown {
  const tcbInfo = document.kind === "tcb-info";
  const forTdx = document.id === "TDX" || document.id === "TD_QE";
  const name = tcbInfo ? "TCB info" : "QE identity";
  return {
    kind: `tdx-${document.kind}`,
    title: `Intel ${name} of ${document.id}, version ${document.version} (not verified)`,
    usedBy: forTdx ? `casemate evidence verify tdx --${document.kind}` : null,
    sections: [
      headSection(document),
      levelSection(tcbInfo ? "Levels of the platform" : "Levels of the enclave", document.levels),
      ...(document.modules ?? []).map(({ id, levels }) =>
        levelSection(`Levels of the module ${id}`, levels)
      ),
    ],
  };
}

function headSection(document: ShownDocument): ShownSection {
  const { fmspc, pceId } = document;
  const rows: readonly ShownRow[] = [
    { name: "id", value: document.id },
    ...(fmspc === undefined ? [] : [{
      name: "fmspc",
      value: fmspc,
      meaning: "platforms that it is about",
    }]),
    ...(pceId === undefined ? [] : [{ name: "pceId", value: pceId }]),
    { name: "issueDate", value: document.issueDate },
    { name: "nextUpdate", value: document.nextUpdate, meaning: "not to be used after it" },
    {
      name: "tcbEvaluationDataNumber",
      value: String(document.tcbEvaluationDataNumber),
      meaning: "TCB recovery that it belongs to",
    },
    { name: "sha256", value: document.sha256, meaning: "of the signed text" },
  ];
  return { title: "Document", rows };
}

function levelSection(title: string, levels: readonly ShownLevel[]): ShownSection {
  return {
    title,
    rows: levels.map(({ status, tcbDate, advisoryIds, says }) => ({
      name: status,
      value: says,
      meaning: [tcbDate.slice(0, 10), ...advisoryIds].join(", "),
    })),
  };
}
