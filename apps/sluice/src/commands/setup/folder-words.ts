import type { askSurvey, Unanswered } from '@sluice/agent';
import { type DiskAmount, type ProbeResult, unreachable } from '@sluice/core/model';
import { findingText, keptFreeBytes, roomText, sizeText } from '@sluice/words';
import { limits } from '../../limits.ts';

/** The result of a scan of a source, or why there is none. */
export type SourceSurveyed = Awaited<ReturnType<typeof askSurvey>>;
/** The result of a probe of a destination, or why there is none. */
export type DestinationProbed = ProbeResult | Unanswered;

/** Returns whether a source can be copied from. */
export function sourceIsGood(source: SourceSurveyed): boolean {
  return !('kind' in source) && source.failure === null && source.invalidNames.length === 0;
}

/** Returns whether a destination can be copied to. */
export function destinationIsGood(destination: DestinationProbed): boolean {
  return destination.kind === 'unmarked' || (destination.kind === 'good' && !destination.isFull);
}

/** Returns `(LOCAL DISK, same as system) 214 files, 48 GB`. */
export function sourceText(source: SourceSurveyed): string {
  if ('kind' in source) return `cannot be checked: ${source.why}`;
  if (source.failure !== null) {
    const what = source.unreadPath === null ? 'cannot be read' : `contains ${source.unreadPath}, which cannot be read`;
    return `${source.description} ${what}: ${source.failure}`;
  }
  return `${source.description} ${source.taken} ${source.taken === 1 ? 'file' : 'files'}, ${sizeText(source.takenBytes)}`;
}

/** Returns why a source that answers is doubtful, or null: `"clip?.mov" and 2 more have names that are not valid UTF-8 …`. */
export function invalidNamesText(source: SourceSurveyed): string | null {
  if ('kind' in source) return null;
  const [first] = source.invalidNames;
  if (first === undefined) return null;
  const more = source.invalidCount - 1;
  const names = more > 0 ? `and ${more} more have names that are` : 'has a name that is';
  return `${JSON.stringify(shortened(first))} ${names} not valid UTF-8 and cannot be copied; rename ${more > 0 ? 'them' : 'it'}`;
}

function shortened(name: string): string {
  const characters = Array.from(name);
  return characters.length <= limits.nameCharacters ? name : `${characters.slice(0, limits.nameCharacters).join('')}...`;
}

/** Returns `(nfs4 nas01:/ingest) online, 3.9 TB free`. */
export function destinationText(destination: DestinationProbed, path: string): string {
  switch (destination.kind) {
    case 'unanswered':
      return `cannot be checked: ${destination.why}`;
    case 'unmarked':
      return `${destination.description} ready; Sluice writes its marker file there when it first uses it`;
    case 'good':
      return `${destination.description} ${destination.isFull ? 'FULL' : 'online'}${freeText(destination.space.freeBytes)}`;
    case 'bad': {
      const { operator, technical } = findingText({ ...destination, destination: path });
      return `${destination.description ?? ''} ${operator} (${technical})`.trimStart();
    }
    default:
      return unreachable(destination);
  }
}

/**
 * Returns what the verification of a copy does not show because of the mount of its destination. Null: copies are read back from
 * the storage itself.
 */
export function proofWarning(destination: DestinationProbed): string | null {
  if (destination.kind !== 'good' && destination.kind !== 'unmarked') return null;
  if (destination.mount.cache !== 'writes') return null;
  return 'bytes may still be on this machine when a copy counts as verified: the mount may keep them and send them later. Such a copy is shown as "verified (cache only)"';
}

/** What `check` says about the room at a destination. */
interface RoomChecked {
  /** `not_all_fit` is a warning, because the files may be copied already. */
  readonly code: 'no_room' | 'file_too_large' | 'not_all_fit';
  readonly text: string;
}

/**
 * Compares the files of a source with the room at its destination. Which files are copied already is not known here.
 * @returns null if there is room for all of them, or that is not known
 */
export function roomChecked(source: SourceSurveyed, destination: DestinationProbed, keepFree: DiskAmount): RoomChecked | null {
  if (destination.kind !== 'good' || destination.space.freeBytes === null) return null;
  const { totalBytes, freeBytes } = destination.space;
  const room = { isFull: false, freeBytes, totalBytes, keepFree, reservedBytes: 0, files: 0, bytes: 0, tooLarge: null };
  const kept = keptFreeBytes(room);
  if (freeBytes <= kept) return { code: 'no_room', text: `there is no room, so nothing can be copied: ${roomText(room)}` };
  if ('kind' in source) return null;
  const { largest, taken, takenBytes } = source;
  if (largest !== null && totalBytes !== null && largest.sizeBytes > totalBytes - kept) {
    const tooLarge = { files: 1, source: largest.path, sizeBytes: largest.sizeBytes };
    return { code: 'file_too_large', text: roomText({ ...room, tooLarge }) };
  }
  if (takenBytes <= freeBytes - kept) return null;
  const all = `${taken === 1 ? 'the file' : `the ${taken} files`} at the source ${taken === 1 ? 'has' : 'have'} ${sizeText(takenBytes)}`;
  return { code: 'not_all_fit', text: `not all files fit, unless some are already copied: ${roomText(room)}; ${all}` };
}

function freeText(freeBytes: number | null): string {
  return freeBytes === null ? '' : `, ${sizeText(freeBytes)} free`;
}
