// real: it writes files
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MetricsFile } from '../../src/metrics/file.ts';

const text = '# HELP sluice_up 1\n# TYPE sluice_up gauge\nsluice_up 1\n';

/** Writes once. @returns what was logged */
async function write(path: string): Promise<string[]> {
  const logged: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let sets = 0;
  const makeTimer = (fire: () => void) => ({
    set(): void {
      sets += 1;
      if (sets === 1) fire();
      else resolve();
    },
    clear(): void {},
  });
  const file = new MetricsFile({ path, text: () => text, clock: { monotonic: () => 0 }, makeTimer, log: (_, line) => logged.push(line) });
  await promise;
  file.end();
  return logged;
}

test('MetricsFile: writes a new file, and replaces an empty one and one that it wrote', async () => {
  const path = join(temporaryFolder('metrics'), 'sluice.prom');
  for (const before of [null, '', '# HELP sluice_other old\n']) {
    if (before !== null) writeFileSync(path, before);
    assert.equal(await write(path), []);
    assert.is(readFileSync(path, 'utf8'), text);
  }
});

test('MetricsFile: leaves any other file, and a folder, as it is', async () => {
  const folder = temporaryFolder('metrics');
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'a.mov'), 'the only copy');
  writeFileSync(join(folder, 'short'), '#');
  for (const name of ['a.mov', 'short', 'sub']) {
    const logged = await write(join(folder, name));
    assert.is(logged.length, 1);
    assert.match(logged[0] ?? '', /something other than such a file has that name; it stays as it is/);
  }
  assert.is(readFileSync(join(folder, 'a.mov'), 'utf8'), 'the only copy');
  assert.equal(readdirSync(folder), ['a.mov', 'short', 'sub']);
});

test.run();
