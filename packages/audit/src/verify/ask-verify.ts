import type { Differing, Verified, VerifyAnswer } from '../model.ts';
import { type Progress, ProgressSum } from '../process/progress.ts';
import { type AuditPlace, startRouteAudit } from '../process/route-audit.ts';
import type { RunningAudit } from '../process/start-audit.ts';
import type { KnownRoute } from '../routes.ts';
import { OtherCopies } from './ask-others.ts';

/** The options of `verify`. */
export interface VerifyQuestion {
  readonly place: AuditPlace;
  readonly routes: readonly KnownRoute[];
  /** A folder below the source or the destination. Null: everything. */
  readonly folder: string | null;
  /** Only copies that were completed since then, milliseconds since the epoch. 0: all copies. */
  readonly since: number;
  /** Ids of copies that an earlier run found unchanged. */
  readonly skipped: readonly string[];
  readonly onProgress: (progress: Progress) => void;
  /** Receives the ids of copies that were found unchanged, as they come. */
  readonly onRight: (ids: readonly string[]) => void;
  readonly signal: AbortSignal;
}

/** Reads copies at their destinations again. @throws AuditFailed, or the reason of the signal if it is aborted */
export async function askVerify(question: VerifyQuestion): Promise<VerifyAnswer> {
  const { place, folder, since, skipped, onProgress, onRight, signal } = question;
  const sum = new ProgressSum(onProgress);
  const differing: Differing[] = [];
  const running: RunningAudit[] = [];
  const audits = question.routes.map((route) => {
    const listener = { ...sum.add(), right: onRight, differs: (file: Differing): void => void differing.push(file) };
    const audit = startRouteAudit(place, route, { kind: 'verify', since, skipped }, folder, listener);
    running.push(audit);
    return audit.end;
  });
  try {
    const ends = await Promise.race([Promise.all(audits), aborted(signal)]);
    const routes = ends.map(({ route }) => route);
    const others = new OtherCopies(place);
    const searches = others.start(differing);
    running.push(...searches);
    await Promise.race([Promise.all(searches.map(({ end }) => end)), aborted(signal)]);
    const verified = ends.reduce((all, { verified: own }) => (own === null ? all : added(all, own)), nothing);
    const isThere = routes.every(({ away }) => away === null);
    // A mistake in the name of a folder must not look like a proof.
    const nothingIn = isThere && differing.length === 0 && verified.files + skipped.length === 0 ? folder : null;
    return {
      isRight: differing.length === 0 && isThere && nothingIn === null,
      nothingIn,
      verified,
      differing: differing.map((file) => others.withOther(file)).toSorted(byRouteAndName),
      routes,
    };
  } finally {
    for (const audit of running) audit.abandon();
  }
}

const nothing: Verified = { files: 0, bytes: 0, direct: 0, cached: 0, sizeOnly: 0 };

function added(a: Verified, b: Verified): Verified {
  return {
    files: a.files + b.files,
    bytes: a.bytes + b.bytes,
    direct: a.direct + b.direct,
    cached: a.cached + b.cached,
    sizeOnly: a.sizeOnly + b.sizeOnly,
  };
}

function byRouteAndName(a: Differing, b: Differing): number {
  if (a.route !== b.route) return a.route < b.route ? -1 : 1;
  return a.destination < b.destination ? -1 : a.destination > b.destination ? 1 : 0;
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw signal.reason;
}
