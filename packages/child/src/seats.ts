/** The bound on children of one kind: one live child, and a few that hang. */
export interface SeatLimits {
  readonly firstRestartMs: number;
  readonly lastRestartMs: number;
  /** Of one place, which is a path and a mount. */
  readonly mostAbandoned: number;
  /** Of all mounts that a path ever lay on: a share that is mounted again and again, and hangs each time, has a limit too. */
  readonly mostAbandonedInAll: number;
}

export const seatLimits: SeatLimits = { firstRestartMs: 10_000, lastRestartMs: 600_000, mostAbandoned: 3, mostAbandonedInAll: 9 };

/** A child that was given up and may not have ended yet. */
export interface AbandonedChild {
  readonly pid: number;
  readonly place: string;
  isGone(): boolean;
}

/** Decides when a stuck child may be given up for a new one. */
export interface Seats {
  /**
   * The live child is stuck inside a call. May it be abandoned and a new one started now?
   *
   * @param place path and mount id: a remounted place gets a new child at once
   * @param at monotonic milliseconds
   */
  mayReplace(place: string, at: number): boolean;
  noteAbandoned(child: AbandonedChild, at: number): void;
  /** A child did its work: the next trouble begins with the short pause again. */
  noteGood(): void;
  /** Pids of those that still hang, where no further one may be started; else null. */
  hung(place: string): readonly number[] | null;
}

export function createSeats(limits: SeatLimits = seatLimits): Seats {
  let abandoned: AbandonedChild[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  let pauseMs = limits.firstRestartMs;
  let lastPlace: string | null = null;

  /** The children that occupy every seat; empty where one is left. */
  const blocking = (place: string): readonly AbandonedChild[] => {
    abandoned = abandoned.filter((child) => !child.isGone());
    if (abandoned.length >= limits.mostAbandonedInAll) return abandoned;
    const here = abandoned.filter((child) => child.place === place);
    return here.length >= limits.mostAbandoned ? here : [];
  };

  return {
    mayReplace(place, at) {
      if (blocking(place).length > 0) return false;
      return place !== lastPlace || at - lastAt >= pauseMs;
    },
    noteAbandoned(child, at) {
      pauseMs = child.place === lastPlace ? Math.min(pauseMs * 2, limits.lastRestartMs) : limits.firstRestartMs;
      abandoned.push(child);
      lastAt = at;
      lastPlace = child.place;
    },
    noteGood() {
      pauseMs = limits.firstRestartMs;
      lastPlace = null;
    },
    hung(place) {
      const children = blocking(place);
      return children.length > 0 ? children.map((child) => child.pid) : null;
    },
  };
}
