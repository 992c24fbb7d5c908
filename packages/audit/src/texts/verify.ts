import { unreachable } from '@sluice/core/model';
import { sizeText } from '@sluice/words';
import type { Difference, Differing, SourceNow, VerifyAnswer } from '../model.ts';
import type { KnownRoute } from '../routes.ts';
import { type AuditVerdict, awayText } from './offline.ts';

/** What `verify --json` prints. */
export interface VerifyLine {
  /** Version of this format. */
  readonly v: 1;
  /** Whether every requested copy was read and matches the journal. */
  readonly ok: boolean;
  /** The same in words. */
  readonly verdict: AuditVerdict;
  /** Number of copies that match, including those that an interrupted run checked before. */
  readonly files: number;
  /** Bytes that were read and match. */
  readonly bytes: number;
  /** How the copies were read. */
  readonly read: VerifiedHow;
  /** Every copy that differs from the journal. */
  readonly differences: readonly VerifyDifference[];
  /** Destinations that could not be read. */
  readonly offline: readonly VerifyOffline[];
}

/** Number of copies that match, by how they were read. */
export interface VerifiedHow {
  /** Past all caches of this machine. */
  readonly direct: number;
  /** Possibly from a cache of this machine. */
  readonly cached: number;
  /** Only the size was compared, because the journal has no hash. */
  readonly size: number;
}

/** A copy that differs from the journal. */
export interface VerifyDifference {
  /** Id of its tracked file. */
  readonly id: string;
  /** Name of the route. */
  readonly route: string;
  /** Path relative to the source folder. */
  readonly source: string;
  /** Path relative to the destination. */
  readonly destination: string;
  /** Size in the journal, bytes. */
  readonly sizeBytes: number;
  /** What differs, for a script. */
  readonly difference: Difference['kind'];
  /** The name under which a missing copy was found. Null: it was not found, or is not missing. */
  readonly renamedTo: string | null;
  /** The state of the source now. */
  readonly sourceNow: SourceNow;
  /** What differs and what to do, as text. */
  readonly text: string;
}

/** A destination that could not be read. */
export interface VerifyOffline {
  /** Name of the route. */
  readonly route: string;
  /** Its destination. */
  readonly destination: string;
  /** The reason, as text. */
  readonly text: string;
}

/** Returns the line of `verify --json`. @param before number of copies that an interrupted run found unchanged */
export function verifyLine(answer: VerifyAnswer, routes: readonly KnownRoute[], before: number): VerifyLine {
  const { direct, cached, sizeOnly } = answer.verified;
  return {
    v: 1,
    ok: answer.isRight,
    verdict: { ok: answer.isRight, text: verifyVerdict(answer, routes, before) },
    files: answer.verified.files + before,
    bytes: answer.verified.bytes,
    read: { direct, cached, size: sizeOnly },
    differences: answer.differing.map((file) => ({
      id: file.id,
      route: file.route,
      source: file.source,
      destination: file.destination,
      sizeBytes: file.sizeBytes,
      difference: file.difference.kind,
      renamedTo: file.difference.kind === 'missing' ? file.difference.renamedTo : null,
      sourceNow: file.sourceNow,
      text: differingText(file),
    })),
    offline: offlineOf(answer, routes),
  };
}

function offlineOf({ routes: audits }: VerifyAnswer, routes: readonly KnownRoute[]): readonly VerifyOffline[] {
  return audits.flatMap(({ route, away }) => {
    if (away === null) return [];
    const destination = routes.find(({ settings }) => settings.name === route)?.settings.destination ?? '';
    return [{ route, destination, text: awayText(away, destination) }];
  });
}

/** Returns `VERIFIED: …` or `NOT VERIFIED: …`. */
export function verifyVerdict(answer: VerifyAnswer, routes: readonly KnownRoute[], before: number): string {
  const { verified, differing } = answer;
  const right = `${countOf(verified.files + before)} (${sizeText(verified.bytes)} read)`;
  const offline = offlineOf(answer, routes);
  if (answer.isRight) return `VERIFIED: ${right} ${verified.files + before === 1 ? 'is' : 'are'} what the journal says`;
  const parts = [
    ...(differing.length === 0 ? [] : [`${countOf(differing.length)} ${differing.length === 1 ? 'differs' : 'differ'}`]),
    ...offline.map(({ destination, text }) => `${destination}: ${text}`),
  ];
  return `NOT VERIFIED: ${parts.join('; ')}; ${right} right`;
}

function countOf(copies: number): string {
  return copies === 1 ? '1 copy' : `${copies} copies`;
}

/** Returns what differs, and what to do next. */
export function differingText({ difference, sourceNow }: Pick<Differing, 'difference' | 'sourceNow'>): string {
  return `${differenceText(difference)}; ${nextText(difference, sourceNow)}`;
}

function differenceText(difference: Difference): string {
  switch (difference.kind) {
    case 'missing':
      return difference.renamedTo === null ? 'missing at the destination' : `missing; it looks renamed to ${difference.renamedTo}`;
    case 'not_a_file':
      return 'missing: a folder, a link or a special file has its name';
    case 'changed':
      return `changed by somebody else: it has ${sizeText(difference.sizeBytes)} or another time`;
    case 'silently_changed':
      return 'damaged: its bytes changed although its size and time are the same (bit rot)';
    case 'unreadable':
      return `it cannot be read (${difference.code})`;
    default:
      return unreachable(difference);
  }
}

function nextText(difference: Difference, sourceNow: SourceNow): string {
  if (difference.kind === 'missing' && difference.renamedTo !== null) return 'give it its name back, if it is needed under it';
  if (difference.kind === 'unreadable') return 'check the storage, then verify again';
  switch (sourceNow) {
    case 'unchanged':
      return 'the source is still there: copy it again with "sluice retry FILE"';
    case 'changed':
      return 'the source has changed since: this was the last known copy of what it was';
    case 'gone':
      return 'the source is gone: the last known copy is lost or damaged; look for another one, such as a backup';
    case 'unknown':
      return 'whether the source still has it is not known, because the source cannot be read';
    default:
      return unreachable(sourceNow);
  }
}

/**
 * Returns the answer for people. @param before number of copies that an interrupted run found unchanged @param most the highest
 * number of files that are named
 */
export function verifyLines(answer: VerifyAnswer, routes: readonly KnownRoute[], before: number, most: number): string[] {
  const { cached, sizeOnly } = answer.verified;
  const more = answer.differing.length - most;
  const isMany = routes.length > 1;
  return [
    verifyVerdict(answer, routes, before),
    ...answer.differing.slice(0, most).map((file) => `  ${isMany ? `${file.route}  ` : ''}${file.destination}: ${differingText(file)}`),
    ...(more > 0 ? [`  and ${countOf(more)} more; "sluice verify --json" names all of them`] : []),
    ...(before > 0 ? [`  ${countOf(before)} of them found right by the interrupted run before`] : []),
    ...(cached > 0 ? [`  ${countOf(cached)} read from a cache of this machine: the storage itself may hold something else`] : []),
    ...(sizeOnly > 0 ? [`  ${countOf(sizeOnly)} compared by size only: the journal has no hash of them`] : []),
  ];
}
