import { unreachable } from '@sluice/core/model';
import { countText, sizeText } from '@sluice/words';
import type { Difference, Differing, OtherCopy, SourceNow, VerifyAnswer } from '../model.ts';
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
  /** A copy of the same file at the destination of another route. Null: none is known, or it differs too. */
  readonly otherCopy: VerifyOther | null;
  /** What differs and what to do, as text. */
  readonly text: string;
}

/** A copy of the same file at the destination of another route. */
export interface VerifyOther {
  /** Name of that route. */
  readonly route: string;
  /** Absolute path. */
  readonly path: string;
  /** True: its bytes were read and are right. False: they were not read. */
  readonly read: boolean;
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
      otherCopy: file.otherCopy === undefined || file.otherCopy === null ? null : otherOf(file.otherCopy),
      text: differingText(file),
    })),
    offline: offlineOf(answer, routes),
  };
}

function otherOf({ route, path, isRead }: OtherCopy): VerifyOther {
  return { route, path, read: isRead };
}

function offlineOf({ routes: audits }: VerifyAnswer, routes: readonly KnownRoute[]): readonly VerifyOffline[] {
  return audits.flatMap(({ route, away }) => {
    if (away === null) return [];
    const destination = routes.find(({ settings }) => settings.name === route)?.settings.destination ?? '';
    return [{ route, destination, text: awayText(away, destination, route) }];
  });
}

/** Returns `VERIFIED: …` or `NOT VERIFIED: …`. */
export function verifyVerdict(answer: VerifyAnswer, routes: readonly KnownRoute[], before: number): string {
  const { verified, differing } = answer;
  const right = `${countOf(verified.files + before)} (${sizeText(verified.bytes)} read)`;
  const offline = offlineOf(answer, routes);
  if (answer.isRight) return `VERIFIED: ${right} ${verified.files + before === 1 ? 'is' : 'are'} what the journal says`;
  if (answer.nothingIn !== null) return `NOT VERIFIED: the journal has no copy in ${answer.nothingIn}`;
  const parts = [
    ...(differing.length === 0 ? [] : [`${countOf(differing.length)} ${differing.length === 1 ? 'differs' : 'differ'}`]),
    ...offline.map(({ destination, text }) => `${destination}: ${text}`),
  ];
  return `NOT VERIFIED: ${parts.join('; ')}; ${right} right`;
}

function countOf(copies: number): string {
  return copies === 1 ? '1 copy' : `${countText(copies)} copies`;
}

/** Returns what differs, and what to do next. */
export function differingText(file: Differing): string {
  return `${differenceText(file.difference)}; ${nextText(file)}`;
}

function differenceText(difference: Difference): string {
  switch (difference.kind) {
    case 'missing':
      return difference.renamedTo === null ? 'missing at the destination' : `missing: it looks renamed to ${difference.renamedTo}`;
    case 'not_a_file':
      return 'missing: a folder, a link or a special file has its name';
    case 'changed':
      return `changed by somebody else: it now has ${sizeText(difference.sizeBytes)}, or another time`;
    case 'silently_changed':
      return 'damaged: its bytes changed although its size and time are the same (bit rot)';
    case 'unreadable':
      return `it cannot be read (${difference.code})`;
    default:
      return unreachable(difference);
  }
}

/** Returns what to do next, in one sentence. The nearest right bytes come first: those at the source, then another copy. */
function nextText({ difference, sourceNow, otherCopy }: Differing): string {
  if (difference.kind === 'missing' && difference.renamedTo !== null) return 'give it its name back, if it is needed under it';
  if (difference.kind === 'unreadable') return 'check the storage, then verify again';
  if (sourceNow === 'unchanged') return 'copy it again from the source with "sluice retry FILE"';
  if (otherCopy?.isRead === true) return `copy it back from ${otherCopy.path}, which is right`;
  if (otherCopy !== null && otherCopy !== undefined)
    return `look at its copy ${otherCopy.path}, which was not read: "sluice verify --route ${otherCopy.route}"`;
  const last = otherCopy === null ? 'and no other copy is known: look for a backup' : 'so look for another copy, such as a backup';
  switch (sourceNow) {
    case 'changed':
      return `the source has changed since, ${last}`;
    case 'gone':
      return `the source is gone, ${last}`;
    case 'unknown':
      return 'bring the source back and verify again, because the source cannot be read now';
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
