import type { JournalRecord } from '@sluice/core';
import type { FileId, RouteName, TrackedFile } from '@sluice/core/model';
import { limits } from './limits.ts';
import type { Simulation } from './simulate.ts';

/** A wait with an end, by the wall clock at its begin. */
interface Wait {
  readonly what: string;
  readonly route: RouteName;
  readonly retryAt: number;
  readonly lengthMs: number;
  /** By the agent's waking clock. */
  readonly begunAt: number;
}

/** Follows every wait, hold and back-off that has an end. */
export interface Waits {
  note(record: JournalRecord): void;
  /** 12: returns those that have lasted too long, whatever the wall clock was set to. */
  tooLong(): string[];
}

/** Follows the waits of a simulation. */
export function followWaits(simulation: Simulation): Waits {
  const files = new Map<FileId, Wait>();
  const holds = new Map<RouteName, Wait>();
  /** When each route last came back to the settings. */
  const backAt = new Map<RouteName, number>();
  const absent = new Set<RouteName>();

  const notePresence = (route: RouteName, isPresent: boolean): void => {
    if (!isPresent) absent.add(route);
    else if (absent.delete(route)) backAt.set(route, simulation.awakeMs());
  };

  const isOver = ({ route, begunAt, lengthMs }: Wait): boolean => {
    const { startedAt, resumedAt, awakeMs } = simulation;
    // The end of a wait is in the journal, by the wall clock, which may have been set meanwhile.
    const recalledAt = Math.max(startedAt(), backAt.get(route) ?? 0);
    const isRecalled = recalledAt > begunAt;
    const since = Math.max(begunAt, recalledAt, resumedAt());
    const longestMs = isRecalled ? Math.max(lengthMs, limits.recalledBackoffMs) : lengthMs;
    return awakeMs() - since > longestMs + limits.lateWaitMs;
  };

  const lateFile = ([id, wait]: [FileId, Wait]): string[] => {
    const file = simulation.loop().state.files.get(id);
    if (file === undefined || waitOf(file) !== wait.retryAt || !isOver(wait)) return [];
    // A file that does not exist waits for its source, which ends the pause.
    if (file.status === 'READY' && simulation.loop().state.routes.get(file.route)?.source.state !== 'ok') return [];
    return [`12: ${wait.what} for longer than ${wait.lengthMs} ms`];
  };

  const lateHold = ([name, wait]: [RouteName, Wait]): string[] => {
    const hold = simulation.loop().state.routes.get(name)?.hold ?? null;
    return hold?.until === wait.retryAt && isOver(wait) ? [`12: ${wait.what} for longer than ${wait.lengthMs} ms`] : [];
  };

  const begin = (what: string, route: RouteName, retryAt: number, at: number): Wait => {
    return { what, route, retryAt, lengthMs: Math.max(0, retryAt - at), begunAt: simulation.awakeMs() };
  };

  return {
    note(record) {
      if (record.kind === 'route_fact' && record.event.kind === 'unconfigured') notePresence(record.route, false);
      if (record.kind === 'route_fact' && record.event.kind === 'configured') notePresence(record.route, true);
      if (record.kind === 'route_fact' && record.event.kind === 'held') {
        const { until } = record.event;
        if (until === null) holds.delete(record.route);
        else holds.set(record.route, begin(`${record.route} is held`, record.route, until, record.at));
      }
      if (record.kind !== 'transition' && record.kind !== 'file_fact') return;
      const { file } = record;
      const retryAt = waitOf(file);
      if (retryAt === null || retryAt <= record.at) files.delete(file.id);
      else if (files.get(file.id)?.retryAt !== retryAt)
        files.set(file.id, begin(`${file.source} waits (${file.status})`, file.route, retryAt, record.at));
    },
    tooLong() {
      const { loop } = simulation;
      if (loop().isStalled() || loop().state.stopping !== null) return [];
      return [...[...files].flatMap(lateFile), ...[...holds].flatMap(lateHold)];
    },
  };
}

/** Returns until when a file waits by itself. Wall clock; null: it does not. */
function waitOf(file: TrackedFile): number | null {
  if (file.status === 'READY') return file.hold === null ? null : file.retryAt;
  return file.status === 'WAITING_FOR_NETWORK' || file.status === 'WAITING_FOR_SPACE' ? file.retryAt : null;
}
