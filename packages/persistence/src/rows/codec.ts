import { fileId, isRunning, routeName, type Status, sameFingerprint, type TrackedFile } from '@sluice/core/model';
import { damaged, type JournalUnusable } from '../unusable.ts';
import {
  type AgentColumns,
  agentChecksum,
  type ChildColumns,
  childChecksum,
  type EntryColumns,
  entryChecksum,
  type FileColumns,
  factChecksum,
  fileChecksum,
} from './checksum.ts';
import { isTrackedFile } from './shape.ts';
import { nameOfStatus, statusCodes, statusOf, statusOrNull } from './status-codes.ts';
import type { Counted } from './tally.ts';
import type { Words } from './words.ts';

/**
 * A row of `files`. `n`: number of its first entry, which is the order in which files were found. `destination` null: the same as
 * the source.
 */
export interface FileRow extends FileColumns {
  /** The number of a word. */
  readonly route: number;
  readonly crc: number;
}

/** The columns that hold a complete file, in the order of the table. */
export const fileColumns =
  'n, id, route, status, size_bytes, discovered_at, ended_at, mtime_ns, recovery_of, recovered_by, source, destination, record, crc';

/**
 * Returns the row of a file.
 * @param n number of its first entry
 * @param route the word of its route
 */
export function encodeFile(file: TrackedFile, n: number, route: number): FileRow {
  const { id, status, fingerprint, discoveredAt, endedAt, recoveryOf, recoveredBy } = file;
  const row = {
    n,
    id,
    route,
    status: statusCodes[status],
    size_bytes: fingerprint.sizeBytes,
    discovered_at: discoveredAt,
    ended_at: endedAt,
    mtime_ns: fingerprint.mtimeNs,
    recovery_of: recoveryOf,
    recovered_by: recoveredBy,
    source: encodeName(file.source),
    destination: file.destination === file.source ? null : encodeName(file.destination),
    record: slimRecord(file),
  };
  return { ...row, crc: fileChecksum(row, file.route) };
}

/** @throws JournalUnusable if the row is not what `encodeFile` wrote */
export function decodeFile(row: FileRow, words: Words): TrackedFile {
  const route = words.text(row.route);
  assertFile(row, route);
  const told = parse(row.record);
  const source = decodeName(row.source);
  const columns = {
    id: fileId(row.id),
    route: routeName(route),
    status: statusOf(row.status),
    source,
    destination: row.destination === null ? source : decodeName(row.destination),
    fingerprint: { sizeBytes: row.size_bytes, mtimeNs: row.mtime_ns },
    discoveredAt: row.discovered_at,
    endedAt: row.ended_at,
    recoveryOf: row.recovery_of === null ? null : fileId(row.recovery_of),
    recoveredBy: row.recovered_by === null ? null : fileId(row.recovered_by),
  };
  const file = isDetail(told) ? wholeFile(columns, told) : null;
  if (isTrackedFile(file)) return file;
  throw damaged(`the record of tracked file ${row.id} (${columns.status}) cannot be read`);
}

/** @throws JournalUnusable if the columns are not those that were written */
export function assertFile(row: FileRow, route: string): void {
  if (row.crc !== fileChecksum(row, route)) throw mismatch(`the record of tracked file ${row.id} (${nameOfStatus(row.status)})`);
}

/** Returns what is counted of a row's file. */
export function countedRow({ route, status, recovered_by }: Pick<FileRow, 'route' | 'status' | 'recovered_by'>): Counted {
  return { route, status, isRecovered: status === statusCodes.FAILED && recovered_by !== null };
}

/** A row of `entries`. An entry of a file has the route of the file. */
export interface EntryRow {
  readonly seq: number;
  readonly at: number;
  /** The `n` of its file. Null: an entry of a route or a gate. */
  readonly file: number | null;
  /** The number of a word. Null: an entry of a file. */
  readonly route: number | null;
  /** The number of a word. */
  readonly event: number;
  readonly from_status: number | null;
  readonly to_status: number | null;
  /** Null: no detail. */
  readonly detail: string | null;
  readonly crc: number;
}

const noDetail = '{}';

/** Returns the row of an entry. @param seal what its columns stand for, for its checksum */
export function encodeEntry(seal: EntryColumns, file: number | null, words: Words): EntryRow {
  return {
    seq: seal.seq,
    at: seal.at,
    file,
    route: file === null ? words.take(seal.route) : null,
    event: words.take(seal.event),
    from_status: codeOrNull(seal.from_status),
    to_status: codeOrNull(seal.to_status),
    detail: seal.detail === noDetail ? null : seal.detail,
    crc: entryChecksum(seal),
  };
}

function codeOrNull(status: EntryColumns['from_status']): number | null {
  return status === null ? null : statusCodes[status];
}

/** Events of gates. All other entries without a file are facts of routes. */
const gateEvents: ReadonlySet<string> = new Set(['gate_opened', 'gate_closed']);

/**
 * @param owner the file of the entry
 * @throws JournalUnusable if the row is not what `encodeEntry` wrote
 */
export function decodeEntry(row: EntryRow, owner: { readonly id: string; readonly route: string } | null, words: Words): EntryColumns {
  const event = words.text(row.event);
  const entry = {
    seq: row.seq,
    at: row.at,
    kind: kindOf(row, event),
    route: owner?.route ?? (row.route === null ? '' : words.text(row.route)),
    file_id: owner?.id ?? null,
    event,
    from_status: statusOrNull(row.from_status),
    to_status: statusOrNull(row.to_status),
    detail: row.detail ?? noDetail,
  };
  if (row.crc !== entryChecksum(entry)) throw mismatch(`entry ${row.seq} (${event})`);
  return entry;
}

function kindOf(row: EntryRow, event: string): EntryColumns['kind'] {
  if (row.file !== null) return row.to_status === null ? 'file_fact' : 'transition';
  return gateEvents.has(event) ? 'gate' : 'route_fact';
}

/** A row of `route_facts` or `gates`, with the name of its event in that table. */
export interface FactColumns {
  readonly seq: number;
  readonly at: number;
  readonly route: string;
  readonly detail: string;
  readonly crc: number;
}

/** @throws JournalUnusable if the columns are not those that were written */
export function assertFact({ seq, at, route, detail, crc }: FactColumns, what: string): void {
  if (crc !== factChecksum(seq, at, route, what, detail)) throw mismatch(`record ${seq} of route ${route} (${what})`);
}

/** @throws JournalUnusable if the columns are not those that were written */
export function assertAgent(row: AgentColumns & { readonly crc: number }): void {
  if (row.crc !== agentChecksum(row)) throw mismatch('the record of the agent itself');
}

/** @throws JournalUnusable if the columns are not those that were written */
export function assertChild(row: ChildColumns & { readonly crc: number }): void {
  if (row.crc !== childChecksum(row)) throw mismatch(`the record of child process ${row.pid} (${row.kind})`);
}

function mismatch(row: string): JournalUnusable {
  return damaged(`${row} does not match its checksum`);
}

/** Returns the kind of an event, and the rest of it as JSON, for the columns `event` and `detail`. */
export function encodeEvent(event: { readonly kind: string }): readonly [kind: string, detail: string] {
  for (const key in event) {
    if (key === 'kind') continue;
    const { kind, ...detail } = event;
    return [kind, JSON.stringify(detail)];
  }
  return [event.kind, noDetail];
}

/** @throws JournalUnusable if the detail is not a JSON object */
export function decodeEvent<Event extends { readonly kind: string }>(kind: string, text: string): Event {
  const detail = parse(text);
  if (isDetail(detail)) return { kind, ...detail } as Event;
  throw damaged(`the detail of an event (${kind}) cannot be read: ${text.slice(0, 80)}`);
}

function isDetail(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Returns a name in a form that SQLite can store and compare. UTF-8 has no lone surrogates: they would all become U+FFFD, and
 * different names equal. They are escaped after a NUL, which no file name contains.
 */
export function encodeName(name: string): string {
  if (name.isWellFormed() && !name.includes('\0')) return name;
  return name.replaceAll('\0', '\0\0').replace(/\p{Surrogate}/gu, (lone) => `\0${lone.charCodeAt(0).toString(16)}`);
}

/** Returns the name that `encodeName` encoded. */
export function decodeName(text: string): string {
  if (!text.includes('\0')) return text;
  return text.replace(/\0(\0|[0-9a-f]{4})/g, (_, what: string) => (what === '\0' ? what : String.fromCharCode(Number.parseInt(what, 16))));
}

/** Returns whether a stored name needs no escape. SQLite's JSON cannot be relied on for the others. */
export function isPlainName(name: string): boolean {
  return !name.includes('\0');
}

/** Fields that columns of the row hold, so that the record leaves them out. */
const inColumns: ReadonlySet<string> = new Set([
  'id',
  'route',
  'status',
  'source',
  'destination',
  'fingerprint',
  'discoveredAt',
  'endedAt',
  'recoveryOf',
  'recoveredBy',
] satisfies readonly (keyof TrackedFile)[]);

/** Values that most files have, and that a record leaves out. They are read back from here, so a change of one needs a migration. */
const common = {
  nameValid: true,
  nameNumber: 0,
  nameReason: null,
  mode: 0o644,
  mayGrow: false,
  attempt: 1,
  countedAttempts: 0,
  burned: [],
  leftParts: [],
  leftVisible: [],
  toMark: [],
  startedAt: null,
  sourceGone: false,
} as const satisfies Partial<TrackedFile>;

const pending = { growing: false, networkTries: 0 } as const;
const running = { begun: true, copiedBytes: 0, bytesPerSecond: 0, suspicion: null, growing: false } as const;
const completed = { growing: false, readback: 'direct', copied: true, afterCopy: 'none', notes: [] } as const;

/** The same for files of one state. */
const own: { readonly [Of in Status]: Readonly<Record<string, unknown>> } = {
  DISCOVERED: {},
  GROWING: { heldByWriter: false, stuck: false },
  READY: { ...pending, hold: null, retryAt: null },
  WAITING_FOR_NETWORK: pending,
  WAITING_FOR_SPACE: pending,
  IN_QUEUE: { ...pending, copyId: null },
  COPYING: { ...running, comparing: false },
  GROWING_COPY: { ...running, growing: true, phase: 'following', phaseDone: null },
  VERIFYING: { ...running, readback: null, phaseDone: null, publishing: { step: 'none' }, freshSince: null, isReadFresh: false },
  COMPLETED: completed,
  COMPLETED_DELETE_FAILED: completed,
  FAILED: { growing: false, begun: false, copiedBytes: 0, left: null },
  REMOVED: {},
};

const usual = Object.fromEntries(Object.entries(own).map(([status, values]) => [status, { ...common, ...values }])) as unknown as {
  readonly [Of in Status]: Readonly<Record<string, unknown>>;
};

const inColumn = Symbol('in a column');

/** The usual values by name, and the names that have a column. A map is faster to read than an object of any shape. */
const leftOut = Object.fromEntries(
  Object.entries(usual).map(([status, values]) => [
    status,
    new Map<string, unknown>([...Object.entries(values), ...[...inColumns].map((name) => [name, inColumn] as const)]),
  ]),
) as unknown as { readonly [Of in Status]: ReadonlyMap<string, unknown> };

/** Returns the JSON of a file without what its row holds already, and without what most files have. */
export function slimRecord(file: TrackedFile): string {
  const told: Record<string, unknown> = {};
  const values = file as unknown as Readonly<Record<string, unknown>>;
  const expected = leftOut[file.status];
  // Left out here and not removed below: an object that has lost a field takes longer to write.
  const isAsExpected = isRunning(file) && sameFingerprint(file.expected, file.fingerprint);
  for (const key in values) {
    const usually = expected.get(key);
    if (usually === inColumn || (isAsExpected && key === 'expected')) continue;
    const value = values[key];
    if (usually === undefined || !isUsual(usually, value)) told[key] = value;
  }
  if ('hash' in file && file.hash?.algorithm === 'xxh64') told['hash'] = file.hash.value;
  if ('growth' in file && isFirstSight(file.growth)) told['growth'] = file.growth.since;
  return JSON.stringify(told);
}

function isUsual(expected: unknown, value: unknown): boolean {
  if (expected === value) return true;
  if (Array.isArray(expected)) return Array.isArray(value) && value.length === 0;
  return isStep(expected) && isStep(value) && value.step === expected.step;
}

/** Returns whether a value is the state of publishing. A step `none` has no further fields. */
function isStep(value: unknown): value is { readonly step: unknown } {
  return typeof value === 'object' && value !== null && 'step' in value;
}

type Growth = Extract<TrackedFile, { growth: unknown }>['growth'];

function isFirstSight({ since, movedAt, roseFrom, roseTimes, roseAt }: Growth): boolean {
  return roseFrom === null && roseTimes === 0 && movedAt === since && roseAt === since;
}

/** What the columns of a row say about its file. */
export type InColumns = Pick<
  TrackedFile,
  'id' | 'route' | 'status' | 'source' | 'destination' | 'fingerprint' | 'discoveredAt' | 'endedAt' | 'recoveryOf' | 'recoveredBy'
>;

/** Adds what was left out. @param told the content of the record */
export function wholeFile(columns: InColumns, told: object): Readonly<Record<string, unknown>> {
  const file: Record<string, unknown> = { ...usual[columns.status], ...told, ...columns };
  const { hash, growth } = file;
  if (typeof hash === 'string') file['hash'] = { algorithm: 'xxh64', value: hash };
  if (typeof growth === 'number') file['growth'] = { since: growth, movedAt: growth, roseFrom: null, roseTimes: 0, roseAt: growth };
  if ('copyId' in file && file['expected'] === undefined && columns.status !== 'IN_QUEUE') file['expected'] = columns.fingerprint;
  return file;
}
