import { type JournalRecord, restoreState } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Log } from '../../src/log/log.ts';
import { AgentAudience } from '../../src/serve/audience.ts';
import { settingsFor } from '../first-start.ts';

const route = routeName('a');
const gate: Extract<JournalRecord, { kind: 'gate' }> = {
  kind: 'gate',
  seq: 1,
  at: 0,
  route,
  event: {
    kind: 'gate_closed',
    destination: '/mnt/nas',
    cause: 'timeout',
    code: 'SILENT',
    finding: { kind: 'no_answer', deadlineMs: 10_000 },
  },
};
const sentence = 'log warn: the destination does not answer';
const settings = settingsFor([]);
const image = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };
const state = restoreState({ settings, image, untilIdle: false, at: 0, wall: 0 });

/** An audience, and where it showed what, in order. */
function fixture() {
  const shown: string[] = [];
  const says =
    (level: string) =>
    (text: string): void =>
      void shown.push(`log ${level}: ${text}`);
  const log: Log = {
    debug: says('debug'),
    info: says('info'),
    warn: says('warn'),
    error: says('error'),
    forRoute: () => log,
    close: () => undefined,
  };
  const audience = new AgentAudience({
    screens: { committed: (records) => void shown.push(`screens: ${records.length}`) },
    counters: { committed: (records) => void shown.push(`counters: ${records.length}`) },
    hooks: { committed: (_, records) => void shown.push(`hooks: ${records.length}`) },
    log,
    stall: {
      begin: (code, records) => void shown.push(`stall: ${code} ${records}`),
      over: (records) => void shown.push(`over: ${records}`),
    },
    onNote: ({ event }) => void shown.push(`note: ${event}`),
  });
  return {
    audience,
    shown,
    control: { publish: (topic: string, to: string, _make: () => unknown) => void shown.push(`client of ${to}: ${topic}`) },
  };
}

test('AgentAudience: a record is shown on the screens, in the log, to programs and to clients, in this order', () => {
  const { audience, shown, control } = fixture();
  audience.publishTo(control);
  audience.committed(state, [gate]);
  assert.equal(shown, ['screens: 1', 'counters: 1', 'hooks: 1', sentence, 'client of a: log', 'note: gate', 'client of a: gate']);
});

test('AgentAudience: before clients can connect, the other outputs get records', () => {
  const { audience, shown } = fixture();
  audience.committed(state, [gate]);
  assert.equal(shown, ['screens: 1', 'counters: 1', 'hooks: 1', sentence, 'note: gate']);
});

test('AgentAudience: a sentence for developers only goes to the log', () => {
  const { audience, shown, control } = fixture();
  audience.publishTo(control);
  const event = { kind: 'parts_to_remove', parts: ['.a.part'] } as const;
  audience.committed(state, [{ kind: 'route_fact', seq: 1, at: 0, route, key: 'note', event }]);
  assert.equal(shown, ['screens: 1', 'counters: 1', 'hooks: 1', 'log debug: removing 1 temporary files']);
});

test('AgentAudience: a journal that cannot be written, and can again, is reported', () => {
  const { audience, shown } = fixture();
  audience.stalled('SQLITE_FULL', 3);
  audience.resumed(3);
  assert.equal(shown, ['stall: SQLITE_FULL 3', 'over: 3']);
});

test.run();
