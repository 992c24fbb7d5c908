import type { LogNote } from '@sluice/control';

/** That are kept, the newest ones. */
const mostNotes = 500;

/** One that was just told. */
export function withNote(notes: readonly LogNote[], note: LogNote): readonly LogNote[] {
  return [...notes, note].slice(-mostNotes);
}

/** With what was logged before, oldest first; what is in both stands once, and all by when it was said. */
export function withLogged(notes: readonly LogNote[], logged: readonly LogNote[]): readonly LogNote[] {
  const known = new Set(notes.map(keyOf));
  const fresh = logged.filter((note) => !known.has(keyOf(note)));
  if (fresh.length === 0) return notes;
  return [...fresh, ...notes].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-mostNotes);
}

function keyOf({ at, route, text }: LogNote): string {
  return JSON.stringify([at, route, text]);
}
