/**
 * The steps of verification, in the order in which the engine does them: what
 * stands before a refused step was established.
 *
 * @module
 */

import type { Check } from "../evidence.ts";

/** The steps. */
export const TDX_CHECKS: readonly Check[] = [
  {
    id: "tdx.quote",
    link: "evidence",
    title: "Quote well formed",
    source: "Intel TDX DCAP Quoting Library API, quote format",
  },
  {
    id: "tdx.root",
    link: "root",
    title: "Root key pinned",
    source: "Intel SGX PCK Certificate and CRL Profile",
  },
  {
    id: "tdx.chain",
    link: "chain",
    title: "PCK certificate chain",
    source: "Intel SGX PCK Certificate and CRL Profile",
  },
  {
    id: "tdx.pck",
    link: "key",
    title: "PCK certificate well formed",
    source: "Intel SGX PCK Certificate and CRL Profile",
  },
  {
    id: "tdx.tcb-chain",
    link: "chain",
    title: "TCB signing chain",
    source: "Intel PCS v4, TCB-Info-Issuer-Chain",
  },
  { id: "tdx.revocation", link: "chain", title: "Not revoked", source: "RFC 5280 §6.3" },
  {
    id: "tdx.tcb-info",
    link: "platform",
    title: "TCB info of this platform",
    source: "Intel PCS v4, Get TDX TCB Info",
  },
  {
    id: "tdx.qe-identity",
    link: "key",
    title: "QE identity signed",
    source: "Intel PCS v4, Get TDX QE Identity",
  },
  {
    id: "tdx.validity",
    link: "chain",
    title: "Certificates and collateral in force",
    source: "RFC 5280 §4.1.2.5, PCS v4 nextUpdate",
  },
  {
    id: "tdx.qe-report",
    link: "key",
    title: "Quoting enclave's report signed by the PCK",
    source: "Intel TDX DCAP Quoting Library API, quote format",
  },
  {
    id: "tdx.attestation-key",
    link: "key",
    title: "Attestation key vouched for",
    source: "Intel TDX DCAP Quoting Library API, quote format",
  },
  {
    id: "tdx.signature",
    link: "evidence",
    title: "Quote signature",
    source: "Intel TDX DCAP Quoting Library API, quote format",
  },
  {
    id: "tdx.qe",
    link: "key",
    title: "Quoting enclave is Intel's",
    source: "Intel PCS v4, Get TDX QE Identity",
  },
  {
    id: "tdx.module",
    link: "platform",
    title: "TDX module is Intel's",
    source: "Intel PCS v4, Get TDX TCB Info",
  },
  {
    id: "tdx.tcb",
    link: "platform",
    title: "TCB level known and not revoked",
    source: "Intel PCS v4, Get TDX TCB Info",
  },
];
