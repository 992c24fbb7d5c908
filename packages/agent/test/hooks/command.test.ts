import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hookCommand } from '../../src/hooks/command.ts';
import { limits } from '../../src/limits.ts';

const values = { event: 'attention', route: 'ingest', summary: 'a.mxf needs you', more: 0, at: '2026-11-28T00:00:00.000Z' } as const;

test('hookCommand: the values are whole arguments, the environment and JSON on standard input', () => {
  const command = hookCommand(['/bin/page', '--to', '{route}', '{summary}'], { ...values, more: 599 });
  const summary = 'ingest: a.mxf needs you; and 599 more';
  assert.equal(command?.args, ['--to', 'ingest', summary]);
  assert.equal(command?.env, {
    SLUICE_EVENT: 'attention',
    SLUICE_ROUTE: 'ingest',
    SLUICE_SUMMARY: summary,
    SLUICE_MORE: '599',
    SLUICE_AT: values.at,
  });
  assert.equal(JSON.parse(command?.input ?? ''), { v: 1, event: 'attention', route: 'ingest', summary, more: 599, at: values.at });
});

test('hookCommand: a file name is never part of a command, an option, a placeholder or a control sequence', () => {
  const summary = "-x {route} $& $' \u001b[2J\n'; id > h1x; '\u202e\0.mxf";
  const command = hookCommand(['/bin/sh', '-c', 'page {summary}', '{summary}'], { ...values, summary });
  assert.equal(command?.args, ['-c', 'page {summary}', "ingest: -x {route} $& $' ?[2J?'; id > h1x; '??.mxf"]);
  assert.is(command?.env['SLUICE_SUMMARY'], command?.args[2]);
  assert.is(command?.input.trim().includes('\n'), false);
});

test('hookCommand: a long name is cut, and no command is null', () => {
  const command = hookCommand(['/bin/page'], { ...values, summary: 'x'.repeat(100_000) });
  assert.is(command?.env['SLUICE_SUMMARY']?.length, limits.hookTextLength);
  assert.is(hookCommand([], values), null);
});

test.run();
