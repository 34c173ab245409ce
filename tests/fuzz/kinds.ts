/**
 * All kinds of input. A new one is one line here.
 *
 * @module
 */

import type { Kind } from "./kind.ts";
import { snpChain, snpList } from "./mutators/snp_papers.ts";
import { anyFile } from "./mutators/any_file.ts";
import { flags } from "./mutators/flags.ts";
import { policy } from "./mutators/policy.ts";
import { real } from "./mutators/real.ts";
import { request } from "./mutators/request.ts";
import { snpTable } from "./mutators/snp_table.ts";
import { documents } from "./mutators/documents.ts";
import { quote } from "./mutators/quote.ts";
import { tdxChain, tdxList } from "./mutators/tdx_papers.ts";
import { snpReport } from "./mutators/snp_report.ts";
import { eventLog, tpmLog } from "./mutators/event_log.ts";
import { tpmChain, tpmList } from "./mutators/tpm_papers.ts";
import { tpmKey, tpmQuote, tpmSignature } from "./mutators/tpm_quote.ts";
import { tpmReal } from "./mutators/tpm_real.ts";
import { tpmRegisters } from "./mutators/tpm_registers.ts";
import { tpmShow } from "./mutators/tpm_show.ts";
import { carrier } from "./mutators/carrier.ts";
import {
  ec2Identity,
  endorsement,
  gceInstance,
  hclReport,
  hclRuntime,
  nitroDocument,
} from "./mutators/cloud_files.ts";
import { cmw } from "./mutators/cmw.ts";
import { envelope } from "./mutators/envelope.ts";
import { reference } from "./mutators/reference.ts";
import { statement } from "./mutators/statement.ts";
import { variant } from "./mutators/variant.ts";
import { audit } from "./mutators/audit.ts";
import { bundle } from "./mutators/bundle.ts";
import { itemKey } from "./mutators/item_key.ts";
import { keySet } from "./mutators/key_set.ts";
import { mirror } from "./mutators/mirror.ts";
import { reportPage } from "./mutators/report_page.ts";
import { sets } from "./mutators/sets.ts";
import { signed } from "./mutators/signed.ts";
import { token } from "./mutators/token.ts";
import { vendorAnswer } from "./mutators/vendor_answer.ts";

/** The kinds, in the order in which they take turns. */
export const KINDS: readonly Kind[] = [
  snpReport,
  snpChain,
  snpList,
  snpTable,
  quote,
  documents,
  tdxChain,
  tdxList,
  tpmQuote,
  tpmSignature,
  tpmKey,
  tpmRegisters,
  tpmChain,
  tpmList,
  eventLog,
  tpmLog,
  hclReport,
  hclRuntime,
  nitroDocument,
  endorsement,
  gceInstance,
  ec2Identity,
  variant,
  statement,
  envelope,
  cmw,
  carrier,
  policy,
  reference,
  sets,
  signed,
  token,
  keySet,
  vendorAnswer,
  bundle,
  itemKey,
  mirror,
  audit,
  reportPage,
  request,
  flags,
  anyFile,
  tpmShow,
  ...real,
  ...tpmReal,
];
