import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Outcome } from './outcome.ts';

/** Seconds by test file. */
type Timings = Readonly<Record<string, number>>;

/** Written after every run, and not committed. */
const measuredFile = '.test/timings.json';
/** Committed, so that shards on different machines agree; `--save-timings` writes it. */
const savedFile = 'tests/timings.json';
const unknownSeconds = 5;

/** Returns what each file took when it last ran here, or else when the committed figures were measured. @returns seconds */
export function measuredSeconds(): (path: string) => number {
  const timings = { ...read(savedFile), ...read(measuredFile) };
  return (path) => timings[path] ?? unknownSeconds;
}

/** Returns only the committed figures, which are the same on every machine. @returns seconds */
export function savedSeconds(): (path: string) => number {
  const timings = read(savedFile);
  return (path) => timings[path] ?? unknownSeconds;
}

/** Keeps what this run measured. @param isSaved whether to write the committed file, too */
export function keepTimings(outcomes: readonly Outcome[], isSaved: boolean): void {
  const now = outcomes.filter(({ name, isCached }) => name.endsWith('.test.ts') && isCached !== true);
  const seconds = Object.fromEntries(now.map((outcome) => [outcome.name, Math.round(outcome.seconds * 10) / 10]));
  for (const file of isSaved ? [measuredFile, savedFile] : [measuredFile]) write(file, { ...read(file), ...seconds });
}

function read(file: string): Timings {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Timings;
  } catch {
    // The file was cut off by a run that was ended. It is measured again.
    return {};
  }
}

function write(file: string, timings: Timings): void {
  const present = Object.entries(timings).filter(([path]) => existsSync(path));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(present.sort(([one], [other]) => (one < other ? -1 : 1))), null, 2)}\n`);
}
