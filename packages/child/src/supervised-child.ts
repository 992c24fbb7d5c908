import { createSeats, type SeatLimits, seatLimits } from './hung-children.ts';

/** The part of a child that a supervisor uses. */
export interface Supervisable {
  readonly pid: number;
  abandon(): void;
  isGone(): boolean;
}

/** How a supervisor starts children. */
export interface Supervision<Handle extends Supervisable> {
  /** Returns what a new child would work on, without touching it: path and mount id. */
  readonly path: () => string;
  readonly start: () => Handle;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly limits?: SeatLimits;
}

/** `kept`: the pause before a new child is not over. `hung`: no new child is started before one of `pids` has ended. */
export type StuckAnswer =
  | { readonly kind: 'replaced' }
  | { readonly kind: 'kept' }
  | { readonly kind: 'hung'; readonly pids: readonly number[] };

/** At most one live child, and a few abandoned ones that hang. */
export interface SupervisedChild<Handle extends Supervisable> {
  /** Returns the live child. Starts one if there is none or it has ended. */
  live(): Handle;
  /**
   * To be called for as long as the live child does not answer. It is abandoned for a new one as soon as that is allowed: at once
   * if the mount has changed, else after a pause that doubles each time.
   */
  stuck(): StuckAnswer;
  /**
   * Replaces the live child by a new one, at once, for other settings.
   * @returns false if so many children hang that none may be started now; then the live child stays
   */
  renew(): boolean;
  /** To be called when the live child has answered, if late: it is not stuck. */
  answered(): void;
  /** Abandons the live child, if there is one. */
  end(): void;
}

/** Returns a supervisor without a child. */
export function superviseChild<Handle extends Supervisable>(supervision: Supervision<Handle>): SupervisedChild<Handle> {
  const { path, start, now, limits = seatLimits } = supervision;
  const seats = createSeats(limits);
  let current: { readonly child: Handle; readonly path: string; stuckSince: number | null } | null = null;

  const live = (): Handle => {
    if (current === null || current.child.isGone()) current = { child: start(), path: path(), stuckSince: null };
    return current.child;
  };

  const mayReplace = (stuckPath: string, stuckSince: number): boolean => {
    const here = path();
    const isPatient = here === stuckPath && now() - stuckSince < limits.firstRestartMs;
    return !isPatient && seats.mayReplace(here, now());
  };

  const replace = ({ child, path: target }: NonNullable<typeof current>): void => {
    seats.noteAbandoned({ pid: child.pid, path: target, isGone: child.isGone }, now());
    child.abandon();
    current = null;
    live();
  };

  return {
    live,
    renew() {
      if (current !== null && !current.child.isGone()) {
        if (seats.hung(path()) !== null) return false;
        replace(current);
      }
      live();
      return true;
    },
    stuck() {
      if (current === null || current.child.isGone()) {
        live();
        return { kind: 'replaced' };
      }
      current.stuckSince ??= now();
      if (mayReplace(current.path, current.stuckSince)) {
        replace(current);
        return { kind: 'replaced' };
      }
      const pids = seats.hung(path());
      return pids === null ? { kind: 'kept' } : { kind: 'hung', pids };
    },
    answered() {
      if (current !== null) current.stuckSince = null;
      seats.noteGood();
    },
    end() {
      current?.child.abandon();
      current = null;
    },
  };
}
