import type { TimelineJson } from '@sluice/control';
import { type FileEvent, type GateEvent, type JournalRecord, type RouteEvent } from '@sluice/core';
import { type LeftoverOutcome, type ReadbackMethod, type RouteName, type RouteTroubleName, unreachable } from '@sluice/core/model';
import { copyNoteText } from '../failures/copy-note.ts';
import { failureText } from '../failures/failure.ts';
import { findingText, foundBy } from '../failures/finding.ts';
import { hookEndText, hookSucceeded } from '../failures/hooks.ts';
import { keptText } from '../failures/kept-leftover.ts';
import { refusalText } from '../failures/refusal.ts';
import { noRoomText } from '../failures/space-shortage.ts';
import { sourceAwayText } from '../failures/unavailable-source.ts';
import { momentText } from '../figures/clock.ts';
import { duration } from '../figures/duration.ts';
import { sizeText } from '../figures/figures.ts';
import { limits } from '../limits.ts';
import { reloadText } from '../reload-lines.ts';
import { selectionText } from '../states/left-alone.ts';
import { pausingText } from '../states/pausing.ts';
import { renamedText } from '../states/renamed.ts';
import { settingNames } from '../states/setting-names.ts';
import { completedText } from './completed-text.ts';
import { removalTexts } from './removal.ts';

/** An event as a sentence for an operator. */
export interface Sentence {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly route: RouteName;
  readonly text: string;
  /** Values that the log keeps next to the sentence. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** The operator who requested it, and the reason. Absent: no operator did. */
  readonly who?: { readonly by: string; readonly reason: string | null };
}

type Said = Pick<Sentence, 'level' | 'text'>;

/** Returns a record of the journal as a sentence. @param isDebugWanted false: a sentence for developers gets no text */
export function sentenceOf(record: JournalRecord, isDebugWanted = true): Sentence {
  const sentence = plainSentenceOf(record, isDebugWanted);
  const who = whoAsked(record);
  return who === null ? sentence : { ...sentence, fields: { ...sentence.fields, ...who }, who };
}

/** Returns the operator and the reason of a sentence, for a line of the log in JSON. */
export function askedBy(who: Sentence['who']): { readonly by?: string; readonly reason?: string } {
  if (who === undefined) return {};
  return who.reason === null ? { by: who.by } : { by: who.by, reason: who.reason };
}

/**
 * Returns the operator and the reason of an event. An operator caused each event of a route that has `by`, and each event of a file that
 * has `by` and `reason`, even if the reason is null.
 */
function whoAsked({ kind, event }: JournalRecord): NonNullable<Sentence['who']> | null {
  const { by, reason } = event as { readonly by?: unknown; readonly reason?: unknown };
  if (typeof by !== 'string' || (kind !== 'route_fact' && reason === undefined)) return null;
  return { by, reason: typeof reason === 'string' && reason !== '' ? reason : null };
}

function plainSentenceOf(record: JournalRecord, isDebugWanted: boolean): Sentence {
  switch (record.kind) {
    case 'transition':
      return { route: record.file.route, ...ofTransition(record, isDebugWanted) };
    case 'gate':
      return { route: record.route, ...ofGate(record.event, record.route) };
    case 'route_fact':
      return { route: record.route, ...ofRoute(record.event, record.route), fields: {} };
    case 'file_fact':
      return { route: record.file.route, ...ofFile(record.event, record.file.source), fields: { id: record.file.id } };
    default:
      return unreachable(record);
  }
}

function ofTransition(
  { file, event, from, to }: Extract<JournalRecord, { kind: 'transition' }>,
  isDebugWanted: boolean,
): Omit<Sentence, 'route'> {
  const named = file.destination === file.source ? file.source : `${file.source} (as ${file.destination})`;
  const fields = { id: file.id, from, to, event: event.kind };
  const debug = { level: 'debug', text: isDebugWanted ? `${named}: ${to} (${fileEventText(event)})` : '', fields } as const;
  const level = removalLevels[event.kind];
  if (level !== undefined) return { level, text: `${named}: ${fileEventText(event)}`, fields };
  // The record may be old and the file newer: only the state that the file still has gets a sentence.
  if (file.status !== to) return debug;
  switch (file.status) {
    case 'COMPLETED':
      return { level: 'info', text: `${named}: ${completedText(file.copied ? file.readback : null, event)}`, fields };
    case 'FAILED': {
      const { operator, technical } = failureText(file.error, file.destination);
      return { level: 'error', text: `${named}: ${operator}`, fields: { ...fields, technical } };
    }
    case 'REMOVED':
      if (event.kind === 'renamed') return { ...debug, text: `${named}: ${fileEventText(event)} before it was copied` };
      return {
        level: 'warn',
        text: `${named}: ${event.kind === 'emptied' ? 'emptied at' : 'removed from'} the source before it was copied`,
        fields,
      };
    case 'DISCOVERED':
    case 'GROWING':
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
    case 'IN_QUEUE':
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
    case 'COMPLETED_DELETE_FAILED':
      return debug;
    default:
      return unreachable(file);
  }
}

function ofGate(event: GateEvent, route: RouteName): Omit<Sentence, 'route'> {
  const found = foundBy(event);
  const { operator, technical } = findingText(found, route);
  return { level: event.kind === 'gate_opened' ? 'info' : 'warn', text: operator, fields: { technical, code: found.code } };
}

function ofRoute(event: RouteEvent, route: RouteName): Said {
  switch (event.kind) {
    case 'source_state':
      return ofSource(event, route);
    case 'source_not_watched':
      return { level: 'warn', text: `the system has no watches left (${event.code ?? 'unknown'}): Sluice finds new files by scans only` };
    case 'left_alone': {
      const isDoubtful = event.unmatched.some(({ setting }) => setting === 'include');
      return { level: isDoubtful ? 'warn' : 'info', text: selectionText(event) ?? 'nothing is left alone' };
    }
    case 'held': {
      const until = event.until === null ? '' : ` until ${momentText(event.until)}`;
      return { level: 'warn', text: `held${until} by ${event.by}${because(event.reason)}` };
    }
    case 'released':
      return { level: 'info', text: `released by ${event.by}${because(event.reason)}` };
    case 'hold_expired':
      return { level: 'info', text: 'released: the hold has expired' };
    case 'destination_adopted':
      return { level: 'warn', text: `${event.by} adopted the destination as it is now${because(event.reason)}; ${missingThere}` };
    case 'source_adopted': {
      const what = event.files === 1 ? '1 file of an earlier disk is' : `${event.files} files of an earlier disk are`;
      return { level: 'warn', text: `${event.by} adopted the source as it is now; ${what} not removed any more${because(event.reason)}` };
    }
    case 'rescan_asked':
      return { level: 'info', text: `a new scan of the source was requested by ${event.by}${because(event.reason)}` };
    case 'stop_asked':
      return { level: 'info', text: `${stopText(event.mode)}, requested by ${event.by}${because(event.reason)}` };
    case 'prune_asked':
      return {
        level: 'info',
        text: `what ended before ${momentText(event.before)} is removed from the journal, requested by ${event.by}${because(event.reason)}`,
      };
    case 'reload_ended': {
      const which = event.ofAgent.length === 0 ? '' : `: ${event.ofAgent.join(', ')}`;
      const text = `${reloadText(event)}${which} (requested by ${event.by}${because(event.reason)})`;
      return { level: event.problem === null ? 'info' : 'warn', text };
    }
    case 'renamed':
      return { level: 'info', text: renamedText(event) };
    case 'marker_intended':
      return { level: 'debug', text: `writing the marker of ${event.destination}` };
    case 'destination_known':
      return { level: 'debug', text: `the destination ${event.destination} is known by its marker` };
    case 'destination_forgotten':
      return { level: 'debug', text: `the marker of ${event.destination} is forgotten` };
    case 'configured':
      return { level: event.changed.length === 0 && event.by === undefined ? 'debug' : 'info', text: configuredText(event) };
    case 'unconfigured':
      return { level: 'info', text: `this route is not configured any more${byText(event.by)}; what it copied stays in the journal` };
    case 'first':
      return { level: 'debug', text: `copied first: ${event.sources.length} files` };
    case 'links_refused':
      return { level: 'debug', text: `the destination has no links (${event.code})` };
    case 'parts_to_remove':
      return { level: 'debug', text: `removing ${event.parts.length} temporary files` };
    case 'room_short': {
      const still = event.forMs < limits.repeatedMs ? '' : ` (for ${duration(event.forMs)} now)`;
      return { level: 'warn', text: `${noRoomText(event.room)}${still}` };
    }
    case 'room_enough':
      return { level: 'info', text: `the destination has room again, after ${duration(event.forMs)}` };
    case 'person_called':
      return { level: 'debug', text: calledText(event.troubles) };
    case 'hook_ended':
      return { level: hookSucceeded(event) ? 'info' : 'warn', text: hookEndText(event) };
    default:
      return { level: 'debug', text: kindOf(event) };
  }
}

function stopText(mode: 'graceful' | 'drain'): string {
  return mode === 'drain' ? 'the agent finishes its running copies and stops' : 'the agent stops';
}

function configuredText({ settings, changed, by }: Extract<RouteEvent, { kind: 'configured' }>): string {
  if (changed.length === 0) return `copies ${settings.source} to ${settings.destination}${byText(by)}`;
  return `these settings changed${byText(by)}: ${changed.map((name) => settingNames[name]).join(', ')}`;
}

/** Who had the settings read again. */
function byText(by: string | undefined): string {
  return by === undefined ? '' : ` (reload by ${by})`;
}

function calledText(troubles: readonly RouteTroubleName[]): string {
  if (troubles.length === 0) return 'the trouble that a person was called for is over';
  return `a person was called for: ${troubles.map((name) => name.replaceAll('_', ' ')).join(', ')}`;
}

/** Returns a text for a kind that another version wrote. */
function kindOf(event: never): string {
  return (event as { kind: string }).kind.replaceAll('_', ' ');
}

function ofSource({ state, code, path }: Extract<RouteEvent, { kind: 'source_state' }>, route: RouteName): Said {
  if (state === 'ok') return { level: 'info', text: 'the source is available' };
  return { level: 'error', text: sourceAwayText({ state, code, path }, route) };
}

function ofFile(event: FileEvent, source: string): Said {
  if (event.kind === 'asked')
    return { level: 'info', text: `${source}: ${askedWords[event.action]} by ${event.by}${because(event.reason)}` };
  if (event.kind === 'leftover_removal_asked') return { level: 'info', text: `${source}: ${fileEventText(event)}` };
  if (event.kind === 'leftover_removed') {
    const isKept = event.outcome !== 'removed' && event.outcome !== 'gone';
    return { level: isKept ? 'warn' : 'info', text: `${source}: ${fileEventText(event)}` };
  }
  if (event.kind === 'emptied') return { level: 'warn', text: `${source}: emptied at the source; the copy at the destination stays` };
  if (event.kind === 'paused') return { level: 'warn', text: pausingText({ source, count: 1, ...event }) };
  const level = removalLevels[event.kind];
  if (level !== undefined) return { level, text: `${source}: ${fileEventText(event)}` };
  if (event.kind !== 'refused') return { level: 'debug', text: `${source}: ${fileEventText(event)}` };
  return { level: 'warn', text: `${source}: ${event.action} requested by ${event.by} came too late: ${refusalText(event.why)}` };
}

/** Levels of the events of a removal at the source. Those without a level are for developers only. */
const removalLevels: Readonly<Partial<Record<FileEvent['kind'], Sentence['level']>>> = {
  removal_unproven: 'warn',
  removal_asked: 'info',
  source_removed: 'info',
  source_name_taken: 'warn',
  removal_failed: 'error',
  removal_off: 'info',
};

/** What an operator did to a file. */
const askedWords: Readonly<Record<Extract<FileEvent, { kind: 'asked' }>['action'], string>> = {
  retry: 'retried',
  skip: 'skipped',
  first: 'moved to the front',
  acknowledge: 'acknowledged',
};

const missingThere = 'what is missing there is copied again only after "sluice retry FILE", where "*" stands for all';
function because(reason: string | null): string {
  return reason === null || reason === '' ? '' : `: ${reason}`;
}

/** A text for every kind of event. */
type Texts = { readonly [Kind in FileEvent['kind']]: (event: Extract<FileEvent, { readonly kind: Kind }>) => string };

const texts: Texts = {
  found: () => 'found',
  found_again: ({ after }) => `new attempt after attempt ${id8(after)}`,
  recovery_found: ({ by }) => `copied again by attempt ${id8(by)}`,
  name_invalid: () => 'its name is not valid UTF-8',
  source_changes: () => 'the source changes',
  settled: () => 'settled',
  recording: () => 'grows like a recording',
  stuck: () => 'still changing',
  held_by_writer: () => 'the program that writes it does not allow reading',
  superseded: ({ by }) => `the source changed again: attempt ${id8(by)} has the new content`,
  paused: ({ times, restMs }) => `changed again ${times} times after it was copied: copied when it has not changed for ${duration(restMs)}`,
  emptied: () => 'emptied at the source',
  same_bytes: ({ onMedium = false }) =>
    onMedium ? 'its disk was put in again, or is another one: it has the bytes that were copied' : 'its time changed, its bytes did not',
  source_gone: () => 'removed at the source',
  renamed: ({ to }) => `renamed to ${value(to)} at the source`,
  renamed_from: ({ from }) => `renamed from ${value(from)} at the source`,
  source_missing: () => 'not found at the source',
  source_unchanged: () => 'the source is unchanged',
  failed_too_often: () => 'failed too often',
  no_use_trying: () => 'needs you: another attempt would end in the same way',
  queued: () => 'queued',
  destination_offline: () => 'the destination went offline',
  destination_answers: () => 'the destination answers',
  destination_not_reached: ({ code }) => `the destination was not reached (${code})`,
  no_room: () => 'no room at the destination',
  room_again: () => 'room at the destination again',
  agent_started: () => 'Sluice started',
  agent_stops: () => 'Sluice stops',
  asked: ({ action, by, reason }) => `${askedWords[action]} by ${value(by)}${quoted(reason)}`,
  refused: ({ action, by, reason, why }) => `${action} requested by ${value(by)}${quoted(reason)}, too late: ${refusalText(why)}`,
  route_held: () => 'its route is held',
  held: () => 'held',
  skipped: () => 'skipped',
  hold_ended: () => 'hold ended',
  pause_over: () => 'pause over',
  name_taken: ({ taken }) => `the name ${value(taken)} is taken`,
  name_given_up: ({ from }) => `gives up the name ${value(from)}: the previous attempt did not complete it`,
  name_yielded: ({ from }) => `gives up the name ${value(from)}: a source file has it`,
  copy_begins: ({ part, compare }) => `copy starts ${under(part)}${compare ? ', first comparing with the file of this name' : ''}`,
  link_begins: ({ from }) => `comparing with ${value(from)}, which is to get this name too`,
  not_linked: ({ from, why }) =>
    `${value(from)} does not get this name: ${why === 'differs' ? 'it is gone, or has other bytes' : 'the destination refuses the link'}; the source is copied`,
  created: ({ part }) => `created ${under(part)}`,
  source_grew: () => 'the source grew',
  withdrawn: () => 'withdrawn',
  copied: ({ hash, bytes }) => `copied: ${sizeText(bytes)}, hash ${hash}`,
  publish: ({ as, readback }) => `publishing as ${value(as)}${readback === null ? '' : `, ${readbackText(readback)}`}`,
  claim: ({ as }) => `claiming the name ${value(as)}`,
  claimed: ({ as }) => `claimed the name ${value(as)}`,
  published: ({ as, notes }) => [`published as ${value(as)}`, ...notes.map(copyNoteText)].join(', '),
  already_there: ({ as, notes }) => [`the same bytes are already there as ${value(as)}`, ...notes.map(copyNoteText)].join(', '),
  linked: ({ as, from }) => `${value(from)} has the same bytes, and the name ${value(as)} too`,
  failed: ({ error, code }) => `${error.replaceAll('_', ' ')} (${code})`,
  parts_removed: ({ removed, kept }) =>
    [...names('temporary files removed', removed), ...names('temporary files that remain', kept)].join('; ') ||
    'no temporary file to remove',
  leftover_to_mark: ({ from, to }) => `renaming the leftover ${value(from)} to ${value(to)}`,
  leftover_marked: ({ from, to, outcome }) => leftoverText(value(from), value(to), outcome),
  leftover_removal_asked: ({ name, by, reason }) => `removal of the leftover ${value(name)} requested by ${value(by)}${quoted(reason)}`,
  leftover_to_remove: ({ name, as }) => `removing the leftover ${value(name)} (as ${value(as)})`,
  leftover_removed: ({ name, outcome }) => removalText(value(name), outcome),
  ...removalTexts,
};

/** Returns the text of a timeline entry, of any version of the program. An entry that cannot be read is shown by its kind. */
export function timelineText({ event, detail }: Pick<TimelineJson, 'event' | 'detail'>): string {
  try {
    return fileEventText({ ...detail, kind: event } as FileEvent);
  } catch {
    return nameOf(event);
  }
}

/**
 * Returns what happened to a file, such as `copied: 48.2 GB, hash 0f3c51d2a7b81e90`. A kind that another version wrote is shown by
 * its name.
 */
export function fileEventText(event: FileEvent): string {
  const text = Object.hasOwn(texts, event.kind) ? (texts[event.kind] as (of: FileEvent) => string) : null;
  return text === null ? nameOf(event.kind) : text(event).slice(0, limits.eventLength);
}

function nameOf(kind: string): string {
  return kind.replaceAll('_', ' ').slice(0, limits.valueLength);
}

function under(part: string | null): string {
  return part === null ? 'under its final name' : `as ${value(part)}`;
}

function leftoverText(from: string, to: string, outcome: 'done' | 'gone' | 'refused'): string {
  if (outcome === 'done') return `the leftover ${from} is now ${to}`;
  return outcome === 'gone' ? `the leftover ${from} no longer exists` : `the leftover ${from} could not be renamed`;
}

function removalText(name: string, outcome: LeftoverOutcome): string {
  if (outcome === 'removed') return `the leftover ${name} is removed`;
  return outcome === 'gone' ? `the leftover ${name} no longer exists` : `the leftover ${name} stays: ${keptText(outcome)}`;
}

function id8(id: string): string {
  return value(id).slice(0, 8);
}

function names(what: string, list: readonly string[]): readonly string[] {
  return list.length === 0 ? [] : [`${what}: ${value(list.join(', '))}`];
}

function quoted(reason: string | null): string {
  return reason === null || reason === '' ? '' : ` ("${value(reason)}")`;
}

/** A frame may come from another version: any value is shown, cut to a bounded length. */
function value(text: string): string {
  return String(text).slice(0, limits.valueLength);
}

/** Returns how the destination's bytes were verified. */
export function readbackText(readback: ReadbackMethod): string {
  switch (readback) {
    case 'direct':
      return 'read back past the cache';
    case 'cached':
      return 'read back (cache only)';
    case 'size':
      return 'only its size was compared';
    default:
      return unreachable(readback);
  }
}
