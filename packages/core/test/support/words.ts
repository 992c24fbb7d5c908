import type { Effect } from '../../src/messages/effect.ts';
import type { FileEvent } from '../../src/messages/file-event.ts';
import type { JournalRecord } from '../../src/messages/record.ts';
import type { GateEvent, RouteEvent } from '../../src/messages/route-event.ts';
import type { CallFault } from '../../src/model/fault.ts';
import type { SourceEntry } from '../../src/model/file.ts';
import type { Fingerprint, RouteName } from '../../src/model/ids.ts';
import type { ProbeResult } from '../../src/model/probe.ts';

/** The results of one step: a line per record, and a line per effect. */
export interface StepOutcome {
  readonly records: readonly JournalRecord[];
  readonly effects: readonly Effect[];
  /** `a.mxf: COPYING > VERIFYING (copied)`, `a.mxf: - publish`, `ingest: closed (unreachable)`. */
  readonly wrote: readonly string[];
  /** `copy a.mxf`, `probe ingest`. */
  readonly asked: readonly string[];
}

export function recordText(record: JournalRecord): string {
  switch (record.kind) {
    case 'transition':
      return `${record.file.source}: ${record.from ?? ''} > ${record.to} (${eventText(record.event)})`.replace(':  >', ': >');
    case 'file_fact':
      return `${record.file.source}: - ${eventText(record.event)}`;
    case 'route_fact':
      return `${record.route}: ${record.key} ${eventText(record.event)}`;
    case 'gate':
      return `${record.route}: ${gateText(record.event)}`;
  }
}

/** Returns the kind of an event, with the details that tests compare. */
function eventText(event: FileEvent | RouteEvent): string {
  const more = detailOf(event);
  return more === null ? event.kind : `${event.kind}: ${more}`;
}

function detailOf(event: FileEvent | RouteEvent): string | null {
  if (event.kind === 'failed') return event.error;
  if (event.kind === 'asked' || event.kind === 'refused') return event.action;
  if (event.kind === 'leftover_marked' || event.kind === 'leftover_removed') return event.outcome;
  return event.kind === 'source_state' ? event.state : null;
}

function gateText(event: GateEvent): string {
  return event.kind === 'gate_opened' ? 'open' : `closed (${event.cause})`;
}

/** For tests that need some event and do not check it. */
export const anyEvent: FileEvent = { kind: 'settled' };

/** @param sourceOf returns the source path of a file that an effect names by its id */
export function effectText(effect: Effect, sourceOf: (id: string) => string): string {
  switch (effect.kind) {
    case 'preflight':
    case 'copy':
    case 'read_back_fresh':
      return `${effect.kind} ${effect.order.source} as ${effect.order.destination}`;
    case 'publish':
      return `publish ${sourceOf(effect.order.fileId)} as ${effect.order.destination}`;
    case 'read_back':
    case 'follow_again':
    case 'withdraw':
    case 'give_up':
    case 'hash_source':
    case 'mark_leftover':
    case 'remove_leftover':
      return `${effect.kind} ${sourceOf(effect.fileId)}`;
    case 'check_paths':
      return `check ${effect.paths.join(' ')}`;
    case 'attention':
      return `attention ${'source' in effect.condition ? effect.condition.source : effect.route} ${effect.condition.kind}`;
    case 'remove_source':
      return `${effect.order.step} ${effect.order.source}`;
    case 'attention_over':
      return `over ${effect.route} ${effect.name}`;
    case 'remove_parts':
      return `remove_parts ${effect.parts.length}`;
    case 'list_source':
    case 'probe':
    case 'prepare':
    case 'write_marker':
    case 'forget':
    case 'end_carrier':
    case 'route_drained':
    case 'end_route':
      return `${effect.kind} ${effect.route}`;
    case 'configure_routes':
      return `configure_routes ${effect.routes.map(({ name }) => name).join(' ')}`;
    case 'stopped':
      return 'stopped';
  }
}

export function fingerprint(sizeBytes: number, mtime = 1): Fingerprint {
  return { sizeBytes, mtimeNs: String(mtime) };
}

/** Returns a source file as a listing reports it. */
export function entry(path: string, sizeBytes = 5_000, mtime = 1, more: Partial<SourceEntry> = {}): SourceEntry {
  return { path, nameValid: true, fingerprint: fingerprint(sizeBytes, mtime), identity: null, mode: 0o644, mayGrow: false, ...more };
}

/** Returns a source file for which growing copies are enabled. */
export const clip = (path: string, sizeBytes: number, mtime = 1): SourceEntry => entry(path, sizeBytes, mtime, { mayGrow: true });

export const hash = { algorithm: 'xxh64', value: '0123456789abcdef' } as const;
export const otherHash = { algorithm: 'xxh64', value: 'fedcba9876543210' } as const;

export const atDestination = (code: string): CallFault => ({
  side: 'destination',
  code,
  operation: 'write a.mxf',
  message: `${code}: as the test wants it`,
});

export const atSource = (code: string): CallFault => ({
  side: 'source',
  code,
  operation: 'read a.mxf',
  message: `${code}: as the test wants it`,
});

export const goodProbe = (route: RouteName): Extract<ProbeResult, { kind: 'good' }> => ({
  kind: 'good',
  mount: { path: `/mnt/${route}`, mountId: 41 },
  space: { totalBytes: 1e12, freeBytes: 5e11 },
  isFull: false,
  description: `(nfs4 nas01:/${route})`,
  marker: `00000000-0000-4000-8000-0000${route.length.toString(16).padStart(8, '0')}`,
});

export const badProbe: Extract<ProbeResult, { kind: 'bad' }> = {
  kind: 'bad',
  cause: 'unreachable',
  code: 'EHOSTDOWN',
  finding: { kind: 'call_failed', operation: 'statfs' },
  description: null,
};
