/** The bound on children of one kind: one live child, and a few that hang. */
export interface SeatLimits {
  readonly firstRestartMs: number;
  readonly lastRestartMs: number;
  /** Abandoned children of one path and mount. */
  readonly maxAbandoned: number;
  /** Abandoned children of all mounts that a path ever lay on. It bounds a share that is mounted repeatedly and hangs each time. */
  readonly maxAbandonedInAll: number;
}

/** The limits that callers use by default. */
export const seatLimits: SeatLimits = { firstRestartMs: 10_000, lastRestartMs: 600_000, maxAbandoned: 3, maxAbandonedInAll: 9 };

/** A child that was abandoned and may not have ended yet. */
export interface AbandonedChild {
  readonly pid: number;
  readonly path: string;
  isGone(): boolean;
}

/** Decides when a stuck child may be abandoned for a new one. */
export interface Seats {
  /**
   * Returns whether the live child, stuck inside a call, may be abandoned and a new one started now.
   * @param path path and mount id: a path that is mounted again gets a new child at once
   * @param at monotonic milliseconds
   */
  mayReplace(path: string, at: number): boolean;
  noteAbandoned(child: AbandonedChild, at: number): void;
  /** Notes that a child did its work: after the next trouble, the pause is the short one again. */
  noteGood(): void;
  /** Returns the pids of the children that hang if no further one may be started, else null. */
  hung(path: string): readonly number[] | null;
}

/** Returns the seats of one kind of child. */
export function createSeats(limits: SeatLimits = seatLimits): Seats {
  let abandoned: AbandonedChild[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  let pauseMs = limits.firstRestartMs;
  let lastPath: string | null = null;

  /** Returns the children that occupy every seat; empty if a seat is free. */
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
