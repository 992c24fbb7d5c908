import type { FileJson, ScreenRow } from '@sluice/control';
import { type GateCause, unreachable } from '@sluice/core/model';
import {
  codeText,
  type KnownError,
  percentText,
  rateShort,
  type ShownHold,
  shortTime,
  sizeRough,
  stateWord,
  timeOf,
  untilText,
} from '@sluice/words';
import type { Tone } from '../../picture/picture.ts';
import { type SourceFate, sourceFate } from './removal-words.ts';

/** The words about a file: always a mark and a word, never only a colour. */
export interface FileWords {
  readonly mark: 'x' | '!' | '~' | '>' | '=' | '-';
  /** At most eight columns. */
  readonly word: string;
  readonly tone: Tone;
  /** The text after the word. */
  readonly progress: string;
  /** The same in fewer words, the longest first. */
  readonly shorter?: readonly string[];
  /** 0 to 1. Null: there is nothing to measure. */
  readonly share: number | null;
  /** Mark and word in one, if there is no room for more. */
  readonly brief: string;
}

type ShownFile = Pick<ScreenRow, 'file'> &
  Partial<Pick<ScreenRow, 'phaseDone' | 'failure' | 'isSkipped' | 'isLost' | 'isFirst' | 'retryAt' | 'removal'>>;

/** What is known of the route of a file. */
export interface AroundFile {
  /** Why its destination is offline. Null: it is online, or that is not known. */
  readonly cause: GateCause | null;
  /** The hold of the route by an operator. */
  readonly hold: ShownHold | null;
}

const nothingKnown: AroundFile = { cause: null, hold: null };

/** Returns the words about a file. @param moment milliseconds since the epoch; null: durations are left out */
export function fileWords(shown: ShownFile, around: AroundFile = nothingKnown, moment: number | null = null): FileWords {
  const said = usualWords(shown, around, moment);
  return shown.isFirst === true ? movedToFront(said) : said;
}

/** Adds what the file waits for during an outage or on a held route, if there is room. */
function movedToFront({ progress, shorter = [], ...said }: FileWords): FileWords {
  if (progress === turn) return { ...said, progress: first, brief: `${said.mark} ${first}` };
  const prefixed = (text: string): string => `First: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  return { ...said, progress: prefixed(progress), shorter: [...shorter.map(prefixed), first], brief: `${said.mark} ${first}` };
}

const turn = 'Waiting its turn';
const first = 'First in line';

function usualWords(
  { file, phaseDone = null, failure, isSkipped, isLost, retryAt, removal }: ShownFile,
  { cause, hold }: AroundFile,
  moment: number | null,
): FileWords {
  if (file.hold === 'needs_you') return needsYou(file, failure);
  if (isSkipped === true) return words('~', stateWord(file.status), 'warn', 'Skipped; r copies it');
  if (file.hold === 'network' && cause === 'not_the_destination') return atWrongDisk(file);
  if (file.hold === 'operator' && hold !== null && !file.growing) return heldWords(file, hold, moment);
  if (file.hold === 'backoff' && retryAt !== undefined && moment !== null)
    return words('~', stateWord(file.status), 'warn', againText(timeOf(retryAt) - moment));
  switch (file.status) {
    case 'DISCOVERED':
      return words('~', stateWord(file.status), 'plain', 'checking for changes');
    case 'GROWING':
      return words(
        '~',
        stateWord(file.status),
        'plain',
        file.bytesPerSecond > 0 ? `+${rateShort(file.bytesPerSecond)} MB/s` : 'still changing',
      );
    case 'READY':
      return words('~', stateWord(file.status), 'warn', waiting(file, cause));
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return words('~', stateWord(file.status), 'warn', waiting(file, cause));
    case 'IN_QUEUE':
      return words('~', stateWord(file.status), 'plain', waiting(file, cause));
    case 'COPYING':
      return { ...words('>', stateWord(file.status), 'busy', percentText(file.percent)), share: file.percent / 100 };
    case 'GROWING_COPY':
      return phased(file, phaseDone);
    case 'VERIFYING':
      return file.hold === null ? phased(file, phaseDone) : words('~', stateWord(file.status), 'warn', waiting(file, cause));
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      return completed(file, sourceFate(file, removal, moment));
    case 'FAILED':
      return words('x', stateWord(file.status), file.recoveredBy === null ? 'bad' : 'warn', failedText(file));
    case 'REMOVED':
      return isLost === true ? lost(file) : words('-', stateWord(file.status), 'dim', 'removed from source');
    default:
      return unreachable(file.status);
  }
}

function words(mark: FileWords['mark'], word: string, tone: Tone, progress: string): FileWords {
  return { mark, word, tone, progress, share: null, brief: `${mark} ${word} ${progress}` };
}

/** Returns the words for a lost file, which has no copy. */
function lost({ status }: FileJson): FileWords {
  return { ...words('-', stateWord(status), 'bad', 'vanished before its copy'), shorter: ['not copied'], brief: '- not copied' };
}

function needsYou(file: FileJson, failure: ShownFile['failure']): FileWords {
  if (file.status === 'GROWING') return words('!', 'GROWING', 'bad', 'Needs you: still changing');
  if (!file.nameValid) return words('!', 'READY', 'bad', 'Needs you: rename it');
  if (failure === undefined) return words('!', 'READY', 'bad', 'Needs you');
  const why = shortly({ ...failure, percent: 0 });
  const code = codeText(failure.code);
  const isKnown = why.includes(code);
  const detailed = `Needs you: ${why}${isKnown ? '' : ` (${code})`}`;
  const attempts = file.attempt - 1;
  return {
    ...words('!', 'READY', 'bad', `${detailed}, ${attempts} attempt${attempts === 1 ? '' : 's'}`),
    shorter: [detailed, `Needs you: ${code === failure.code ? why : code}`, 'Needs you'],
    brief: `! Needs you: ${why}`,
  };
}

/** Waiting for the network does not help in this case. */
function atWrongDisk({ status }: FileJson): FileWords {
  return { ...words('~', stateWord(status), 'warn', 'Waiting: WRONG DISK'), brief: '~ WRONG DISK' };
}

function heldWords({ status }: FileJson, { by, until }: ShownHold, moment: number | null): FileWords {
  const end = until === null || moment === null ? '' : ` until ${shortTime(until, moment)}`;
  const texts = [`Route held by ${by}${end}`, `Route held${end}`, 'Route held'];
  const [said = '', ...shorter] = texts.filter((text, index) => texts.indexOf(text) === index);
  return { ...words('~', stateWord(status), 'warn', said), shorter };
}

function againText(inMs: number): string {
  return inMs < 1_000 ? 'Waiting to try again' : `Tries again in ${untilText(inMs)}`;
}

function waiting({ hold, status, growing }: FileJson, cause: GateCause | null): string {
  // It cannot be followed now, while its recorder continues.
  if (growing && status === 'READY' && (hold === 'network' || hold === 'operator')) {
    if (hold === 'operator') return 'Recording; route held';
    return cause === 'unknown' ? 'Recording' : 'Recording; no network';
  }
  switch (hold) {
    case 'network':
      // The destination has not answered yet, well or badly.
      if (cause === 'unknown') return 'Checking destination';
      if (cause === 'read_only') return 'Waiting: read-only';
      return cause === 'denied' ? 'Waiting: access denied' : 'Waiting for network';
    case 'space':
      return 'Waiting for room';
    case 'backoff':
      return 'Waiting to try again';
    case 'operator':
      return 'Route held';
    case 'needs_you':
    case null:
      if (status === 'WAITING_FOR_NETWORK') return 'Waiting for network';
      return status === 'WAITING_FOR_SPACE' ? 'Waiting for room' : turn;
    default:
      return unreachable(hold);
  }
}

function phased(file: FileJson, phaseDone: number | null): FileWords {
  const progress = phaseText(file, phaseDone === null ? '' : ` ${percentText(phaseDone * 100)}`);
  const hasEnd = file.phase === 'settling' || file.phase === 'reading_back';
  return { ...words('>', stateWord(file.status), 'busy', progress), share: hasEnd ? phaseDone : null, brief: `> ${progress}` };
}

function phaseText({ phase, behindBytes }: FileJson, share: string): string {
  switch (phase) {
    case 'draining':
      return 'CATCHING UP';
    case 'settling':
      return `RECHECKING SOURCE${share}`;
    case 'reading_back':
      return `READING BACK${share}`;
    case 'following':
    case null:
      return `RECORDING ${sizeRough(behindBytes ?? 0)} behind`;
    default:
      return unreachable(phase);
  }
}

function completed(file: FileJson, fate: SourceFate | null): FileWords {
  const verification = verificationText(file);
  const isWeak = file.readback !== 'direct';
  const hashed = verification === 'verified' && file.hash !== null ? `verified ${file.hash.algorithm}` : verification;
  const tone = isWeak || fate?.isBad === true ? 'warn' : 'good';
  const said = { ...words('=', stateWord(file.status), tone, hashed), brief: `= ${verification}` };
  const [text, ...shorter] = fate?.texts ?? [];
  if (text === undefined) return said;
  // A failure comes first, so that it is not cut off.
  if (fate?.isBad === true) return { ...said, progress: text, shorter, brief: `= ${shorter.at(-1) ?? text}` };
  return { ...said, progress: `${hashed}, ${text}`, shorter: [`${verification}, ${text}`, text], brief: `= ${verification}, ${text}` };
}

/** Returns how certain it is that the bytes are there. */
export function verificationText({ copied, readback }: FileJson): string {
  if (copied === false) return 'ALREADY THERE';
  if (readback === 'direct') return 'verified';
  return readback === 'cached' ? 'verified (cache only)' : 'SIZE ONLY';
}

function failedText({ error }: FileJson): string {
  if (error === null) return '';
  const text = shortly(error);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${withoutShare.has(error.kind) || error.code === 'AGENT_GONE' ? '' : ` at ${percentText(error.percent)}`}`;
}

const withoutShare: ReadonlySet<KnownError['kind']> = new Set(['checksum_mismatch', 'skipped']);

/** Returns why an attempt failed, in two or three words. */
function shortly({ kind, code }: KnownError): string {
  switch (kind) {
    case 'network_interruption':
      return interruption(code);
    case 'destination_full':
      return 'destination full';
    case 'destination_denied':
      return `refused ${code}`;
    case 'destination_error':
      return storageError(code);
    case 'source_unreadable':
      return 'source unreadable';
    case 'source_changed':
      return 'source replaced';
    case 'checksum_mismatch':
      return 'checksum mismatch';
    case 'agent_stopped':
      // After a crash it is not known how far the copy came.
      return code === 'AGENT_GONE' ? 'Sluice ended' : 'Sluice stopped';
    case 'skipped':
      return 'skipped by operator';
    default:
      return unreachable(kind);
  }
}

/** The destination answers, and this file failed there. A code that only Sluice has is said in words. */
function storageError(code: string): string {
  switch (code) {
    case 'SILENT':
      return 'storage too slow';
    case 'SHORT':
      return 'storage lost bytes';
    case 'LOST':
      return 'unfinished copy removed';
    case 'DIVERTED':
      return 'another mount';
    case 'LINKED':
    case 'EEXIST':
    case 'ENOTDIR':
      return 'name in the way';
    case 'SAME_FILE':
      return 'copy is the source';
    case 'MARKER_UNCLEAR':
      return 'unclear marker';
    case 'CHILD_LOST':
      return 'copy process ended';
    case 'ENAMETOOLONG':
    case 'FOLDER_TOO_LONG':
    case 'PATH_TOO_LONG':
      return 'name too long';
    case 'EFBIG':
      return 'file too large';
    default:
      return `storage ${code}`;
  }
}

function interruption(code: string): string {
  switch (code) {
    case 'EROFS':
      return 'read-only storage';
    case 'EACCES':
    case 'EPERM':
      return 'no write access';
    case 'MARKER':
      return 'wrong disk';
    case 'MARKER_UNCLEAR':
      return 'unclear marker';
    default:
      return 'network error';
  }
}
