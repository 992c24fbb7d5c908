// real: waits for what the system reports of a folder
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRules } from '../src/rules/rules.ts';
import { type Watch, watchSource } from '../src/watch.ts';
import { makeSource, routeOf, type Source } from './support/source.ts';

interface Watched {
  readonly noticed: Set<string>;
  readonly calls: (readonly string[] | null)[];
  readonly exhausted: string[];
  readonly watch: Watch;
}

const test = suite<{ source: Source; watched: Watched[] }>('watch');

test.before.each(async (context) => {
  context.source = await makeSource();
  context.watched = [];
});
test.after.each(async ({ source, watched }) => {
  for (const { watch } of watched) watch.close();
  await source.remove();
});

/** Begins to watch, and waits until that works: until a file that keeps growing was noticed. */
async function begin({ source, watched }: { source: Source; watched: Watched[] }, exclude: readonly string[] = []): Promise<Watched> {
  const noticed = new Set<string>();
  const calls: (readonly string[] | null)[] = [];
  const exhausted: string[] = [];
  const watch = watchSource(
    source.root,
    createRules(routeOf(source.root, { exclude })),
    (paths) => {
      calls.push(paths);
      for (const path of paths ?? []) noticed.add(path);
    },
    (code) => void exhausted.push(code),
  );
  const one = { noticed, calls, exhausted, watch };
  watched.push(one);
  await until(async () => {
    await appendFile(source.path('beacon'), 'x');
    return noticed.has('beacon');
  });
  await rm(source.path('beacon'));
  return one;
}

async function until(claim: () => boolean | Promise<boolean>, picture: () => string = () => ''): Promise<void> {
  for (const deadline = performance.now() + 8_000; performance.now() < deadline; await pause(20)) if (await claim()) return;
  throw new Error(`it did not become so ${picture()}`);
}

/** Events come in order: after a later one, an earlier one would have come. */
async function sign(source: Source, { noticed }: Watched): Promise<void> {
  await writeFile(source.path('sign'), 'x');
  await until(() => noticed.has('sign'));
}

test('watchSource: files that appear, grow and disappear are noticed, also in folders that are created later', async (context) => {
  const { source } = context;
  await source.write({ 'day1/a.mov': 1, 'day1/b.mov': 1 });
  const watched = await begin(context);
  await appendFile(source.path('day1/a.mov'), 'x');
  await rm(source.path('day1/b.mov'));
  await source.write({ 'day2/x/c.mov': 1 });
  const expected = ['day1/a.mov', 'day1/b.mov', 'day2/x/c.mov'];
  await until(
    () => expected.every((path) => watched.noticed.has(path)),
    () => [...watched.noticed].join(),
  );
  await appendFile(source.path('day2/x/c.mov'), 'x');
  assert.not.ok([...watched.noticed].some((path) => path.startsWith('/') || path === ''));
});

test('watchSource: a renamed folder is noticed by its files under the new name', async (context) => {
  const { source } = context;
  await source.write({ 'day1/a.mov': 1 });
  const { noticed } = await begin(context);
  await rename(source.path('day1'), source.path('day2'));
  await until(
    () => noticed.has('day2/a.mov'),
    () => [...noticed].join(),
  );
});

test('watchSource: what the rules leave alone by its name or folder is not noticed', async (context) => {
  const { source } = context;
  await source.write({ '.hidden/a.mov': 1, 'proxy/b.mov': 1, '.c.mov.123.part': 1 });
  const watched = await begin(context, ['proxy/**']);
  await appendFile(source.path('.hidden/a.mov'), 'x');
  await appendFile(source.path('proxy/b.mov'), 'x');
  await appendFile(source.path('.c.mov.123.part'), 'x');
  await sign(source, watched);
  assert.equal([...watched.noticed].sort(), ['beacon', 'sign']);
});

test('watchSource: files from before it began are not noticed, because the listing finds them', async (context) => {
  const { source } = context;
  source.fill(Array.from({ length: 50 }, (_, index) => `${index}.mov`));
  const watched = await begin(context);
  await sign(source, watched);
  assert.equal([...watched.noticed].sort(), ['beacon', 'sign']);
});

test('watchSource: many simultaneous events are reported in few calls', async (context) => {
  const { source } = context;
  const watched = await begin(context);
  const before = watched.calls.length;
  source.fill(Array.from({ length: 300 }, (_, index) => `${index}.mov`));
  await until(() => watched.noticed.size >= 301);
  assert.ok(watched.calls.length - before <= 30, `${watched.calls.length - before} calls`);
});

test('watchSource: after its close nothing is noticed', async (context) => {
  const { source } = context;
  const watched = await begin(context);
  const other = await begin(context);
  watched.watch.close();
  watched.watch.close();
  watched.calls.length = 0;
  await mkdir(source.path('late'));
  await writeFile(source.path('late/a.mov'), 'x');
  await sign(source, other);
  assert.equal(watched.calls, []);
});

test.run();
