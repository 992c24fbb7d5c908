import { type DiskFacts, MountedDisks } from '@sluice/platform';

/** The disks that a listing of one source meets: others may be mounted below it, such as camera cards. */
export class ListedDisks {
  readonly #mounted = new MountedDisks();
  readonly #device: string;
  readonly #hasRealInodes: boolean;

  /**
   * @param device that the source is on, decimal
   * @param hasRealInodes by its path: mountinfo may have another number for its device, as on btrfs
   */
  constructor(device: string, hasRealInodes: boolean) {
    this.#device = device;
    this.#hasRealInodes = hasRealInodes;
  }

  /** @param device decimal */
  of(device: string): DiskFacts {
    const facts = this.#mounted.of(device);
    return device === this.#device ? { ...facts, hasRealInodes: this.#hasRealInodes } : facts;
  }
}
