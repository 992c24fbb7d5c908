/** A set of the numbers that files have in the journal, as a bit set. A million consecutive numbers take 128 KB. */
export class NumberSet {
  /** Bits of 32,768 numbers each. */
  readonly #pages = new Map<number, Uint32Array>();

  add(number: number): void {
    const page = this.#page(number) ?? this.#newPage(number);
    const word = wordOf(number);
    page[word] = (page[word] ?? 0) | (1 << (number & 31));
  }

  delete(number: number): void {
    const page = this.#page(number);
    if (page === undefined) return;
    const word = wordOf(number);
    page[word] = (page[word] ?? 0) & ~(1 << (number & 31));
  }

  /** Returns whether nothing was ever added since the last `clear`. */
  isUnused(): boolean {
    return this.#pages.size === 0;
  }

  has(number: number): boolean {
    const page = this.#page(number);
    return page !== undefined && (((page[wordOf(number)] ?? 0) >>> (number & 31)) & 1) === 1;
  }

  clear(): void {
    this.#pages.clear();
  }

  #page(number: number): Uint32Array | undefined {
    return this.#pages.get(Math.floor(number / 0x8000));
  }

  #newPage(number: number): Uint32Array {
    const page = new Uint32Array(1_024);
    this.#pages.set(Math.floor(number / 0x8000), page);
    return page;
  }
}

/** Returns in which word of its page a number has its bit. */
function wordOf(number: number): number {
  return (number & 0x7fff) >> 5;
}
