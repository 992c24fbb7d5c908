import { type Child, createSeats } from '@sluice/child';
import type { CopyId, CopyOrder, RouteSettings } from '@sluice/core/model';
import type { CarrierCommand } from '@sluice/transport';
import { limits } from '../limits.ts';

/** A carrier process and the copies that it runs. */
export interface Carrier {
  readonly child: Child<CarrierCommand>;
  readonly copies: Set<CopyId>;
}

/** How carriers are started and watched. */
export interface CarriersDependencies {
  readonly start: () => Carrier;
  /** Returns the path and mount that the processes work on now. */
  readonly target: () => string;
  /** Milliseconds. */
  readonly monotonic: () => number;
}

/**
 * The carrier processes of one route: which one gets new copies, and which one runs which copy. The current process gets the new
 * copies. If it has many for a while, and both sides are disks of this machine, a second process takes half of the small files, because
 * one thread makes all calls of a process. Only the first one creates folders: a folder may get its mode after its creation, and only
 * while it is empty, and the copies of one process wait for that. A process with a call that hangs gets no new copies: it is retired
 * until its other copies are over. At most `limits.retiredCarriers` are retired at once.
 */
export class Carriers {
  readonly #dependencies: CarriersDependencies;
  readonly #seats = createSeats();
  #current: Carrier | null = null;
  #second: Carrier | null = null;
  #retired: readonly Carrier[] = [];
  #areOnOwnDisks = false;
  /** The folders of the destination in which a copy has created a file. They and the folders above them are complete. */
  readonly #completeFolders = new Set<string>();
  /** The folders of the copies that were given to a process and have not created a file there. */
  readonly #foldersOfCopies = new Map<CopyId, string>();
  /** Since when the current process has many copies. Infinity: it has not. */
  #busySince = Number.POSITIVE_INFINITY;
  /** When the second process last got or ran a copy. */
  #secondUsedAt = Number.NEGATIVE_INFINITY;

  constructor(dependencies: CarriersDependencies) {
    this.#dependencies = dependencies;
  }

  /** The process that gets the new copies. Null until one is started. */
  get current(): Carrier | null {
    return this.#current;
  }

  /** Returns the carriers that get new copies. */
  working(): readonly Carrier[] {
    return [this.#second, this.#current].filter((carrier) => carrier !== null);
  }

  /** Returns the carriers that were not abandoned. */
  all(): readonly Carrier[] {
    return [...this.#retired, ...this.working()];
  }

  /** Returns whether a process has not been abandoned. */
  has(carrier: Carrier): boolean {
    return carrier === this.#current || carrier === this.#second || this.#retired.includes(carrier);
  }

  holderOf(copyId: CopyId): Carrier | null {
    if (this.#current?.copies.has(copyId) === true) return this.#current;
    if (this.#second?.copies.has(copyId) === true) return this.#second;
    return this.#retired.find(({ copies }) => copies.has(copyId)) ?? null;
  }

  /** Returns the current process, and starts one if there is none. @returns null if too many processes hang to start another one */
  live(): Carrier | null {
    if (this.#current === null && this.#mayStart()) this.#current = this.#dependencies.start();
    return this.#current;
  }

  /** Returns the process for a new copy. @returns null as `live` */
  forCopy(order: CopyOrder, route: RouteSettings): Carrier | null {
    const current = this.live();
    if (current === null) return null;
    const now = this.#dependencies.monotonic();
    if (current.copies.size < limits.copiesOfOne) this.#busySince = Number.POSITIVE_INFINITY;
    else this.#busySince = Math.min(this.#busySince, now);
    const hasFolders = this.#hasFolders(order);
    if (now - this.#busySince < limits.secondCarrierAfterMs || !hasFolders || !this.#isForSecond(order, route)) return current;
    if (this.#second === null && this.#mayStart()) this.#second = this.#dependencies.start();
    const second = this.#second;
    if (second === null || second.copies.size >= current.copies.size) return current;
    this.#secondUsedAt = now;
    return second;
  }

  #mayStart(): boolean {
    return this.#seats.hung(this.#dependencies.target()) === null;
  }

  /** Returns whether no folder has to be created for a copy. If that is not known, remembers which folder it will create a file in. */
  #hasFolders({ copyId, destination }: CopyOrder): boolean {
    const folder = destination.slice(0, Math.max(0, destination.lastIndexOf('/')));
    if (folder === '' || this.#completeFolders.has(folder)) return true;
    if (this.#foldersOfCopies.size >= limits.completeFolders) this.#foldersOfCopies.clear();
    this.#foldersOfCopies.set(copyId, folder);
    return false;
  }

  /** Notes that a copy has created its file. */
  noteCreated(copyId: CopyId): void {
    const folder = this.#foldersOfCopies.get(copyId);
    if (folder === undefined) return;
    this.#foldersOfCopies.delete(copyId);
    if (this.#completeFolders.size >= limits.completeFolders) this.#completeFolders.clear();
    this.#completeFolders.add(folder);
  }

  /** One process alone can keep a rate. On a share, two would not know how much the other has under way. */
  #isForSecond({ expected, growing }: CopyOrder, { maxRateBytesPerSecond, rates }: RouteSettings): boolean {
    const isSmall = !growing && expected.sizeBytes <= limits.secondCarrierBytes;
    const isLimited = maxRateBytesPerSecond !== null || rates.length > 0;
    return isSmall && !isLimited && this.#areOnOwnDisks;
  }

  /** Notes whether source and destination are both disks of this machine. */
  noteDisks(areOwn: boolean): void {
    this.#areOnOwnDisks = areOwn;
  }

  /** Ends a second process that has had no copy for a while. */
  endUnused(): void {
    const now = this.#dependencies.monotonic();
    if (this.#second === null) return;
    if (this.#second.copies.size > 0) this.#secondUsedAt = now;
    else if (now - this.#secondUsedAt >= limits.secondCarrierIdleMs) this.abandon(this.#second);
  }

  /** Notes that a copy was published, so the destination works. */
  noteGood(): void {
    this.#seats.noteGood();
  }

  /** Stops giving new copies to a process. @returns false if it gets none anyway, or if enough are retired */
  retire(carrier: Carrier): boolean {
    if (this.#retired.includes(carrier) || !this.has(carrier) || this.#retired.length >= limits.retiredCarriers) return false;
    this.#drop(carrier);
    this.#retired = [...this.#retired, carrier];
    return true;
  }

  /** Abandons a retired process that runs no copy. */
  abandonIdle(carrier: Carrier): void {
    if (this.#retired.includes(carrier) && carrier.copies.size === 0) this.abandon(carrier);
  }

  abandonAll(): void {
    for (const carrier of this.all()) this.abandon(carrier);
  }

  /** Kills a process without waiting for its end. It may hang: it keeps its seat until it has ended. */
  abandon(carrier: Carrier): void {
    const { target, monotonic } = this.#dependencies;
    this.#drop(carrier);
    const { pid, isGone } = carrier.child;
    this.#seats.noteAbandoned({ pid, path: target(), isGone }, monotonic());
    carrier.child.abandon();
  }

  /** The next current process says what the disks are only if they are disks of this machine, so until then nothing is known. */
  #drop(carrier: Carrier): void {
    if (this.#current === carrier) {
      this.#current = null;
      this.#areOnOwnDisks = false;
      this.#completeFolders.clear();
      this.#foldersOfCopies.clear();
    }
    if (this.#second === carrier) this.#second = null;
    this.#retired = this.#retired.filter((other) => other !== carrier);
  }
}
