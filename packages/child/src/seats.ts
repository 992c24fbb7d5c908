/** The bound on children of one kind and place: one live one beside a few that hang. */
export interface SeatLimits {
  readonly firstRestartMs: number;
  readonly lastRestartMs: number;
  readonly mostAbandoned: number;
}

export const seatLimits: SeatLimits = { firstRestartMs: 10_000, lastRestartMs: 600_000, mostAbandoned: 3 };

interface Abandoned {
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
   */
  mayReplace(place: string, at: number): boolean;
  noteAbandoned(child: Abandoned, at: number): void;
  /** A child did its work: the next trouble begins with the short pause again. */
  noteGood(): void;
  /** Pids of those that still hang, where no further one may be started; else null. */
  hung(place: string): readonly number[] | null;
}

export function createSeats(limits: SeatLimits = seatLimits): Seats {
  let abandoned: Abandoned[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  let pauseMs = limits.firstRestartMs;
  let lastPlace: string | null = null;

  const hanging = (place: string): Abandoned[] => {
    abandoned = abandoned.filter((child) => !child.isGone());
    return abandoned.filter((child) => child.place === place);
  };

  return {
    mayReplace(place, at) {
      if (hanging(place).length >= limits.mostAbandoned) return false;
      return place !== lastPlace || at - lastAt >= pauseMs;
    },
    noteAbandoned(child, at) {
      if (child.place === lastPlace && lastAt !== Number.NEGATIVE_INFINITY) pauseMs = Math.min(pauseMs * 2, limits.lastRestartMs);
      else pauseMs = limits.firstRestartMs;
      abandoned.push(child);
      lastAt = at;
      lastPlace = child.place;
    },
    noteGood() {
      pauseMs = limits.firstRestartMs;
      lastPlace = null;
    },
    hung(place) {
      const those = hanging(place);
      return those.length >= limits.mostAbandoned ? those.map((child) => child.pid) : null;
    },
  };
}
