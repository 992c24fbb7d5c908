import type { TimelineJson } from '@sluice/control';
import type { FileEvent } from '@sluice/core';
import { type ReadbackMethod, unreachable } from '@sluice/core/model';
import { copyNoteText } from '../failures/copy-note.ts';
import { refusalText } from '../failures/refusal.ts';
import { duration } from '../figures/duration.ts';
import { sizeText } from '../figures/figures.ts';
import { limits } from '../limits.ts';

/** The text of every kind of event. */
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
  same_bytes: () => 'its time changed, its bytes did not',
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
  asked: ({ action, by, reason }) => `${action} requested by ${value(by)}${quoted(reason)}`,
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
};

/** Returns the text of a timeline entry, of any version of the program: what cannot be read is shown by its kind. */
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

function id8(id: string): string {
  return value(id).slice(0, 8);
}

function names(what: string, list: readonly string[]): readonly string[] {
  return list.length === 0 ? [] : [`${what}: ${value(list.join(', '))}`];
}

function quoted(reason: string | null): string {
  return reason === null || reason === '' ? '' : ` ("${value(reason)}")`;
}

/** A frame may come from another version: whatever it holds is shown, in a bounded form. */
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
