import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { probeOnce } from '../../src/prober/probe.ts';
import { routeFor } from '../support/carrier-fixture.ts';

test('probeOnce: questions that overlap, because one was slow, all say that the destination answers', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sluice-probe-'));
  const question = {
    route: { ...routeFor('', root), guard: 'none' as const },
    agentId: '0a0b0c0d',
    expectedMarker: null,
    plainFolderMeant: false,
  };
  try {
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all([1, 2].map(() => probeOnce({ ...question, mayGoOn: () => true })));
      assert.equal(
        answers.map((answer) => (answer.kind === 'bad' ? answer.code : answer.kind)),
        ['good', 'good'],
      );
    }
    assert.equal(await readdir(root), []);
  } finally {
    await rm(root, { recursive: true });
  }
});

test.run();
