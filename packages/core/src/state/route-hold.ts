/** An operator's hold on a route. While it lasts, no new copy starts. */
export interface RouteHold {
  readonly by: string;
  readonly since: number;
  readonly until: number | null;
  readonly reason: string;
}

/** A route that was removed from the settings. */
export interface RouteEnding {
  /** The hold that it had, for the case that it comes back. */
  readonly hold: RouteHold | null;
  /** Monotonic. */
  readonly holdEndsAt: number;
  /** `route_drained` was asked. */
  isDrained: boolean;
}
