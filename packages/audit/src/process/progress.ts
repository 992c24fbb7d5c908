/** The progress of several audits together. */
export interface Progress {
  readonly files: number;
  readonly bytes: number;
  /** Totals. Null: not known for all audits yet. */
  readonly allFiles: number | null;
  readonly allBytes: number | null;
}

/** Adds up the progress of the audits of several routes. */
export class ProgressSum {
  readonly #rows: { files: number; bytes: number; allFiles: number | null; allBytes: number }[] = [];
  readonly #tell: (progress: Progress) => void;

  constructor(tell: (progress: Progress) => void) {
    this.#tell = tell;
  }

  /** Adds an audit, and returns the functions that report its progress. */
  add(): { counted(files: number, bytes: number): void; progress(files: number, bytes: number): void } {
    const row = { files: 0, bytes: 0, allFiles: null as number | null, allBytes: 0 };
    this.#rows.push(row);
    return {
      counted: (files, bytes) => {
        row.allFiles = files;
        row.allBytes = bytes;
        this.#tell(this.#sum());
      },
      progress: (files, bytes) => {
        row.files = files;
        row.bytes = bytes;
        this.#tell(this.#sum());
      },
    };
  }

  #sum(): Progress {
    const isCounted = this.#rows.every(({ allFiles }) => allFiles !== null);
    const sumOf = (key: 'files' | 'bytes' | 'allFiles' | 'allBytes'): number => this.#rows.reduce((sum, row) => sum + (row[key] ?? 0), 0);
    return {
      files: sumOf('files'),
      bytes: sumOf('bytes'),
      allFiles: isCounted ? sumOf('allFiles') : null,
      allBytes: isCounted ? sumOf('allBytes') : null,
    };
  }
}
