/** A moment as the clock on the wall shows it, in the time zone of this process. */
export interface LocalTime {
  readonly day: (typeof days)[number];
  /** Minutes since midnight, 0 to 1439. */
  readonly minute: number;
}

/** In the order of `Date`. */
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Returns a moment in the time zone of this process. @param wall milliseconds since the epoch */
export function localTimeOf(wall: number): LocalTime {
  const date = new Date(wall);
  return { day: days[date.getDay()] ?? 'sun', minute: date.getHours() * 60 + date.getMinutes() };
}
