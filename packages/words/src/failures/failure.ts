import { type CallFault, codeOfReason, type FileError, unreachable } from '@sluice/core/model';
import { findingText, type TwoTexts } from './finding.ts';
import { windowsObjection } from './windows-names.ts';

/**
 * Returns why an attempt failed and what follows, in two sentences.
 *
 * @param name at the destination
 */
export function failureText(error: FileError, name: string): TwoTexts {
  if (error.reason.kind === 'call' && error.reason.fault.side === 'destination' && error.reason.fault.code === 'EFBIG')
    return tooBigText(error);
  if (error.follows.kind === 'attempt' && error.follows.waitsFor === 'needs_you' && tooLong.has(codeOfReason(error.reason)))
    return tooLongText(error);
  const known = { ...error, code: codeOfReason(error.reason) };
  return { operator: `${problemText(known, name)}; ${followsText(error.follows, awayBy(known.code))}`, technical: technicalText(error) };
}

/** What clients know of an error. */
export type KnownError = Pick<FileError, 'kind' | 'percent'> & { readonly code: string };

/** Returns what a person can do about an error before the file is retried; null: nothing has to be done. */
export function remedyText({ kind, code }: KnownError): string | null {
  switch (kind) {
    case 'source_unreadable':
      return isDenied(code) ? 'let Sluice read the file' : 'check the source';
    case 'destination_denied':
      return 'let Sluice write to the destination';
    case 'destination_full':
      return 'make room at the destination';
    case 'destination_error':
      return tooLong.get(code)?.remedy ?? 'check the storage';
    case 'network_interruption':
      return 'check the storage and the network';
    case 'checksum_mismatch':
      return 'check the storage and the memory of this machine';
    case 'source_changed':
    case 'agent_stopped':
    case 'skipped':
      return null;
    default:
      return unreachable(kind);
  }
}

const isDenied = (code: string): boolean => code === 'EACCES' || code === 'EPERM';

/** What a code means, where that is one thing everywhere; else the code. */
export function codeText(code: string): string {
  return isDenied(code) ? 'permission denied' : code;
}

/** One attempt says it all: the next one would end at the same byte. */
function tooBigText(error: FileError): TwoTexts {
  const stoppedAt = error.reason.kind === 'call' ? error.reason.fault.message : '';
  const operator = `the destination holds no file this big (${stoppedAt}); it needs you: use another filesystem, then retry it`;
  return { operator, technical: technicalText(error) };
}

/** What was refused as too long, and what a person does about it. Source: the codes of `CallFault`. */
const tooLong: ReadonlyMap<string, { readonly problem: string; readonly remedy: string }> = new Map([
  ['ENAMETOOLONG', { problem: 'its name is too long for the destination', remedy: 'shorten its name at the source' }],
  [
    'FOLDER_TOO_LONG',
    { problem: 'the name of a folder above it is too long for the destination', remedy: 'shorten the name of the folder at the source' },
  ],
  [
    'PATH_TOO_LONG',
    { problem: 'its path is too long for the destination', remedy: 'shorten the names of its folders at the source, or move it up' },
  ],
]);

/** One attempt says it all: the next one would be refused for the same length. */
function tooLongText(error: FileError): TwoTexts {
  const { problem, remedy } = tooLong.get(codeOfReason(error.reason)) ?? { problem: '', remedy: '' };
  const detail = error.reason.kind === 'call' ? ` (${error.reason.fault.message})` : '';
  return { operator: `${problem}${detail}; it needs you: ${remedy}`, technical: technicalText(error) };
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
 *
 * @param name at the destination
 */
export function problemText({ kind, percent, code }: KnownError, name: string): string {
  switch (kind) {
    case 'network_interruption':
      return `${happened[awayBy(code)]} at ${percent}%`;
    case 'destination_full':
      return `the destination is full, at ${percent}%`;
    case 'destination_denied':
      return `the destination refused the file (${codeText(code)}), at ${percent}%`;
    case 'destination_error':
      return (percent === 0 ? nameRefused(code, name) : null) ?? destinationMeaning(code, percent);
    case 'source_unreadable':
      return code === 'SILENT'
        ? `the source stopped answering, at ${percent}%`
        : `the source could not be read (${codeText(code)}), at ${percent}%`;
    case 'source_changed':
      return `the source was replaced by another file, at ${percent}%`;
    case 'checksum_mismatch':
      return 'the bytes read back differ from the bytes written';
    case 'agent_stopped':
      if (code === 'AGENT_GONE') return 'Sluice ended without warning during the copy; how far it was is not known';
      return `Sluice was stopped during the copy, at ${percent}%`;
    case 'skipped':
      return 'it was skipped on request';
    default:
      return unreachable(kind);
  }
}

/** What became of a destination that a copy lost: it passes by itself, or a person has to mend it. */
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
  away: 'the destination went away',
  wrong_disk: 'another disk came to the place of the destination',
  marker_unclear: 'the marker of the destination became empty, was cut short or is not a regular file any more,',
  read_only: 'the destination became read-only',
  denied: 'Sluice may no longer write to the destination (permission denied),',
};

/** What is waited for is what happened. */
const mended: Readonly<Record<Away, string>> = {
  away: 'when the destination is back',
  wrong_disk: 'when the right disk is back',
  marker_unclear: 'when its marker can be read again',
  read_only: 'when the destination can be written again',
  denied: 'when Sluice may write there again',
};

function followsText(follows: FileError['follows'], away: Away): string {
  if (follows.kind === 'nothing') return 'its source is gone, nothing follows';
  const copy = `a fresh copy (${follows.as})`;
  switch (follows.waitsFor) {
    case 'turn':
      return `${copy} follows`;
    case 'network':
      return `${copy} waits and is made ${mended[away]}`;
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
    case 'MARKER_UNCLEAR':
      return 'the marker of the destination was empty, cut short or no regular file when this copy began or ended';
    case 'CHILD_LOST':
      return `the process that copied it ended, at ${percent}%; the destination was not the reason`;
    default:
      return tooLong.get(code)?.problem ?? `the destination failed on this file (${code}), at ${percent}%`;
  }
}
