import { weekdays } from '@sluice/core/model';
import * as v from 'valibot';

/**
 * A time of the day, in minutes since midnight. An empty text is null.
 * @param earliest minutes
 * @param latest minutes
 */
export function clockTime(earliest: number, latest: number) {
  const expected = `expected a time of the day from "${timeText(earliest)}" to "${timeText(latest)}"`;
  return v.pipe(
    v.string(expected),
    v.rawTransform<string, number | null>(({ dataset, addIssue, NEVER }) => {
      if (dataset.value === '') return null;
      const minutes = parseTime(dataset.value);
      if (minutes !== null && minutes >= earliest && minutes <= latest) return minutes;
      addIssue({ message: expected });
      return NEVER;
    }),
    v.metadata({ kind: 'text' as const }),
  );
}

/** @returns minutes since midnight of `08:00`; null if it is not a time */
export function parseTime(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return null;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  return minutes < 60 ? hours * 60 + minutes : null;
}

/** Returns `08:00` for 480 minutes since midnight. */
export function timeText(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Days of the week, at least one. */
export function days() {
  const expected = `expected a list of days, such as ["mon", "fri"], of ${weekdays.map((day) => `"${day}"`).join(', ')}`;
  return v.pipe(
    v.array(v.picklist(weekdays, expected), expected),
    v.minLength(1, `${expected}, with at least one`),
    v.transform((given): readonly (typeof weekdays)[number][] => weekdays.filter((day) => given.includes(day))),
    v.metadata({ kind: 'list' as const }),
  );
}
