import { closeSync, constants, fstatSync, ftruncateSync, openSync, statfsSync } from 'node:fs';
import process from 'node:process';
import type { RouteSettings } from '@sluice/core/model';
import type { CarrierInit } from '@sluice/transport';
import { limits } from '../limits.ts';

/** The place of a carrier among those that share a source. */
export interface Seat {
  readonly windows: CarrierInit['windows'];
  /** Releases the memory after the carrier was killed: no carrier waits for what it was reading. */
  empty(): void;
  /** Makes the place available to another carrier. Called only after the process has ended. */
  free(): void;
}

/** The memory in which the carriers of one source share what they have read. */
export interface Windows {
  /** @returns null if every place is taken; the carrier then reads alone */
  take(): Seat | null;
  end(): void;
}

const none: Windows = { take: () => null, end() {} };

/**
 * Creates the windows of every source that several routes have. They are files without a name in memory: only a user who may see
 * the open files of this process can find them, and they disappear with it. On systems other than Linux, or without such memory,
 * every carrier reads alone.
 *
 * @param folder a folder in memory
 */
export function createWindows(routes: readonly RouteSettings[], folder = '/dev/shm'): (route: RouteSettings) => Windows {
  const bySource = Map.groupBy(routes, ({ source }) => source);
  const windows = new Map([...bySource].map(([source, { length }]) => [source, length > 1 ? makeWindows(length, folder) : none]));
  return ({ source }) => windows.get(source) ?? none;
}

/** Creates one place for each route, and one for each successor that starts before its predecessor has ended. */
function makeWindows(routeCount: number, folder: string): Windows {
  const count = Math.min(2 * routeCount, limits.windowSeats);
  let descriptors: readonly number[] = [];
  try {
    if (statfsSync(folder).type !== memoryFilesystem) return none;
    for (let made = 0; made < count; made += 1) descriptors = [...descriptors, openSync(folder, unnamed, 0o600)];
  } catch {
    for (const descriptor of descriptors) closeSync(descriptor);
    return none;
  }
  return new SeatedWindows(descriptors);
}

/** `TMPFS_MAGIC` of statfs(2). */
const memoryFilesystem = 0x0102_1994;
/**
 * `O_TMPFILE` of open(2), for which Node has no name. Apart from its folder flag, the number is the same on all machines that
 * Node supports.
 */
const unnamed = constants.O_RDWR | (constants.O_DIRECTORY ?? 0) | 0o20_000_000;

class SeatedWindows implements Windows {
  readonly #descriptors: readonly number[];
  readonly #files: NonNullable<CarrierInit['windows']>['files'];
  readonly #taken = new Set<number>();
  #hasEnded = false;

  constructor(descriptors: readonly number[]) {
    this.#descriptors = descriptors;
    this.#files = descriptors.map((descriptor) => {
      const { dev, ino } = fstatSync(descriptor, { bigint: true });
      return { path: `/proc/${process.pid}/fd/${descriptor}`, device: String(dev), inode: String(ino) };
    });
  }

  take(): Seat | null {
    const own = this.#descriptors.findIndex((_, seat) => !this.#taken.has(seat));
    if (own === -1 || this.#hasEnded) return null;
    this.#taken.add(own);
    return { windows: { files: this.#files, own }, empty: () => this.#empty(own), free: () => this.#free(own) };
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const descriptor of this.#descriptors) closeSync(descriptor);
  }

  #free(seat: number): void {
    this.#empty(seat);
    this.#taken.delete(seat);
  }

  /** Returns the memory of a place to the system. */
  #empty(seat: number): void {
    const descriptor = this.#descriptors[seat];
    if (!this.#taken.has(seat) || this.#hasEnded || descriptor === undefined) return;
    ftruncateSync(descriptor, 0);
  }
}
