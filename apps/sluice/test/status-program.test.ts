import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sluiceCommand } from '../src/program.ts';
import { plainOptions } from '../src/status-program.ts';

/** Returns the options as the parser of the whole program reads them. */
async function asCommand(words: readonly string[]): Promise<unknown> {
  let options: unknown;
  const program = sluiceCommand(() => (...given) => {
    [options] = given;
    return Promise.resolve();
  });
  await program.parseAsync(['status', ...words], { from: 'user' });
  return options;
}

for (const words of [
  [],
  ['--json'],
  ['--check', '--json'],
  ['--metrics'],
  ['--state', '/srv/state'],
  ['--state', 'a', '--state', 'b'],
  ['-c', 'sluice.toml', '--check'],
  ['--config', 'sluice.toml'],
]) {
  test(`plainOptions: status ${words.join(' ')} is read as the whole program reads it`, async () =>
    assert.equal(plainOptions(words), await asCommand(words)));
}

for (const words of [['--help'], ['-h'], ['--state'], ['--state', '--json'], ['--state=x'], ['-cx'], ['ingest'], ['--jsn'], ['--', 'x']]) {
  test(`plainOptions: status ${words.join(' ')} is left to the whole program`, () => assert.is(plainOptions(words), null));
}

test.run();
