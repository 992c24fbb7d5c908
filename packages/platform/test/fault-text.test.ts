import { env } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { faultText } from '../src/fault-text.ts';

test('faultText: gives name and message, and the stack only if a developer asks for it', () => {
  const before = env['SLUICE_STACK'];
  delete env['SLUICE_STACK'];
  assert.is(faultText(new TypeError('planted')), 'TypeError: planted');
  assert.is(faultText('thrown'), 'thrown');
  env['SLUICE_STACK'] = '1';
  assert.match(faultText(new TypeError('planted')), /^TypeError: planted\n +at /u);
  delete env['SLUICE_STACK'];
  if (before !== undefined) env['SLUICE_STACK'] = before;
});

test.run();
