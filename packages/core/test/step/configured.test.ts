import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { JournalRecord } from '../../src/messages/record.ts';
import type { RouteEvent } from '../../src/messages/route-event.ts';
import { routeName } from '../../src/model/ids.ts';
import type { StepResult } from '../../src/step/step.ts';
import { createTestCore, ingest, settingsOf } from '../support/test-core.ts';

const configuredBefore = (name: string, event: RouteEvent): Extract<JournalRecord, { kind: 'route_fact' }> => ({
  kind: 'route_fact',
  seq: 1,
  at: 0,
  route: routeName(name),
  key: 'settings',
  event,
});

const notesOf = ({ records }: StepResult): readonly (readonly [route: string, kind: string, changed: unknown])[] =>
  records.flatMap((record) => {
    if (record.kind !== 'route_fact') return [];
    const { event } = record;
    return [[record.route, event.kind, event.kind === 'configured' ? event.changed : null] as const];
  });

test('a journal without settings gets those of each route, once', () => {
  const core = createTestCore();
  assert.equal(notesOf(core.send({ kind: 'configured' })), [[ingest, 'configured', []]]);
  assert.equal(notesOf(core.send({ kind: 'configured' })), []);
});

test('settings that differ from those in the journal are recorded', () => {
  const settings = settingsOf({ stableAfterMs: 1, growing: { pollMs: 7 } });
  const core = createTestCore({ image: { routeFacts: [configuredBefore(ingest, { kind: 'configured', settings, changed: [] })] } });
  assert.equal(notesOf(core.send({ kind: 'configured' })), [[ingest, 'configured', ['stableAfterMs', 'growing']]]);
});

test('a route that is no longer configured is recorded once', () => {
  const settings = settingsOf({ name: routeName('old') });
  const core = createTestCore({ image: { routeFacts: [configuredBefore('old', { kind: 'configured', settings, changed: [] })] } });
  assert.equal(notesOf(core.send({ kind: 'configured' })), [
    ['old', 'unconfigured', null],
    [ingest, 'configured', []],
  ]);
  const gone = createTestCore({ image: { routeFacts: [configuredBefore('old', { kind: 'unconfigured' })] } });
  assert.equal(notesOf(gone.send({ kind: 'configured' })), [[ingest, 'configured', []]]);
});

test.run();
