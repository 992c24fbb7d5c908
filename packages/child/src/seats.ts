/** The bound on children of one kind: one live child, and a few that hang. */
export interface SeatLimits {
  readonly firstRestartMs: number;
  readonly lastRestartMs: number;
  /** Of one path and mount. */
  readonly maxAbandoned: number;
  /** Of all mounts that a path ever lay on: a share that is mounted again and again, and hangs each time, has a limit too. */
  readonly maxAbandonedInAll: number;
}

export const seatLimits: SeatLimits = { firstRestartMs: 10_000, lastRestartMs: 600_000, maxAbandoned: 3, maxAbandonedInAll: 9 };

/** A child that was given up and may not have ended yet. */
export interface AbandonedChild {
  readonly pid: number;
  readonly path: string;
  isGone(): boolean;
}

/** Decides when a stuck child may be given up for a new one. */
export interface Seats {
  /**
   * The live child is stuck inside a call. May it be abandoned and a new one started now?
   *
   * @param path path and mount id: a path that is mounted again gets a new child at once
   * @param at monotonic milliseconds
   */
  mayReplace(path: string, at: number): boolean;
  noteAbandoned(child: AbandonedChild, at: number): void;
  /** A child did its work: the next trouble begins with the short pause again. */
  noteGood(): void;
  /** Pids of those that still hang, where no further one may be started; else null. */
  hung(path: string): readonly number[] | null;
}

export function createSeats(limits: SeatLimits = seatLimits): Seats {
  let abandoned: AbandonedChild[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  let pauseMs = limits.firstRestartMs;
  let lastPath: string | null = null;

  /** The children that occupy every seat; empty where one is left. */
  const blocking = (path: string): readonly AbandonedChild[] => {
    abandoned = abandoned.filter((child) => !child.isGone());
    if (abandoned.length >= limits.maxAbandonedInAll) return abandoned;
    const here = abandoned.filter((child) => child.path === path);
    return here.length >= limits.maxAbandoned ? here : [];
  };

  return {
    mayReplace(path, at) {
      if (blocking(path).length > 0) return false;
      return path !== lastPath || at - lastAt >= pauseMs;
    },
    noteAbandoned(child, at) {
      pauseMs = child.path === lastPath ? Math.min(pauseMs * 2, limits.lastRestartMs) : limits.firstRestartMs;
      abandoned.push(child);
      lastAt = at;
      lastPath = child.path;
    },
    noteGood() {
      pauseMs = limits.firstRestartMs;
      lastPath = null;
    },
    hung(path) {
      const children = blocking(path);
      return children.length > 0 ? children.map((child) => child.pid) : null;
    },
  };
}
