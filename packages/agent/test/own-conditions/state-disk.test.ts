import { createSimClock } from '@sluice/testkit';
import { conditionText } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/limits.ts';
import { StateDisk } from '../../src/own-conditions/state-disk.ts';

/** A watch over a disk whose room a test sets, and what it said and whom it called. */
function watching() {
  const clock = createSimClock();
  const said: string[] = [];
  const disk = { free: 1e12 as number | null, reads: 0 };
  const watch = new StateDisk({
    stateDir: '/var/lib/sluice',
    clock,
    makeTimer(fire) {
      let callOff = (): void => undefined;
      return {
        set(at) {
          callOff();
          callOff = clock.after(Math.max(0, at - clock.monotonic()), fire);
        },
        clear: () => callOff(),
      };
    },
    log: (level, text) => void said.push(`${level}: ${text}`),
    call: (condition) => void said.push(`call: ${conditionText(condition)}`),
    over: () => void said.push('over'),
    freeBytes: () => {
      disk.reads += 1;
      return Promise.resolve(disk.free);
    },
  });
  /** The room is read as often as that. */
  const reads = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      clock.runUntil(clock.monotonic() + limits.stateDiskEveryMs);
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { disk, reads, said, watch };
}

const text = 'the disk of the state folder /var/lib/sluice is nearly full: 199 MB free';

test('StateDisk: a disk with little room calls a person once, and is over when it has clearly more', async () => {
  const { disk, reads, said, watch } = watching();
  await reads(3);
  assert.equal([said, watch.view()], [[], null]);
  disk.free = limits.stateDiskLowBytes - 1_000_000;
  await reads(3);
  assert.equal(said, [`warn: ${text}`, `call: ${text}`]);
  assert.equal([watch.view()?.kind, watch.view()?.text, watch.view()?.called], ['state_disk_nearly_full', text, true]);
  disk.free = limits.stateDiskEnoughBytes - 1;
  await reads(3);
  assert.is(said.length, 2);
  disk.free = limits.stateDiskEnoughBytes;
  await reads(1);
  assert.equal(said.slice(2), ['info: the disk of the state folder has enough free room again', 'over']);
  assert.is(watch.view(), null);
});

test('StateDisk: a disk of which nothing is known changes nothing', async () => {
  const { disk, reads, said } = watching();
  disk.free = null;
  await reads(3);
  assert.equal(said, []);
});

test('StateDisk.end: the room is not read any more', async () => {
  const { disk, reads, watch } = watching();
  await reads(2);
  const before = disk.reads;
  watch.end();
  await reads(2);
  assert.is(disk.reads, before);
});

test.run();
