import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { probeOnce } from '../../src/prober/probe.ts';
import { routeFor } from '../support/carrier-fixture.ts';

for (const [whose, numbers] of [
  ['of one prober', [1, 2]],
  ['of two probers', [1, 1]],
] as const) {
  test(`probeOnce: questions ${whose} that overlap all say that the destination answers`, () => overlap(numbers));
}

async function overlap(numbers: readonly number[]): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-probe-'));
  const question = {
    route: { ...routeFor('', root), guard: 'none' as const },
    agentId: '0a0b0c0d',
    mayHaveLeftovers: false,
    expectedMarker: null,
    plainFolderMeant: false,
    writes: true,
  };
  try {
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(numbers.map((number) => probeOnce({ ...question, number, mayGoOn: () => true })));
      assert.equal(
        answers.map((answer) => (answer.kind === 'bad' ? answer.code : answer.kind)),
        ['good', 'good'],
      );
    }
    assert.equal(await readdir(root), []);
  } finally {
    await rm(root, { recursive: true });
  }
}

test.run();
