import { type DiskFacts, MountedDisks } from '@sluice/platform';

/** The disks that a listing of one source meets: others may be mounted below it, such as camera cards. */
export class ListedDisks {
  readonly #mounted = new MountedDisks();
  readonly #device: string;
  readonly #hasRealInodes: boolean;
  /** Nearly all files of a source are on one disk. */
  #last: { readonly number: bigint; readonly disk: ListedDisk } | null = null;

  /**
   * @param device that the source is on, decimal
   * @param hasRealInodes by its path: mountinfo may have another number for its device, as on btrfs
   */
  constructor(device: string, hasRealInodes: boolean) {
    this.#device = device;
    this.#hasRealInodes = hasRealInodes;
  }

  /** @param number the device of a file, as `lstat` gives it */
  of(number: bigint): ListedDisk {
    if (this.#last?.number === number) return this.#last.disk;
    const device = String(number);
    const facts = this.#mounted.of(device);
    const disk = { device, ...facts, ...(device === this.#device ? { hasRealInodes: this.#hasRealInodes } : {}) };
    this.#last = { number, disk };
    return disk;
  }
}

/** What the system says about the disk of a file. */
export interface ListedDisk extends DiskFacts {
  /** Decimal. All files of the disk share this text. */
  readonly device: string;
}
