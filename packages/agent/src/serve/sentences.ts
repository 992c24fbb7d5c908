import type { JournalRecord, TransitionRecord } from '@sluice/core';
import type { Log } from '../log.ts';

/** Says in the log what was committed, in the operator's words. */
export function tellRecord(log: Log, record: JournalRecord): void {
  switch (record.kind) {
    case 'transition':
      tellTransition(log.forRoute(record.file.route), record);
      return;
    case 'gate': {
      const level = record.state === 'open' ? 'info' : 'warn';
      log.forRoute(record.route)[level](record.operator, { technical: record.technical, code: record.code });
      return;
    }
    case 'route_fact':
      if (record.key === 'source') tellSource(log, record.route, record.detail['state'], record.detail['code']);
      return;
    case 'file_fact':
      log.forRoute(record.file.route).debug(`${record.file.source}: ${record.event}`, { id: record.file.id });
  }
}

function tellTransition(log: Log, { file, event, from, to }: TransitionRecord): void {
  const named = file.destination === file.source ? file.source : `${file.source} (as ${file.destination})`;
  const fields = { id: file.id, from, to, event };
  switch (file.status) {
    case 'COMPLETED':
      log.info(file.copied ? `${named}: carried and verified` : `${named}: was there already`, fields);
      return;
    case 'FAILED':
      log.error(`${named}: ${file.error.operator}`, { ...fields, technical: file.error.technical });
      return;
    case 'REMOVED':
      log.warn(`${named}: gone from the source before it was carried`, fields);
      return;
    default:
      log.debug(`${named}: ${to} (${event})`, fields);
  }
}

function tellSource(log: Log, route: string, state: unknown, code: unknown): void {
  if (state === 'ok') log.forRoute(route).info('the source is there');
  else log.forRoute(route).error(`the source is ${String(state).replace('_', ' ')} (${String(code)}); nothing can be said about its files`);
}
