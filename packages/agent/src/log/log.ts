import type { LogLevel } from '@sluice/config';
import { errnoOf, UnexpectedFile } from '@sluice/platform';
import { clean, cleanJson, levelTone, noPaint, type Paint } from '@sluice/words';
import { limits } from '../limits.ts';
import type { LogFile } from './file.ts';
import type { LineOutput } from './output.ts';

/** Fields of a line in addition to its sentence, as JSON in the file. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log, for people and for programs. No call blocks for long or throws. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** False: lines at level `debug` are not written. */
  readonly hasDebug?: boolean;
  /**
   * Runs `say` and then writes all its lines at once, because a write costs more than a line. Absent: lines are written one by
   * one.
   */
  readonly together?: (say: () => void) => void;
  /** Returns the same log for lines about one route. */
  forRoute(route: string): Log;
  /** Waits a moment for a stalled standard error, then closes the file. */
  close(): void;
}

/** The options of a log. */
export interface LogOptions {
  /** Read for every line, because it may change. */
  readonly level: LogLevel;
  /** Writes JSON lines. Null: none are written. */
  readonly file: LogFile | null;
  /** Writes lines for people. Null: none are written. */
  readonly output: LineOutput | null;
  /** How these lines are coloured. Absent: not at all. */
  readonly paint?: Paint;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * Creates a log that writes JSON lines to a rotated file, and sentences to standard error (`14:02:23 warn  ingest: …`). A file
 * that cannot be written is reported once, and again when it can be written again; it never stops the agent.
 */
export function createLog(options: LogOptions): Log {
  const { file, output, now, paint = noPaint } = options;
  let lostLines = 0;
  /** Lines that are written at the end of `together`. */
  const held: string[] = [];
  let heldLength = 0;
  /** One for each route that has had a line. */
  const ofRoutes = new Map<string, Log>();
  let isHolding = false;

  const show = (at: number, severity: LogLevel, route: string | null, message: string) => {
    output?.write(paint(humanLine(at, severity, route, message), levelTone(severity)));
  };
  const append = (lines: readonly string[]) => {
    if (file === null || lines.length === 0) return;
    const at = now();
    try {
      if (lostLines > 0) file.append(jsonLine(at, 'warn', null, `${lostLines} lines could not be written here`, {}));
      lostLines = 0;
      file.append(lines.join('\n'));
    } catch (error) {
      if (lostLines === 0) show(at, 'error', null, `the log file cannot be written (${why(error)}); the agent continues without it`);
      lostLines += lines.length;
    }
  };
  const appendHeld = () => append(held.splice(0));
  const store = (line: string) => {
    if (!isHolding) return append([line]);
    heldLength = held.length === 0 ? line.length : heldLength + line.length;
    held.push(line);
    if (heldLength >= limits.logTogetherLength) appendHeld();
  };
  const together = (sayAll: () => void) => {
    isHolding = true;
    try {
      sayAll();
    } finally {
      isHolding = false;
      appendHeld();
    }
  };
  const say = (severity: LogLevel, route: string | null, message: string, fields: LogFields = {}) => {
    if (levels.indexOf(severity) < levels.indexOf(options.level)) return;
    const at = now();
    show(at, severity, route, message);
    if (file !== null) store(jsonLine(at, severity, route, message, fields));
  };
  const logFor = (route: string | null): Log => ({
    get hasDebug() {
      return options.level === 'debug';
    },
    together,
    debug: (message, fields) => say('debug', route, message, fields),
    info: (message, fields) => say('info', route, message, fields),
    warn: (message, fields) => say('warn', route, message, fields),
    error: (message, fields) => say('error', route, message, fields),
    forRoute: (name) => {
      const known = ofRoutes.get(name) ?? logFor(name);
      ofRoutes.set(name, known);
      return known;
    },
    close: () => {
      output?.drain(limits.logDrainMs);
      file?.close();
    },
  });
  return logFor(null);
}

function why(error: unknown): string {
  return error instanceof UnexpectedFile ? error.message : errnoOf(error);
}

/** @returns `14:02:23 warn  ingest: …` in local time, clean, on one line */
export function humanLine(at: number, level: LogLevel, route: string | null, message: string): string {
  const time = new Date(at);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
  const line = clean(`${clock} ${level.padEnd(5)} ${route === null ? '' : `${route}: `}${message}`);
  return cut(line, limits.logLineBytes / 4);
}

/** @returns one JSON object; `at` is RFC 3339 UTC */
export function jsonLine(at: number, level: LogLevel, route: string | null, message: string, fields: LogFields): string {
  const head = { at: new Date(at).toISOString(), level, route, message: cut(message, limits.logMessageLength) };
  // The head comes first and cannot be replaced by fields.
  const line = safeJson({ ...head, ...fields, ...head });
  return line.length <= 4 * limits.logMessageLength ? line : cleanJson({ ...head, fields: 'too long for a log line' });
}

/** Returns fields as JSON. A value that JSON cannot hold must not stop the agent. */
function safeJson(value: object): string {
  try {
    return cleanJson(value);
  } catch (error) {
    return cleanJson({
      ...Object.fromEntries(Object.entries(value).map(([key, field]) => [key, String(field)])),
      unprintable: String(error),
    });
  }
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 3).replace(/[\ud800-\udbff]$/, '')}...`;
}
