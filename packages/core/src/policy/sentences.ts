import type { CallFault, ErrorKind, FileError } from '../model/fault.ts';
import type { TrackedFile } from '../model/file.ts';
import { windowsObjection } from './windows-names.ts';

/** Share of the size last seen that is truly there, in percent with one decimal. */
export function percentOf(copiedBytes: number, sizeBytes: number): number {
  if (sizeBytes <= 0) return 0;
  return Math.min(Math.floor((copiedBytes / sizeBytes) * 1000) / 10, 100);
}

/**
 * What failed, told twice.
 *
 * @param name at the destination
 * @param follows what happens next, in the operator's words
 */
export function fileError(kind: ErrorKind, fault: CallFault, percent: number, name: string, follows: string): FileError {
  return {
    kind,
    code: fault.code,
    percent,
    operator: `${meaning(kind, fault, percent, name)}; ${follows}`,
    technical: `${fault.operation} on the ${fault.side}: ${fault.code} (${fault.message})`,
  };
}

function meaning(kind: ErrorKind, fault: CallFault, percent: number, name: string): string {
  switch (kind) {
    case 'network_interruption':
      return `the destination went away at ${percent}%`;
    case 'destination_full':
      return `the destination is full, at ${percent}%`;
    case 'destination_denied':
      return `the destination refused the file (${fault.code}), at ${percent}%`;
    case 'destination_error':
      return (percent === 0 ? nameRefused(fault.code, name) : null) ?? destinationMeaning(fault.code, percent);
    case 'source_unreadable':
      return fault.code === 'SILENT'
        ? `the source stopped answering, at ${percent}%`
        : `the source could not be read (${fault.code}), at ${percent}%`;
    case 'source_changed':
      return `the source was replaced by another file, at ${percent}%`;
    case 'checksum_mismatch':
      return 'what was read back is not what was written';
    case 'agent_stopped':
      return `Sluice was stopped while it was being carried, at ${percent}%`;
    case 'skipped':
      return 'it was skipped on request';
  }
}

/** What happens next to the file, for the sentence of its error. */
export function whatFollows(next: TrackedFile | null, isWaitingForNetwork: boolean): string {
  if (next === null) return 'its source is gone, nothing follows';
  const under = `a fresh copy (${next.destination})`;
  if (next.status === 'WAITING_FOR_SPACE') return `${under} waits for room`;
  if (next.status === 'READY' && next.hold === 'needs_you') return `${under} needs you: it failed too often`;
  if (next.status === 'READY' && next.hold === 'operator') return `${under} waits until it is retried by hand`;
  if (next.status === 'READY' && next.hold === 'backoff') return `${under} is made after a pause`;
  if (isWaitingForNetwork) return `${under} waits and is made when the destination is back`;
  return `${under} follows`;
}

/** What storage of Windows' kind answers to a name that it does not take, at the first call with it. */
const nameRefusals: ReadonlySet<string> = new Set(['EINVAL', 'ENOENT', 'UNKNOWN']);

function nameRefused(code: string, name: string): string | null {
  const objection = nameRefusals.has(code) ? windowsObjection(name) : null;
  return objection === null ? null : `the destination refused its name (${code}): on Windows ${objection}; rename it at the source`;
}

/** What a person can do something about is said in words. */
function destinationMeaning(code: string, percent: number): string {
  switch (code) {
    case 'SILENT':
      return `the destination took too long over this file, at ${percent}%`;
    case 'ENOTDIR':
    case 'EEXIST':
      return 'at the destination a file stands where a folder of this name is wanted; move it away';
    case 'LINKED':
      return 'at the destination a link or a file stands where a folder of this name is wanted; Sluice does not follow it';
    case 'SAME_FILE':
      return 'at the destination this is the source file itself: source and destination are one folder';
    case 'DIVERTED':
      return 'at the destination this folder is on another mount than the rest; give it a route of its own';
    case 'CHILD_LOST':
      return `the process that carried it ended, at ${percent}%; the destination was not the reason`;
    case 'ENAMETOOLONG':
      return 'its name is too long for the destination';
    default:
      return `the destination failed on this file (${code}), at ${percent}%`;
  }
}
