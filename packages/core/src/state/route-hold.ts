/** An operator's hold on a route. While it lasts, no new copy starts. */
export interface RouteHold {
  readonly by: string;
  readonly since: number;
  readonly until: number | null;
  readonly reason: string;
}

/** A route that was removed from the settings. */
export interface RouteEnding {
  /** The hold that the route had, in case it is added again. */
  readonly hold: RouteHold | null;
  /** Monotonic. */
  readonly holdEndsAt: number;
  /** Whether `route_drained` was sent. */
  isDrained: boolean;
}
