// real: makes a pipe and a socket, and measures time and memory
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { list, pathsOf } from './support/list.ts';
import { makeSource, type Source } from './support/source.ts';

const test = suite<{ source: Source }>('listing on this machine');

test.before.each(async (context) => {
  context.source = await makeSource();
});
test.after.each(({ source }) => source.remove());

test('listSource: pipes and sockets are reported and never opened', async ({ source }) => {
  await source.write({ 'a.mov': 1 });
  execFileSync('mkfifo', [source.path('pipe.mov')]);
  const server = createServer().listen(source.path('socket.mov'));
  await new Promise((resolve) => server.once('listening', resolve));
  const left: string[] = [];
  const listing = await list(source, { onSeen: (seen) => void (seen.left?.rule === 'special' && left.push(seen.entry.path)) });
  server.close();
  assert.equal(pathsOf(listing), ['a.mov']);
  assert.equal(left.sort(), ['pipe.mov', 'socket.mov']);
});

test('listSource: 20,000 files in bounded memory', async ({ source }) => {
  const folders = Array.from({ length: 100 }, (_, index) => `d${index}`);
  for (const folder of folders) await mkdir(source.path(folder));
  source.fill(folders.flatMap((folder) => Array.from({ length: 200 }, (_, index) => `${folder}/clip-${index}.mov`)));
  const before = process.memoryUsage().rss;
  let most = 0;
  let calls = 0;
  const startedAt = performance.now();
  const listing = await list(source, {
    onCall: () => {
      if ((calls += 1) % 1_000 === 0) most = Math.max(most, process.memoryUsage().rss - before);
    },
  });
  assert.is(listing.entries.length, 20_000);
  // Each entry, each folder below the root to open it, and each folder to list it.
  assert.is(calls, 20_000 + 100 + 100 + 101);
  assert.ok(most < 120_000_000, `${most} bytes more while listing`);
  assert.ok(performance.now() - startedAt < 15_000);
});

test.run();
