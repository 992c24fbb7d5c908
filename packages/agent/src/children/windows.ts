import { closeSync, constants, fstatSync, ftruncateSync, openSync, statfsSync } from 'node:fs';
import process from 'node:process';
import type { RouteSettings } from '@sluice/core/model';
import type { CarrierInit } from '@sluice/transport';
import { limits } from '../limits.ts';

/** A carrier's place among those that share a source. */
export interface Seat {
  readonly windows: CarrierInit['windows'];
  /** Another carrier may have it. Only when the process has really ended. */
  free(): void;
}

/** The memory in which the carriers of one source show each other what they have read. */
export interface Windows {
  /** @returns null where every place is taken: this carrier reads alone */
  take(): Seat | null;
  end(): void;
}

const none: Windows = { take: () => null, end() {} };

/**
 * Makes the windows of every source that several routes have. They are files in memory without a name, which nobody finds who may not see
 * what this process has open, and which are gone with it. Linux only; elsewhere, and without such memory, every carrier reads alone.
 *
 * @param folder a folder in memory
 */
export function createWindows(routes: readonly RouteSettings[], folder = '/dev/shm'): (route: RouteSettings) => Windows {
  const bySource = Map.groupBy(routes, ({ source }) => source);
  const windows = new Map([...bySource].map(([source, { length }]) => [source, length > 1 ? makeWindows(length, folder) : none]));
  return ({ source }) => windows.get(source) ?? none;
}

/** One place for each route, and one for a successor of each, while its predecessor has not ended. */
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
/** `O_TMPFILE` of open(2), which Node does not name. It is the same number on all machines that Node is made for, but for its folder flag. */
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
    return { windows: { files: this.#files, own }, free: () => this.#free(own) };
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const descriptor of this.#descriptors) closeSync(descriptor);
  }

  /** Its memory goes back to the system. */
  #free(seat: number): void {
    const descriptor = this.#descriptors[seat];
    if (!this.#taken.delete(seat) || this.#hasEnded || descriptor === undefined) return;
    ftruncateSync(descriptor, 0);
  }
}
