import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { groups } from '../../../scripts/test/groups.ts';
import { noVariables, Queue } from '../../../scripts/test/queue.ts';
import type { TestFile } from '../../../scripts/test/test-file.ts';

const [group] = groups;
if (group === undefined) throw new Error('there is no group');
const fileOf = (path: string): TestFile => ({
  path,
  group,
  isAlone: false,
  isReal: true,
  needsOwnProcess: false,
  timeoutMs: 1_000,
});
const files = ['packed-a', 'plain-a', 'packed-b', 'plain-b'].map(fileOf);
const areNeededBy = ({ path }: TestFile): boolean => path.startsWith('packed');
const taken = async (queue: Queue): Promise<string | undefined> => (await queue.take())?.file.path;

test('Queue: without executables, the files in their order', async () => {
  const queue = new Queue(files, null);
  for (const { path } of files) assert.is(await taken(queue), path);
  assert.is(await queue.take(), null);
});

test('Queue: files whose executable is being built let the others pass, and then wait for it', async () => {
  const { promise, resolve } = Promise.withResolvers<Readonly<Record<string, string>>>();
  const queue = new Queue(files, { areNeededBy, built: promise });
  assert.equal([await taken(queue), await taken(queue)], ['plain-a', 'plain-b']);
  const waiting = [queue.take(), queue.take()];
  const variables = { SLUICE_EXECUTABLE: '/dist/sluice' };
  resolve(variables);
  const [first, second] = await Promise.all(waiting);
  assert.equal([first?.file.path, second?.file.path], ['packed-a', 'packed-b']);
  assert.is(first?.variables, variables);
  assert.is(second?.variables, variables, 'the same object: they can share a process');
  assert.is(await queue.take(), null);
});

test('Queue: as soon as the executable is built, the longest file is next, and the others get no path', async () => {
  const { promise, resolve } = Promise.withResolvers<Readonly<Record<string, string>>>();
  const queue = new Queue(files, { areNeededBy, built: promise });
  assert.is(await taken(queue), 'plain-a');
  resolve({ SLUICE_EXECUTABLE: '/dist/sluice' });
  await promise;
  assert.is(await taken(queue), 'packed-a');
  assert.is(await taken(queue), 'packed-b');
  assert.is((await queue.take())?.variables, noVariables);
});

test('Queue: if the executable cannot be built, its files say why, and the others run', async () => {
  const built = Promise.reject(new Error('no compiler'));
  const queue = new Queue(files, { areNeededBy, built });
  const troubles: (readonly [string, unknown])[] = [];
  for (let next = await queue.take(); next !== null; next = await queue.take()) troubles.push([next.file.path, next.trouble]);
  assert.equal(
    troubles.map(([path, trouble]) => [path, trouble instanceof Error ? trouble.message : trouble]),
    [
      ['plain-a', null],
      ['plain-b', null],
      ['packed-a', 'no compiler'],
      ['packed-b', 'no compiler'],
    ],
  );
});

test.run();
