import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { doneCommand, hookCommand, probeCommand } from '../../src/hooks/command.ts';
import { limits } from '../../src/limits.ts';

const at = '2026-11-28T00:00:00.000Z';
const values = {
  event: 'attention',
  route: 'ingest',
  summary: 'ingest: a.mxf needs you',
  more: 0,
  at,
  begun: 1,
  over: 0,
  conditions: [],
} as const;

test('hookCommand: the values are whole arguments, the environment and JSON on standard input', () => {
  const condition = {
    route: 'ingest',
    kind: 'files_need_you',
    state: 'begun',
    at,
    count: 1,
    text: 'x',
    remedy: 'y',
    files: ['a'],
  } as const;
  const called = { ...values, more: 599, begun: 600, conditions: [condition] };
  const command = hookCommand(['/bin/page', '--to', '{route}', '{summary}'], called);
  assert.equal(command?.args, ['--to', 'ingest', values.summary]);
  assert.equal(command?.env, {
    SLUICE_EVENT: 'attention',
    SLUICE_ROUTE: 'ingest',
    SLUICE_SUMMARY: values.summary,
    SLUICE_MORE: '599',
    SLUICE_AT: at,
    SLUICE_BEGUN: '600',
    SLUICE_OVER: '0',
  });
  assert.equal(JSON.parse(command?.input ?? ''), { v: 1, ...called });
});

test('hookCommand: a file name is never part of a command, an option, a placeholder or a control sequence', () => {
  const summary = "ingest: -x {route} $& $' \u001b[2J\n'; id > h1x; '\u202e\0.mxf";
  const condition = {
    route: 'ingest',
    kind: 'files_lost',
    state: 'begun',
    at,
    count: 1,
    text: summary,
    remedy: '',
    files: [summary],
  } as const;
  const command = hookCommand(['/bin/sh', '-c', 'page {summary}', '{summary}'], { ...values, summary, conditions: [condition] });
  assert.equal(command?.args, ['-c', 'page {summary}', "ingest: -x {route} $& $' ?[2J?'; id > h1x; '??.mxf"]);
  assert.is(command?.env['SLUICE_SUMMARY'], command?.args[2]);
  assert.is(command?.input.trim().includes('\n'), false);
  const [shown] = JSON.parse(command?.input ?? '').conditions;
  assert.equal([shown.text, shown.files], [command?.args[2], [summary]]);
});

test('hookCommand: a long name is cut, and no command is null', () => {
  const command = hookCommand(['/bin/page'], { ...values, summary: 'x'.repeat(100_000) });
  assert.is(command?.env['SLUICE_SUMMARY']?.length, limits.hookTextLength);
  assert.is(hookCommand([], values), null);
});

test('probeCommand: the values are whole arguments, environment variables and JSON on standard input', () => {
  const command = probeCommand(['mount', '{destination}', '{summary}'], {
    event: 'before_probe',
    route: 'ingest',
    destination: '/mnt/n',
    at,
  });
  assert.equal(command?.args, ['/mnt/n', '{summary}']);
  assert.is(command?.env['SLUICE_DESTINATION'], '/mnt/n');
  assert.equal(JSON.parse(command?.input ?? ''), { v: 1, event: 'before_probe', route: 'ingest', destination: '/mnt/n', at });
});

test('doneCommand: standard input has a line for each file', () => {
  const command = doneCommand(['index'], ['{"a":1}', '{"a":2}'], at);
  assert.is(command?.input, '{"a":1}\n{"a":2}\n');
  assert.is(command?.env['SLUICE_COUNT'], '2');
});

test.run();
