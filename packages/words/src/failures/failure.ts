import { type CallFault, codeOfReason, type FileError, unreachable } from '@sluice/core/model';
import { findingText, type TwoTexts } from './finding.ts';
import { windowsObjection } from './windows-names.ts';

/**
 * Returns why an attempt failed and what follows, in two sentences.
 *
 * @param name at the destination
 */
export function failureText(error: FileError, name: string): TwoTexts {
  return { operator: `${meaning(error, name)}; ${followsText(error.follows)}`, technical: technicalText(error) };
}

function technicalText({ reason }: FileError): string {
  switch (reason.kind) {
    case 'call':
      return callText(reason.fault);
    case 'gate':
      return `probe of the destination: ${reason.code} (${findingText({ ...reason, cause: null }).technical})`;
    case 'skipped':
      return `copy: ${codeOfReason(reason)} (skipped by ${reason.by})`;
    case 'agent_gone':
      return `copy: ${codeOfReason(reason)} (Sluice ended while this copy ran)`;
    case 'agent_stopped':
      return `copy: ${codeOfReason(reason)} (Sluice was stopped while this copy ran)`;
    default:
      return unreachable(reason);
  }
}

function callText({ operation, side, code, message }: CallFault): string {
  return `${operation} on the ${side}: ${code} (${message})`;
}

function meaning({ kind, percent, reason }: FileError, name: string): string {
  const code = codeOfReason(reason);
  switch (kind) {
    case 'network_interruption':
      return `the destination went away at ${percent}%`;
    case 'destination_full':
      return `the destination is full, at ${percent}%`;
    case 'destination_denied':
      return `the destination refused the file (${code}), at ${percent}%`;
    case 'destination_error':
      return (percent === 0 ? nameRefused(code, name) : null) ?? destinationMeaning(code, percent);
    case 'source_unreadable':
      return code === 'SILENT' ? `the source stopped answering, at ${percent}%` : `the source could not be read (${code}), at ${percent}%`;
    case 'source_changed':
      return `the source was replaced by another file, at ${percent}%`;
    case 'checksum_mismatch':
      return 'the bytes read back differ from the bytes written';
    case 'agent_stopped':
      // The journal does not have the progress of a copy that nothing ended.
      return reason.kind === 'agent_gone' ? 'Sluice ended during the copy' : `Sluice was stopped during the copy, at ${percent}%`;
    case 'skipped':
      return 'it was skipped on request';
    default:
      return unreachable(kind);
  }
}

function followsText(follows: FileError['follows']): string {
  if (follows.kind === 'nothing') return 'its source is gone, nothing follows';
  const copy = `a fresh copy (${follows.as})`;
  switch (follows.waitsFor) {
    case 'turn':
      return `${copy} follows`;
    case 'network':
      return `${copy} waits and is made when the destination is back`;
    case 'space':
      return `${copy} waits for room`;
    case 'backoff':
      return `${copy} is made after a pause`;
    case 'operator':
      return `${copy} waits until it is retried by hand`;
    case 'needs_you':
      return `${copy} needs you: it failed too often`;
    default:
      return unreachable(follows.waitsFor);
  }
}

/** What a Windows file system answers to a name that it refuses, at the first call with it. */
const nameRefusals: ReadonlySet<string> = new Set(['EINVAL', 'ENOENT', 'UNKNOWN']);

function nameRefused(code: string, name: string): string | null {
  const objection = nameRefusals.has(code) ? windowsObjection(name) : null;
  return objection === null ? null : `the destination refused its name (${code}): on Windows ${objection}; rename it at the source`;
}

/** Codes are open: those that a person can do something about have their own text. */
function destinationMeaning(code: string, percent: number): string {
  switch (code) {
    case 'SILENT':
      return `the destination took too long over this file, at ${percent}%`;
    case 'ENOTDIR':
    case 'EEXIST':
      return 'the destination has a file where a folder of this name is needed; move it away';
    case 'LINKED':
      return 'the destination has a link or a file where a folder of this name is needed; Sluice does not follow it';
    case 'SAME_FILE':
      return 'at the destination this is the source file itself: source and destination are one folder';
    case 'DIVERTED':
      return 'at the destination this folder is on another mount than the rest; give it a route';
    case 'CHILD_LOST':
      return `the process that copied it ended, at ${percent}%; the destination was not the reason`;
    case 'ENAMETOOLONG':
      return 'its name is too long for the destination';
    default:
      return `the destination failed on this file (${code}), at ${percent}%`;
  }
}
