import { type DiskFacts, MountedDisks } from '@sluice/platform';

/** The disks that a listing of one source meets: others may be mounted below it, such as camera cards. */
export class ListedDisks {
  readonly #mounted = new MountedDisks();
  readonly #device: string;
  readonly #hasRealInodes: boolean;
  /** The answer for the last file: the next one is nearly always on the same disk. */
  #last: { readonly dev: bigint; readonly disk: ListedDisk } | null = null;

  /**
   * @param device that the source is on, decimal
   * @param hasRealInodes by its path: mountinfo may have another number for its device, as on btrfs
   */
  constructor(device: string, hasRealInodes: boolean) {
    this.#device = device;
    this.#hasRealInodes = hasRealInodes;
  }

  /** @param dev the device of a file, as `lstat` gives it */
  of(dev: bigint): ListedDisk {
    if (this.#last?.dev === dev) return this.#last.disk;
    const device = String(dev);
    const facts = this.#mounted.of(device);
    const disk = { device, ...facts, ...(device === this.#device ? { hasRealInodes: this.#hasRealInodes } : {}) };
    this.#last = { dev, disk };
    return disk;
  }
}

/** What is known of the disk of a file. */
export interface ListedDisk extends DiskFacts {
  /** Decimal. All files of the disk share this text. */
  readonly device: string;
}
