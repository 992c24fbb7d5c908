import { type CallFault, codeOfReason, type FileError, unreachable } from '@sluice/core/model';
import { meaningOfCode } from './codes.ts';
import { findingText, type TwoTexts } from './finding.ts';
import { kindMeanings } from './kinds.ts';
import { windowsObjection } from './windows-names.ts';

/**
 * Returns why an attempt failed and what follows, in two sentences.
 * @param name at the destination
 */
export function failureText(error: FileError, name: string): TwoTexts {
  if (isForPerson(error)) return forPersonText(error);
  const known = { ...error, code: codeOfReason(error.reason) };
  return { operator: `${problemText(known, name)}; ${followsText(error.follows, awayBy(known.code))}`, technical: technicalText(error) };
}

const tooLong: ReadonlySet<string> = new Set(['ENAMETOOLONG', 'FOLDER_TOO_LONG', 'PATH_TOO_LONG']);

/** One failure is enough: the next attempt would end at the same byte, or be refused because of the same length. */
function isForPerson({ reason, follows }: FileError): boolean {
  if (reason.kind === 'call' && reason.fault.side === 'destination' && reason.fault.code === 'EFBIG') return true;
  return follows.kind === 'attempt' && follows.waitsFor === 'needs_you' && tooLong.has(codeOfReason(reason));
}

/** What clients know about an error. */
export type KnownError = Pick<FileError, 'kind' | 'percent'> & { readonly code: string };

/** Returns what a person can do about an error before the file is retried. Null: nothing has to be done. */
export function remedyText({ kind, code }: KnownError): string | null {
  if (kind === 'source_unreadable' && isDenied(code)) return 'let Sluice read the file';
  return (kind === 'destination_error' ? meaningOfCode(code)?.brief : null) ?? kindMeanings[kind].brief;
}

const isDenied = (code: string): boolean => code === 'EACCES' || code === 'EPERM';

/** Returns what a code means if that is always the same, else the code. */
export function codeText(code: string): string {
  return isDenied(code) ? 'permission denied' : code;
}

/** Returns the text for a file that no attempt can copy: why, what the destination accepts, and what to do. */
function forPersonText(error: FileError): TwoTexts {
  const meaning = meaningOfCode(codeOfReason(error.reason));
  const detail = error.reason.kind === 'call' ? ` (${error.reason.fault.message})` : '';
  const operator = `${meaning?.problem?.('') ?? ''}${detail}; needs you: ${meaning?.brief}, then retry it`;
  return { operator, technical: technicalText(error) };
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

/**
 * Returns why an attempt failed.
 * @param name at the destination
 */
export function problemText({ kind, percent, code }: KnownError, name: string): string {
  switch (kind) {
    case 'network_interruption':
      return `${happened[awayBy(code)]}, at ${percent}%`;
    case 'destination_full':
      return `the destination is full, at ${percent}%`;
    case 'destination_denied':
      return `the destination refused the file (${codeText(code)}), at ${percent}%`;
    case 'destination_error':
      return (percent === 0 ? nameRefused(code, name) : null) ?? destinationProblem(code, percent);
    case 'source_unreadable':
      return `${sourceProblem(code)}, at ${percent}%`;
    case 'source_changed':
      return `another file took the path of the source file, at ${percent}%`;
    case 'checksum_mismatch':
      return 'the bytes read back differ from the bytes written';
    case 'agent_stopped':
      if (code === 'AGENT_GONE') return 'Sluice ended unexpectedly during the copy; how far the copy was is unknown';
      return `Sluice was stopped during the copy, at ${percent}%`;
    case 'skipped':
      return 'an operator skipped it';
    default:
      return unreachable(kind);
  }
}

/** Why a copy lost its destination. Some of these pass by themselves, others need a person. */
type Away = 'away' | 'wrong_disk' | 'marker_unclear' | 'read_only' | 'denied';

function awayBy(code: string): Away {
  switch (code) {
    case 'EROFS':
      return 'read_only';
    case 'EACCES':
    case 'EPERM':
      return 'denied';
    case 'MARKER':
      return 'wrong_disk';
    case 'MARKER_UNCLEAR':
      return 'marker_unclear';
    default:
      return 'away';
  }
}

const happened: Readonly<Record<Away, string>> = {
  away: 'the destination went offline',
  wrong_disk: 'another disk took the place of the destination',
  marker_unclear: 'the marker file of the destination became empty, cut short or something other than a regular file',
  read_only: 'the destination became read-only',
  denied: 'Sluice lost the right to write to the destination (permission denied)',
};

/** What ends each of them. */
const mended: Readonly<Record<Away, string>> = {
  away: 'when the destination is online again',
  wrong_disk: 'when the right disk is back',
  marker_unclear: 'when the marker file can be read again',
  read_only: 'when the destination is writable again',
  denied: 'when Sluice may write there again',
};

function sourceProblem(code: string): string {
  if (code === 'SILENT') return 'the source stopped answering';
  return code === 'SHORT' ? 'the source file ended before its size' : `the source file could not be read (${codeText(code)})`;
}

function followsText(follows: FileError['follows'], away: Away): string {
  if (follows.kind === 'nothing') return 'no copy follows, because the file is gone from the source';
  const copy = `a new copy (${follows.as})`;
  switch (follows.waitsFor) {
    case 'turn':
      return `${copy} follows`;
    case 'network':
      return `${copy} starts ${mended[away]}`;
    case 'space':
      return `${copy} starts when there is room`;
    case 'backoff':
      return `${copy} starts after a pause`;
    case 'operator':
      return `${copy} starts when an operator retries the file`;
    case 'needs_you':
      return `${copy} needs you, because the file failed too often`;
    default:
      return unreachable(follows.waitsFor);
  }
}

/** Errors with which a Windows filesystem refuses a name at the first call. */
const nameRefusals: ReadonlySet<string> = new Set(['EINVAL', 'ENOENT', 'UNKNOWN']);

function nameRefused(code: string, name: string): string | null {
  const objection = nameRefusals.has(code) ? windowsObjection(name) : null;
  return objection === null
    ? null
    : `the destination refused the name of the file (${code}): on Windows ${objection}; rename it at the source`;
}

/** Any code can occur. Those that a person can act on have their own text. */
function destinationProblem(code: string, percent: number): string {
  const at = `, at ${percent}%`;
  return meaningOfCode(code)?.problem?.(at) ?? `the destination reported an error for this file (${code})${at}`;
}
