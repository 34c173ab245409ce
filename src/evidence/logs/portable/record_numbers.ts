/**
 * Numbers of the records of a Canonical Event Log.
 *
 * @module
 */

/** A register as a record names it: a PCR, one of a confidential VM (counted from 1), or an NV index. */
export interface Index {
  /** Which kind it is. */
  readonly kind: "pcr" | "ccmr" | "nv_index";
  /** Its number. */
  readonly number: number;
}

/**
 * Record numbers. CEL §4.2.2 has them count for each register by itself,
 * go-eventlog counts over the whole log, systemd writes none. A log must keep
 * to one of these throughout, so that where there are numbers no record can be
 * taken out, put in or moved unseen.
 */
export class RecordNumbers {
  readonly #ofIndex = new Map<string, bigint>();
  #read = 0n;
  #isNumbered = true;
  #mayCountLog = true;
  #mayCountIndex = true;

  /**
   * Takes the number of the next record; says what is wrong with it.
   *
   * @param recordNumber The number; undefined where the record has none.
   * @param index Register that the record names.
   * @returns Undefined where nothing is.
   */
  faultOf(recordNumber: bigint | undefined, { kind, number }: Index): string | undefined {
    if (this.#read === 0n) this.#isNumbered = recordNumber !== undefined;
    if (this.#isNumbered !== (recordNumber !== undefined)) return "only some records have one";
    const key = `${kind} ${number}`;
    const ofIndex = this.#ofIndex.get(key) ?? 0n;
    this.#mayCountLog &&= recordNumber === this.#read;
    this.#mayCountIndex &&= recordNumber === ofIndex;
    this.#read++;
    this.#ofIndex.set(key, ofIndex + 1n);
    if (!this.#isNumbered || this.#mayCountLog || this.#mayCountIndex) return undefined;
    return `it has number ${recordNumber}`;
  }
}
