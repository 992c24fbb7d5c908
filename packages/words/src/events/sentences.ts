import { type FileEvent, type GateEvent, type JournalRecord, type RouteEvent, timeText } from '@sluice/core';
import { type RouteName, type RouteTroubleName, unreachable } from '@sluice/core/model';
import { failureText } from '../failures/failure.ts';
import { findingText, foundBy } from '../failures/finding.ts';
import { refusalText } from '../failures/refusal.ts';
import { noRoomText } from '../failures/room.ts';
import { sourceAwayText } from '../failures/source.ts';
import { duration } from '../figures/duration.ts';
import { limits } from '../limits.ts';
import { pausingText } from '../states/pausing.ts';
import { renamedText } from '../states/renamed.ts';
import { selectionText } from '../states/selection.ts';
import { fileEventText } from './timeline.ts';

/** What happened, in a sentence for an operator. */
export interface Sentence {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly route: RouteName;
  readonly text: string;
  /** What the log keeps next to it. */
  readonly fields: Readonly<Record<string, string | null>>;
}

type Said = Pick<Sentence, 'level' | 'text'>;

/** Returns a record of the journal as a sentence. */
export function sentenceOf(record: JournalRecord): Sentence {
  switch (record.kind) {
    case 'transition':
      return { route: record.file.route, ...ofTransition(record) };
    case 'gate':
      return { route: record.route, ...ofGate(record.event) };
    case 'route_fact':
      return { route: record.route, ...ofRoute(record.event), fields: {} };
    case 'file_fact':
      return { route: record.file.route, ...ofFile(record.event, record.file.source), fields: { id: record.file.id } };
    default:
      return unreachable(record);
  }
}

function ofTransition({ file, event, from, to }: Extract<JournalRecord, { kind: 'transition' }>): Omit<Sentence, 'route'> {
  const named = file.destination === file.source ? file.source : `${file.source} (as ${file.destination})`;
  const fields = { id: file.id, from, to, event: event.kind };
  const debug = { level: 'debug', text: `${named}: ${to} (${fileEventText(event)})`, fields } as const;
  // The record may be an old one, and the file a newer one: only what it is still has a sentence.
  if (file.status !== to) return debug;
  switch (file.status) {
    case 'COMPLETED':
      return { level: 'info', text: `${named}: ${completedText(file.copied, event)}`, fields };
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

function completedText(wasCopied: boolean, event: FileEvent): string {
  if (event.kind === 'linked') return `its copy ${event.from} has this name too, compared and linked`;
  return wasCopied ? 'copied and verified' : 'the same bytes are already at the destination';
}

function ofGate(event: GateEvent): Omit<Sentence, 'route'> {
  const found = foundBy(event);
  const { operator, technical } = findingText(found);
  return { level: event.kind === 'gate_opened' ? 'info' : 'warn', text: operator, fields: { technical, code: found.code } };
}

function ofRoute(event: RouteEvent): Said {
  switch (event.kind) {
    case 'source_state':
      return ofSource(event);
    case 'source_not_watched':
      return { level: 'warn', text: `the system has no watches left (${event.code ?? 'unknown'}): Sluice finds new files by scans only` };
    case 'left_alone': {
      const isDoubtful = event.unmatched.some(({ setting }) => setting === 'include');
      return { level: isDoubtful ? 'warn' : 'info', text: selectionText(event) ?? 'nothing is left alone' };
    }
    case 'held': {
      const until = event.until === null ? '' : ` until ${timeText(event.until)}`;
      return { level: 'warn', text: `held${until} by ${event.by}${because(event.reason)}` };
    }
    case 'released':
      return { level: 'info', text: `released by ${event.by}${because(event.reason)}` };
    case 'hold_expired':
      return { level: 'info', text: 'released: the hold has expired' };
    case 'destination_adopted':
      return { level: 'warn', text: `${event.by} adopted the destination as it is now${because(event.reason)}` };
    case 'rescan_asked':
      return { level: 'info', text: `a new scan of the source was requested by ${event.by}${because(event.reason)}` };
    case 'renamed':
      return { level: 'info', text: renamedText(event) };
    case 'marker_intended':
      return { level: 'debug', text: `writing the marker of ${event.destination}` };
    case 'destination_known':
      return { level: 'debug', text: `the destination ${event.destination} is known by its marker` };
    case 'destination_forgotten':
      return { level: 'debug', text: `the marker of ${event.destination} is forgotten` };
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
    default:
      return { level: 'debug', text: kindOf(event) };
  }
}

function calledText(troubles: readonly RouteTroubleName[]): string {
  if (troubles.length === 0) return 'the trouble that a person was called for is over';
  return `a person was called for: ${troubles.map((name) => name.replaceAll('_', ' ')).join(', ')}`;
}

/** Of a kind that another version wrote. */
function kindOf(event: never): string {
  return (event as { kind: string }).kind.replaceAll('_', ' ');
}

function ofSource({ state, code, path }: Extract<RouteEvent, { kind: 'source_state' }>): Said {
  if (state === 'ok') return { level: 'info', text: 'the source is available' };
  return { level: 'error', text: sourceAwayText({ state, code, path }) };
}

function ofFile(event: FileEvent, source: string): Said {
  if (event.kind === 'asked') return { level: 'info', text: `${source}: ${event.action} requested by ${event.by}${because(event.reason)}` };
  if (event.kind === 'emptied') return { level: 'warn', text: `${source}: emptied at the source; the copy at the destination stays` };
  if (event.kind === 'paused') return { level: 'warn', text: pausingText({ source, count: 1, ...event }) };
  if (event.kind !== 'refused') return { level: 'debug', text: `${source}: ${fileEventText(event)}` };
  return { level: 'warn', text: `${source}: ${event.action} requested by ${event.by} came too late: ${refusalText(event.why)}` };
}

function because(reason: string | null): string {
  return reason === null || reason === '' ? '' : `: ${reason}`;
}
