import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AuditFailed, type ProvenFile, type SafeReport, startSafe } from '@sluice/audit';
import { type Asker, type ClearJson, ControlError, type KeptFile } from '@sluice/control';
import type { CoreState, Operator, RouteState } from '@sluice/core';
import { type FileId, isCompleted, type RouteName } from '@sluice/core/model';
import { countText, removalCauseText, removalWaitText, sizeText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Offer } from '../ports.ts';

/** The parts of the agent that clearing a source uses. */
export interface Clearing {
  readonly state: CoreState;
  readonly self: { readonly stateDir: string };
  readonly offer: Offer;
  readonly isStalled: () => boolean;
  /** Path of better-sqlite3's native part, in the packed executable. Null elsewhere. */
  readonly addonPath: () => string | null;
}

/** The request to clear a source. */
export interface ClearOrder {
  readonly route: string;
  /** Path relative to the source. Null: all of it. */
  readonly folder: string | null;
  readonly dryRun: boolean;
  readonly who: Operator;
}

/** Deletes files at sources that are proven to be copied. It serves one client at a time. */
export class SourceClearer {
  readonly #clearing: Clearing;
  readonly #prove: typeof startSafe;
  #isUnderWay = false;

  constructor(clearing: Clearing, prove: typeof startSafe = startSafe) {
    this.#clearing = clearing;
    this.#prove = prove;
  }

  /**
   * Lists the source, compares every file with its copies at every destination, and orders the deletion of those that are safe.
   * Core and the process that deletes check every condition again.
   *
   * @throws ControlError if it is not possible now, or the client leaves before anything was deleted
   */
  async clear(order: ClearOrder, asker: Asker): Promise<ClearJson> {
    if (this.#isUnderWay) throw new ControlError('not_possible', 'a source is being cleared already; try again when that is done');
    const route = this.#routeFor(order);
    this.#isUnderWay = true;
    try {
      return await this.#clearRoute(route, order, asker);
    } finally {
      this.#isUnderWay = false;
    }
  }

  #routeFor({ route: name, dryRun }: ClearOrder): RouteState {
    const { state, isStalled } = this.#clearing;
    const route = state.routes.get(name as RouteName);
    if (route === undefined) throw new ControlError('not_found', `there is no route ${JSON.stringify(name)}`);
    if (dryRun) return route;
    if (state.stopping !== null) throw new ControlError('not_possible', 'the agent is stopping');
    if (isStalled()) throw new ControlError('not_possible', 'the journal cannot be written, so nothing is deleted');
    if (route.hold !== null) {
      const { by } = route.hold;
      throw new ControlError('not_possible', `the route is held by ${by}; release it first: "sluice release ${name}"`);
    }
    return route;
  }

  async #clearRoute(route: RouteState, order: ClearOrder, asker: Asker): Promise<ClearJson> {
    const found = await this.#proveNow(route, order.folder, asker);
    if (order.dryRun) return clearJson(route, order, found, null);
    // A client that has left cannot see what was deleted.
    await asker.pause();
    await this.#ask(route, found.proven, order.who, asker);
    return clearJson(route, order, found, await this.#outcome(route, found.proven, asker));
  }

  /** Compares in a separate process, which ends when the client leaves, and takes a bounded number of the proven files from it. */
  async #proveNow(route: RouteState, folder: string | null, asker: Asker): Promise<Found> {
    const { self, addonPath } = this.#clearing;
    const place = { journalPath: join(self.stateDir, 'journal.db'), addonPath: addonPath(), realSources: this.#realSources() };
    const bounds = { namedFiles: limits.clearNames, provenFiles: limits.clearFiles };
    const proven: ProvenFile[] = [];
    const listener = {
      onProgress: () => undefined,
      onProven: (files: readonly ProvenFile[]): void => void proven.push(...files.slice(0, limits.clearFiles - proven.length)),
    };
    const stop = new AbortController();
    const work = this.#prove({ ...place, ...bounds, route: route.settings.name, folder, reads: false }, listener, stop.signal);
    try {
      const report = await whileAsked(work, asker);
      return { report, proven };
    } catch (error) {
      if (error instanceof AuditFailed) throw new ControlError('not_possible', error.message);
      throw error;
    } finally {
      stop.abort();
    }
  }

  /** Returns the real paths that are known. The agent itself accesses no source, because a call could hang. */
  #realSources(): Readonly<Record<string, string>> {
    const { routes, sourcePlaces } = this.#clearing.state.settings;
    return Object.fromEntries(routes.map(({ name, source }) => [name, sourcePlaces?.get(name)?.[0]?.path ?? source]));
  }

  async #ask(route: RouteState, proven: readonly ProvenFile[], who: Operator, asker: Asker): Promise<void> {
    const { offer } = this.#clearing;
    for (let from = 0; from < proven.length; from += limits.clearAtOnce) {
      if (from > 0) await asker.pause();
      const files = proven.slice(from, from + limits.clearAtOnce).map(askedFor);
      offer({ kind: 'operator_asked', action: { do: 'remove_sources', route: route.settings.name, files }, who });
    }
  }

  /** Waits until each file is deleted, or the reason is known why it stays. */
  async #outcome(route: RouteState, proven: readonly ProvenFile[], asker: Asker): Promise<Outcome> {
    const kept = new Map<FileId, string>();
    let pending = proven;
    let deleted = 0;
    const patienceMs = limits.clearSilentMs + route.settings.stableAfterMs + route.source.cacheMs;
    for (let silentMs = 0; pending.length > 0 && silentMs < patienceMs; silentMs += limits.clearPollMs) {
      await setTimeout(limits.clearPollMs);
      await asker.pause();
      const still: ProvenFile[] = [];
      for (const file of pending) {
        const now = fateOf(this.#clearing.state, route, file.id, silentMs >= limits.clearTakenMs);
        if (now === 'pending') still.push(file);
        else if (now === 'deleted') deleted += 1;
        else kept.set(file.id, now.why);
      }
      if (still.length < pending.length) silentMs = 0;
      pending = still;
    }
    for (const { id } of pending) kept.set(id, 'its deletion is not finished yet; "sluice show FILE" says how far it is');
    return { deleted, kept };
  }
}

function askedFor({ id, sizeBytes, mtimeNs, identity }: ProvenFile) {
  return { id, sizeBytes, mtimeNs, ...(identity === undefined ? {} : { identity }) };
}

/** Waits for the work while its client is there. @throws ControlError if the client leaves first */
async function whileAsked<Result>(work: Promise<Result>, asker: Asker): Promise<Result> {
  let isOver = false;
  const over = (): void => void (isOver = true);
  // Also handles a rejection that comes after the client has left.
  work.then(over, over);
  while (!isOver) {
    await Promise.race([work, setTimeout(limits.clearPollMs)]);
    await asker.pause();
  }
  return await work;
}

interface Outcome {
  readonly deleted: number;
  readonly kept: ReadonlyMap<FileId, string>;
}

type Fate = 'pending' | 'deleted' | { readonly why: string };

/** @param isTaken true: enough time has passed for the request to reach core */
function fateOf({ files, ended }: CoreState, route: RouteState, id: FileId, isTaken: boolean): Fate {
  const file = files.get(id) ?? ended?.file(id) ?? null;
  if (file === null || !isCompleted(file)) return { why: 'the journal has no copy of it any more' };
  if (file.afterCopy === 'done') return 'deleted';
  const { removal } = file;
  if (removal === undefined) return isTaken ? { why: 'it is not as it was proven any more' } : 'pending';
  // The request has ended, or has not reached core yet. What the policy had planned before applies.
  if (removal.by === 'policy' && removal.step === 'waits') return isTaken ? { why: policyText(route, id) } : 'pending';
  if (file.status === 'COMPLETED_DELETE_FAILED')
    return { why: `it could not be deleted: ${removalCauseText(removal.code ?? 'unknown')}; Sluice tries again` };
  return 'pending';
}

/** Returns why a file stays whose removal the policy has planned too. */
function policyText({ removals }: RouteState, id: FileId): string {
  const waiting = removals.waiting.get(id);
  if (waiting === undefined) return 'it could not be deleted at once; after_copy removes it later';
  const { wait } = waiting;
  return `${removalWaitText({ wait: wait.kind, route: 'route' in wait ? wait.route : null })}; it is removed when that is over`;
}

interface Found {
  readonly report: SafeReport;
  /** Fewer than the report counts if there are more than one request deletes. */
  readonly proven: readonly ProvenFile[];
}

/** @param outcome null: a dry run */
function clearJson(route: RouteState, order: ClearOrder, found: Found, outcome: Outcome | null): ClearJson {
  const { report, proven } = found;
  const { name, source } = route.settings;
  const kept = proven.flatMap((file): KeptFile[] => {
    const why = outcome?.kept.get(file.id);
    return why === undefined ? [] : [{ source: file.path, text: why }];
  });
  const unsafe = report.files.map(({ route: of, path, text }): KeptFile => {
    return { source: path, text: of === name ? text : `route ${of}: ${text}` };
  });
  return {
    v: 1,
    route: name,
    source,
    folder: order.folder,
    dryRun: order.dryRun,
    verdict: { ok: (report.isSafe || report.isEmpty) && isAll(found) && kept.length === 0, text: verdictText(order, found, outcome) },
    files: proven.length,
    bytes: bytesOf(proven),
    names: proven.slice(0, limits.clearNames).map(({ path }) => path),
    deleted: outcome?.deleted ?? null,
    kept: kept.slice(0, limits.clearNames),
    notSafe: notSafeCount(report),
    unsafe,
  };
}

function isAll({ report, proven }: Found): boolean {
  return proven.length === report.proven;
}

function notSafeCount({ files, more }: SafeReport): number {
  return files.length + more;
}

function bytesOf(files: readonly ProvenFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function verdictText({ folder }: ClearOrder, found: Found, outcome: Outcome | null): string {
  const { report, proven } = found;
  const place = folder === null ? '' : ` in ${folder}`;
  if (report.isEmpty) return `nothing to delete: there is no file at the source${place}`;
  if (proven.length === 0) return `${report.verdict}; nothing ${outcome === null ? 'would be' : 'was'} deleted`;
  const deleted = outcome === null ? proven : proven.filter(({ id }) => !outcome.kept.has(id));
  const did = outcome === null ? 'would delete' : 'deleted';
  const kept = outcome?.kept.size ?? 0;
  const unsafe = notSafeCount(report);
  return [
    `${did} ${countOf(deleted.length)} (${sizeText(bytesOf(deleted))})${place}`,
    ...(unsafe === 0 ? [] : [`${countOf(unsafe)} ${unsafe === 1 ? 'stays, because it is' : 'stay, because they are'} not safe to clear`]),
    ...(kept === 0
      ? []
      : [`${countOf(kept)} ${kept === 1 ? 'was' : 'were'} safe to clear and ${kept === 1 ? 'stays' : 'stay'} all the same`]),
    ...(isAll(found) ? [] : ['there are more; run the command again']),
  ].join('; ');
}

function countOf(files: number): string {
  return files === 1 ? '1 file' : `${countText(files)} files`;
}
