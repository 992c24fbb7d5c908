import { type LeftAlone, type Status, unreachable } from '@sluice/core/model';
import { countText, leftAloneText, sizeText } from '@sluice/words';
import { type NotSafe, type RouteAudit, type SafeAnswer, type UnsafeFile, unsafeCount } from '../model.ts';
import type { KnownRoute } from '../routes.ts';
import { type AuditVerdict, awayText } from './offline.ts';

/** What `safe --json` prints. */
export interface SafeLine {
  /** Version of this format. */
  readonly v: 1;
  /** Whether the source may be cleared. */
  readonly safe: boolean;
  /** The same in words. */
  readonly verdict: AuditVerdict;
  /** The routes that read the source. */
  readonly routes: readonly SafeRoute[];
  /** The requested folder, relative to the source. Null: all of the source. */
  readonly folder: string | null;
  /** Whether the bytes on both sides were read (`--read`). */
  readonly read: boolean;
  /** Number of files that are at the source now and that a route copies. */
  readonly files: number;
  /** Their sizes together, bytes. */
  readonly bytes: number;
  /** How the copies were compared with the source. */
  readonly proof: SafeProof;
  /** Every file that must not be cleared. */
  readonly notSafe: readonly NotSafeFile[];
}

/** Number of files that are safe, by how their copies were compared. */
export interface SafeProof {
  /** Read back past all caches of this machine. */
  readonly direct: number;
  /** Read back, possibly from a cache of this machine. */
  readonly cached: number;
  /** Compared by size only. */
  readonly size: number;
}

/** A route that reads the source. */
export interface SafeRoute {
  /** Name of the route. */
  readonly name: string;
  /** Its source folder. */
  readonly source: string;
  /** Its destination. */
  readonly destination: string;
  /** Whether the destination is online and is the known one. */
  readonly online: boolean;
  /** Why the route as a whole is not safe. Null: it is. */
  readonly trouble: string | null;
  /** Folders of the source that could not be read, relative. */
  readonly unread: readonly string[];
  /** The files that rules left alone. They are not copied. */
  readonly leftAlone: readonly LeftAlone[];
}

/** A file that must not be cleared. */
export interface NotSafeFile {
  /** The route that has no proof for it. */
  readonly route: string;
  /** Path relative to the source of the route. */
  readonly source: string;
  /** Its size now, bytes. */
  readonly sizeBytes: number;
  /** Why it is not safe, for a script. */
  readonly reason: NotSafe['kind'];
  /** The same in words. */
  readonly text: string;
}

/** Returns the line of `safe --json`. @param routes all routes of the answer @param folder as requested */
export function safeLine(answer: SafeAnswer, routes: readonly KnownRoute[], folder: string | null, read: boolean): SafeLine {
  return {
    v: 1,
    safe: answer.isSafe,
    verdict: { ok: answer.isSafe, text: safeVerdict(answer, routes, folder) },
    routes: answer.routes.map((audit) => safeRoute(audit, routes)),
    folder,
    read,
    files: answer.files,
    bytes: answer.bytes,
    proof: answer.proof,
    notSafe: answer.notSafe.map((file) => ({
      route: file.route,
      source: file.path,
      sizeBytes: file.sizeBytes,
      reason: file.why.kind,
      text: notSafeText(file.why),
    })),
  };
}

function safeRoute(audit: RouteAudit, routes: readonly KnownRoute[]): SafeRoute {
  const settings = routes.find((each) => each.settings.name === audit.route)?.settings;
  return {
    name: audit.route,
    source: settings?.source ?? '',
    destination: settings?.destination ?? '',
    online: audit.away === null,
    trouble: routeTrouble(audit, settings?.source ?? '', settings?.destination ?? ''),
    unread: audit.unread,
    leftAlone: audit.leftAlone,
  };
}

/** Returns why a route as a whole is not safe. Null: it is. */
function routeTrouble(audit: RouteAudit, source: string, destination: string): string | null {
  if (audit.away !== null) return `${destination}: ${awayText(audit.away, destination, audit.route)}`;
  if (audit.sourceCode === null) return null;
  const named = audit.unread.filter((path) => path !== '');
  return `${source}: ${named.length === 0 ? 'the source' : named.slice(0, 3).join(', ')} cannot be read (${audit.sourceCode})`;
}

/** Returns `SAFE TO CLEAR: …`, or `NOT SAFE: …` with the reason in one sentence. */
export function safeVerdict(answer: SafeAnswer, routes: readonly KnownRoute[], folder: string | null): string {
  const { isSafe, files, bytes, notSafe } = answer;
  const allOf = (count: number): string => `${countOf(count)} (${sizeText(bytes)})${folder === null ? '' : ` in ${folder}`}`;
  if (isSafe) return `SAFE TO CLEAR: ${allOf(files)} ${files === 1 ? 'has a verified copy' : 'have verified copies'} at every destination`;
  const troubles = answer.routes.flatMap((audit) => safeRoute(audit, routes).trouble ?? []);
  if (troubles.length > 0) return `NOT SAFE: ${troubles.join('; ')}`;
  // What no route copies is not among the files that were compared.
  const leftAlone = unsafeCount(notSafe.filter(({ why }) => why.kind === 'left_alone'));
  if (notSafe.length > 0) return `NOT SAFE: ${countOf(unsafeCount(notSafe))} of ${allOf(files + leftAlone)} must not be cleared`;
  return 'NOT SAFE: there is no file at the source: the card or disk may not be mounted there';
}

function countOf(files: number): string {
  return files === 1 ? '1 file' : `${countText(files)} files`;
}

/** Returns why a file is not safe to clear, and what to do. */
export function notSafeText(why: NotSafe): string {
  switch (why.kind) {
    case 'not_known':
      return 'not copied: Sluice has not seen it yet; start the agent, or wait for the next scan';
    case 'not_copied':
      return notCopiedText(why.status);
    case 'name_invalid':
      return 'its name is not valid UTF-8, so it cannot be copied; rename it';
    case 'changed':
      return `changed since it was copied (the copy has ${sizeText(why.copiedBytes)}); wait until it is copied again`;
    case 'other_file':
      return 'another file has this name since it was copied; wait until it is copied';
    case 'weak_proof':
      return why.readback === 'size'
        ? 'its copy was compared by size only; compare the bytes with "sluice safe --read"'
        : 'its copy was read back from a cache of this machine, which may not have sent it to the storage yet';
    case 'copy_missing':
      return `its copy ${why.destination} is missing at the destination; copy it again with "sluice retry FILE"`;
    case 'copy_size':
      return `its copy ${why.destination} has ${sizeText(why.sizeBytes)} now; copy it again with "sluice retry FILE"`;
    case 'copy_touched':
      return `its copy ${why.destination} was changed after Sluice verified it; compare the bytes with "sluice safe --read"`;
    case 'copy_differs':
      return `its copy ${why.destination} has other bytes than were verified; copy it again with "sluice retry FILE"`;
    case 'source_differs':
      return 'its bytes are not those that were copied, although its size and time are the same; copy it again with "sluice retry FILE"';
    case 'unreadable':
      return `${why.side === 'source' ? 'it' : 'its copy'} cannot be read (${why.code})`;
    case 'left_alone':
      return why.rule === 'excluded'
        ? `not copied: exclude ${JSON.stringify(why.pattern ?? '')} leaves it alone`
        : 'not copied: no include pattern matches it';
    default:
      return unreachable(why);
  }
}

/** Returns why a file has no copy, by the state of its newest attempt, and what to do. */
function notCopiedText(status: Status): string {
  switch (status) {
    case 'GROWING':
      return 'not copied: a program is still writing it; wait until it is copied';
    case 'GROWING_COPY':
      return 'not copied yet: it is being recorded; wait until it is copied';
    case 'IN_QUEUE':
    case 'COPYING':
    case 'VERIFYING':
      return 'not copied yet: its copy is being made; wait until it is copied';
    case 'DISCOVERED':
    case 'READY':
      return 'not copied yet: it waits; "sluice show FILE" says for what';
    case 'WAITING_FOR_NETWORK':
      return 'not copied yet: it waits for the destination; bring the storage or the network back';
    case 'WAITING_FOR_SPACE':
      return 'not copied yet: it waits for room at the destination; make room there';
    case 'FAILED':
      return 'not copied: its last attempt failed; "sluice show FILE" says why';
    case 'REMOVED':
      return 'not copied: it was gone from the source when Sluice last looked; wait for the next scan';
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      return 'not copied: the journal has no copy of this file; copy it with "sluice retry FILE"';
    default:
      return unreachable(status);
  }
}

/** Returns the answer for people. @param shown `most`: the highest number of files that are named; `reads`: with `--read` */
export function safeLines(
  answer: SafeAnswer,
  routes: readonly KnownRoute[],
  folder: string | null,
  { most, reads }: { readonly most: number; readonly reads: boolean },
): string[] {
  const isMany = routes.length > 1;
  const named = answer.notSafe.slice(0, most);
  const more = unsafeCount(answer.notSafe) - unsafeCount(named);
  return [
    safeVerdict(answer, routes, folder),
    ...named.map((file) => unsafeLine(file, isMany)),
    ...(more > 0 ? [`  and ${countOf(more)} more; "sluice safe --json" names all of them`] : []),
    ...safeNotes(answer, reads).map((text) => `  ${text}`),
  ];
}

/** Returns further sentences for a person: about weaker proofs, and about files that rules left alone. @param reads with `--read` */
export function safeNotes({ proof: { cached, size }, routes }: Pick<SafeAnswer, 'proof' | 'routes'>, reads = false): readonly string[] {
  const left = routes.flatMap(({ leftAlone }) => leftAloneText(leftAlone) ?? []);
  const advice = reads ? 'this storage cannot be read past it' : '"sluice safe --read" reads the bytes on both sides again';
  const weak = cached + size > 0 ? [`${weakText(cached, size)}; ${advice}`] : [];
  return [...weak, ...new Set(left)];
}

function unsafeLine({ route, path, why }: UnsafeFile, isMany: boolean): string {
  return `  ${isMany ? `${route}  ` : ''}${path}: ${notSafeText(why)}`;
}

function weakText(cached: number, size: number): string {
  const parts = [
    ...(cached > 0 ? [`${countOf(cached)} read back from a cache of this machine`] : []),
    ...(size > 0 ? [`${countOf(size)} compared by size only`] : []),
  ];
  return `proof is weaker for ${parts.join(' and ')}`;
}
