import type { Child } from '@sluice/child';
import { copyId } from '@sluice/core/model';
import type { CarrierCommand } from '@sluice/transport';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Carrier, Carriers } from '../../src/children/carriers.ts';
import { limits } from '../../src/limits.ts';

/** Processes that are only counted. Abandoned ones hang until a test says that they have ended. */
function setUp() {
  const started: Carrier[] = [];
  const abandoned: Carrier[] = [];
  const gone = new Set<Carrier>();
  const start = (): Carrier => {
    const child = {
      pid: started.length + 1,
      isGone: () => gone.has(carrier),
      abandon: () => void abandoned.push(carrier),
    } as unknown as Child<CarrierCommand>;
    const carrier: Carrier = { child, copies: new Set() };
    started.push(carrier);
    return carrier;
  };
  return { carriers: new Carriers({ start, target: () => '/mnt/nas#1', monotonic: () => 0 }), started, abandoned, gone };
}

function liveOf(carriers: Carriers): Carrier {
  const carrier = carriers.live();
  assert.ok(carrier !== null);
  return carrier;
}

test('Carriers: one process gets the new copies, started when it is first needed', () => {
  const { carriers, started } = setUp();
  assert.is(carriers.current, null);
  assert.is(liveOf(carriers), liveOf(carriers));
  assert.is(started.length, 1);
});

test('Carriers: a retired process keeps its copies, and another process gets the new ones', () => {
  const { carriers } = setUp();
  const first = liveOf(carriers);
  first.copies.add(copyId('1'));
  assert.ok(carriers.retire(first));
  const second = liveOf(carriers);
  second.copies.add(copyId('2'));
  assert.is.not(second, first);
  assert.is(carriers.holderOf(copyId('1')), first);
  assert.is(carriers.holderOf(copyId('2')), second);
  assert.is(carriers.holderOf(copyId('3')), null);
});

test('Carriers: only the current process is retired, up to a limit', () => {
  const { carriers } = setUp();
  const first = liveOf(carriers);
  assert.ok(carriers.retire(first));
  assert.not.ok(carriers.retire(first));
  for (let count = 1; count < limits.retiredCarriers; count += 1) assert.ok(carriers.retire(liveOf(carriers)));
  assert.not.ok(carriers.retire(liveOf(carriers)));
});

test('Carriers: a retired process is abandoned with its last copy, the current one is not', () => {
  const { carriers, abandoned } = setUp();
  const first = liveOf(carriers);
  carriers.abandonIdle(first);
  assert.equal(abandoned.length, 0);
  first.copies.add(copyId('1'));
  carriers.retire(first);
  carriers.abandonIdle(first);
  assert.equal(abandoned.length, 0);
  first.copies.clear();
  carriers.abandonIdle(first);
  assert.is(abandoned[0], first);
  assert.not.ok(carriers.has(first));
});

test('Carriers: no process is started while too many abandoned ones hang', () => {
  const { carriers, started, gone } = setUp();
  while (carriers.live() !== null) carriers.abandonAll();
  assert.is(started.length, 3);
  const [first] = started;
  if (first !== undefined) gone.add(first);
  assert.ok(carriers.live() !== null);
});

test('Carriers: abandonAll ends the retired processes first, then the current one', () => {
  const { carriers, started, abandoned } = setUp();
  carriers.retire(liveOf(carriers));
  carriers.live();
  carriers.abandonAll();
  assert.equal(
    abandoned.map(({ child }) => child.pid),
    started.map(({ child }) => child.pid),
  );
  assert.is(carriers.current, null);
});

test.run();
