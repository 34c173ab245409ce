/**
 * AMD product lines that can sign SEV-SNP reports, and what is known against them.
 *
 * @module
 */

/** Whether the signing keys of a line can still be believed. */
export interface ProductStatus {
  /** `compromised`: somebody other than the chip can sign for it. */
  readonly status: "ok" | "compromised";
  /** Who says so. */
  readonly source: string;
  /** When it became known or was last looked at, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly date: string;
}

/**
 * Status by product line, lowercase. A line that is missing here has no status
 * and is treated as compromised.
 */
export const SNP_PRODUCTS: Readonly<Record<"milan" | "genoa" | "turin", ProductStatus>> = {
  // The root seed can be extracted in software; reports can be forged for any firmware version.
  milan: {
    status: "compromised",
    source: '"Insecure Despite Proven Updated", arXiv 2605.12990',
    date: "2026-05",
  },
  genoa: { status: "ok", source: "no published break of the signing keys", date: "2026-11-21" },
  turin: { status: "ok", source: "no published break of the signing keys", date: "2026-11-21" },
};

/** Names of the lines, lowercase, as policies write them. */
export type SnpProduct = keyof typeof SNP_PRODUCTS;

/** The lines in the order of their age. */
export const SNP_PRODUCT_NAMES: readonly SnpProduct[] = ["milan", "genoa", "turin"];

/**
 * Status of a line.
 *
 * @param line Name as in the ARK's subject, any case.
 */
export function productStatus(line: string): ProductStatus {
  const known = SNP_PRODUCT_NAMES.find((name) => name === line.toLowerCase());
  if (known !== undefined) return SNP_PRODUCTS[known];
  return { status: "compromised", source: "not a product line known here", date: "2026-11-21" };
}
