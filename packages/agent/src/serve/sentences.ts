import { type Detail, type JournalRecord, type RouteName, type TransitionRecord, timeText, unreachable } from '@sluice/core';
import type { Log, LogFields } from '../log/log.ts';

/** What happened, in a sentence for an operator. */
export interface Telling {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly route: RouteName;
  readonly text: string;
  readonly fields: LogFields;
}

/** Says in the log what was committed. @returns what was said */
export function tellRecord(log: Log, record: JournalRecord): Telling {
  const telling = tellingOf(record);
  log.forRoute(telling.route)[telling.level](telling.text, telling.fields);
  return telling;
}

/** A committed record in the operator's words. */
export function tellingOf(record: JournalRecord): Telling {
  switch (record.kind) {
    case 'transition':
      return { route: record.file.route, ...ofTransition(record) };
    case 'gate': {
      const level = record.state === 'open' ? 'info' : 'warn';
      return { level, route: record.route, text: record.operator, fields: { technical: record.technical, code: record.code } };
    }
    case 'route_fact':
      return { route: record.route, ...ofRouteFact(record.event, record.detail), fields: {} };
    case 'file_fact':
      return { route: record.file.route, ...ofFileFact(record.event, record.detail, record.file.source), fields: { id: record.file.id } };
    default:
      return unreachable(record);
  }
}

function ofTransition({ file, event, from, to }: TransitionRecord): Omit<Telling, 'route'> {
  const named = file.destination === file.source ? file.source : `${file.source} (as ${file.destination})`;
  const fields = { id: file.id, from, to, event };
  const debug = { level: 'debug', text: `${named}: ${to} (${event})`, fields } as const;
  // The record may be an old one, and the file a newer one: only what it is still is told in its own words.
  if (file.status !== to) return debug;
  switch (file.status) {
    case 'COMPLETED':
      return { level: 'info', text: file.copied ? `${named}: carried and verified` : `${named}: was there already`, fields };
    case 'FAILED':
      return { level: 'error', text: `${named}: ${file.error.operator}`, fields: { ...fields, technical: file.error.technical } };
    case 'REMOVED':
      return { level: 'warn', text: `${named}: gone from the source before it was carried`, fields };
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

function ofRouteFact(event: string, detail: Detail): Pick<Telling, 'level' | 'text'> {
  const because = becauseOf(detail);
  const by = textOf(detail['by']);
  switch (event) {
    case 'source ok':
      return { level: 'info', text: 'the source is there' };
    case 'source unreadable':
      if (typeof detail['path'] === 'string') return { level: 'error', text: unreadText(detail['path'], textOf(detail['code'])) };
      return { level: 'error', text: `the source cannot be read (${textOf(detail['code'])}); nothing can be said about its files` };
    case 'source missing':
    case 'source silent':
      return {
        level: 'error',
        text: `the ${event.replace('_', ' ')} (${textOf(detail['code'])}); nothing can be said about its files`,
      };
    case 'source suddenly_empty':
      return {
        level: 'error',
        text: 'the source is suddenly empty, or another disk lies there; nothing is removed. Was it cleared? sluice rescan says so',
      };
    case 'source is listed only':
      return { level: 'warn', text: `the system has no watches left (${textOf(detail['code'])}): new files are found by listing only` };
    case 'held': {
      const until = typeof detail['until'] === 'number' ? ` until ${timeText(detail['until'])}` : '';
      return { level: 'warn', text: `held${until} by ${by}${because}` };
    }
    case 'released':
      return { level: 'info', text: `released by ${by}${because}` };
    case 'destination adopted':
      return { level: 'warn', text: `${by} said that what is found there is the destination${because}` };
    case 'rescan asked':
      return { level: 'info', text: `the source is listed anew, as ${by} wants it${because}` };
    default:
      return { level: 'debug', text: event };
  }
}

function unreadText(path: string, code: string): string {
  const meanwhile = 'what else is there is carried, but nothing is taken for removed, and Sluice is never idle';
  return `${path} in the source cannot be read (${code}): ${meanwhile}; let Sluice read it, or exclude it`;
}

function becauseOf(detail: Detail): string {
  const { reason } = detail;
  return typeof reason === 'string' && reason !== '' ? `: ${reason}` : '';
}

function textOf(value: Detail[string] | undefined): string {
  return typeof value === 'string' ? value : 'unknown';
}

const asked = /^\w+ asked$/;
const late = /^(\w+) came too late$/;

function ofFileFact(event: string, detail: Detail, source: string): Pick<Telling, 'level' | 'text'> {
  const by = textOf(detail['by']);
  const what = late.exec(event)?.[1];
  if (what !== undefined) return { level: 'warn', text: `${source}: ${what} by ${by} came too late: ${textOf(detail['why'])}` };
  if (!asked.test(event)) return { level: 'debug', text: `${source}: ${event}` };
  return { level: 'info', text: `${source}: ${event} by ${by}${becauseOf(detail)}` };
}
