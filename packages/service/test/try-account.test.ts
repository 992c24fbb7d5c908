import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { adviceOf } from '../src/try-account.ts';

const route = (source: object, destination: object) =>
  JSON.stringify({
    ok: false,
    problems: [],
    routes: [
      { name: 'ingest', source: { path: '/ingest', ...source }, destination: { path: '/mnt/nas', text: 'refuses', ...destination } },
    ],
  });

test('adviceOf: names a folder that refuses, with a command that gives access', () => {
  const lines = adviceOf(route({ failure: 'EACCES' }, { kind: 'bad', code: 'EACCES' }), 'sluice');
  assert.equal(lines.length, 2);
  assert.match(
    lines[0] ?? '',
    /the source \/ingest cannot be read \(EACCES\): give sluice access with setfacl -R -m u:sluice:rX,d:u:sluice:rX "\/ingest"/,
  );
  assert.match(lines[1] ?? '', /\/mnt\/nas: refuses: give sluice access with setfacl -R -m u:sluice:rwX,d:u:sluice:rwX "\/mnt\/nas"/);
});

test('adviceOf: says nothing about rights for a folder that is missing or hangs, and does not access it', () => {
  const lines = adviceOf(route({ failure: null }, { kind: 'unanswered' }), 'sluice');
  assert.equal(lines, ['  ingest: /mnt/nas: refuses']);
});

test('adviceOf: is empty for good folders and for invalid output', () => {
  assert.equal(adviceOf(route({ failure: null }, { kind: 'good' }), 'sluice'), []);
  assert.equal(adviceOf('Killed', 'sluice'), []);
});

test.run();
