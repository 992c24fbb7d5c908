// real: starts and kills processes
import process from 'node:process';
import { identifyProcess, isStillRunning, type ProcessIdentity } from '@sluice/platform';
import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import { endEarlierLife } from '../src/earlier-children.ts';
import { start } from './support/start.ts';

const life = process.platform === 'linux' ? test : suite('not Linux');

async function running(): Promise<{ identity: ProcessIdentity; gone: Promise<void>; kill(): void }> {
  const { child, next, gone } = start<string>('busy', null);
  await next();
  assert.ok(child.identity);
  return { identity: child.identity, gone, kill: () => child.kill() };
}

life('identifyProcess: this process, and none', () => {
  const own = identifyProcess(process.pid);
  assert.ok(own);
  assert.ok(isStillRunning(own));
  assert.equal(JSON.parse(JSON.stringify(own)), own);
  assert.is(identifyProcess(0), null);
  assert.is(identifyProcess(2 ** 30), null);
});

life('endEarlierLife: ends exactly what was written down', async () => {
  const [mine, other] = [await running(), await running()];
  const { ended, stillThere } = await endEarlierLife([{ ...mine.identity, kind: 'carrier' }]);
  assert.equal(ended, [{ ...mine.identity, kind: 'carrier' }]);
  assert.equal(stillThere, []);
  await mine.gone;
  assert.ok(isStillRunning(other.identity));
  other.kill();
  await other.gone;
});

life('endEarlierLife: a number that was given to another process is let be', async () => {
  const { identity, gone, kill } = await running();
  const strangers = [
    { ...identity, startTime: '1' },
    { ...identity, bootId: 'another boot' },
  ];
  const { ended, stillThere } = await endEarlierLife(strangers);
  assert.equal([ended, stillThere], [strangers, []]);
  assert.ok(isStillRunning(identity));
  kill();
  await gone;
});

life('endEarlierLife: the wait for one that does not end is bounded', async () => {
  const { identity, gone, kill } = await running();
  const hanging = { ...identity };
  assert.equal(await endEarlierLife([hanging], 50, () => {}), { ended: [], stillThere: [hanging] });
  kill();
  await gone;
});

test.run();
