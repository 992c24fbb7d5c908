// timeout: 420s
import { join } from 'node:path';
import { execPath } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runProcess } from '../../scripts/run-process.ts';
import { executable } from './support.ts';

const house = join(import.meta.dirname, '../..');

// The main job, an outage, and the screen on a terminal, with the tests of the sources: these files run the program that SLUICE_EXE
// names.
for (const name of ['copy', 'recording', 'outage', 'screen-begin', 'screen-terminal']) {
  test(`the executable: tests/e2e/${name}`, async () => {
    const env = { SLUICE_EXE: await executable() };
    const file = join(house, 'tests/e2e', `${name}.test.ts`);
    const { code, output } = await runProcess(execPath, ['--disable-warning=ExperimentalWarning', file], {
      cwd: house,
      timeoutMs: 200_000,
      env,
    });
    assert.is(code, 0, output);
  });
}

test.run();
