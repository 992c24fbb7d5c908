import type { Child } from '@sluice/child';
import { routeSettings } from '@sluice/core/fixtures';
import { type CopyOrder, copyId, fileId, type RouteSettings } from '@sluice/core/model';
import type { CarrierCommand } from '@sluice/transport';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { type Carrier, Carriers } from '../../src/children/carriers.ts';
import { limits } from '../../src/limits.ts';

/** Processes that are only counted. Abandoned ones hang until a test says that they have ended. */
function setUp() {
  const clock = { at: 0 };
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
  return { carriers: new Carriers({ start, target: () => '/mnt/nas#1', monotonic: () => clock.at }), started, abandoned, gone, clock };
}

const route = routeSettings({});

function orderOf(id: string, more: Partial<CopyOrder> = {}): CopyOrder {
  return {
    route: route.name,
    fileId: fileId(id),
    copyId: copyId(id),
    source: 'day/a.xml',
    sourceIdentity: null,
    destination: 'a.xml',
    part: '.a.xml.1.part',
    growing: false,
    expected: { sizeBytes: 4_096, mtimeNs: '1' },
    mode: 0o644,
    compare: false,
    removeFirst: [],
    mount: { path: '/out', mountId: 1 },
    ...more,
  };
}

/** Chooses a process for so many copies, and gives them to it. */
function begin(carriers: Carriers, count: number, more: Partial<CopyOrder> = {}, settings: RouteSettings = route): readonly Carrier[] {
  return Array.from({ length: count }, (_, index) => {
    const carrier = carriers.forCopy(orderOf(`${index}`, more), settings);
    assert.ok(carrier !== null);
    carrier.copies.add(copyId(`${carrier.child.pid}-${carrier.copies.size}`));
    return carrier;
  });
}

function beginMany({ carriers, clock }: Pick<ReturnType<typeof setUp>, 'carriers' | 'clock'>): void {
  begin(carriers, limits.copiesOfOne + 1);
  clock.at += limits.secondCarrierAfterMs;
}

/** Returns carriers of disks of this machine, the first of which has had many copies for a while. */
function setUpBusy() {
  const at = setUp();
  at.carriers.noteDisks(true);
  beginMany(at);
  return at;
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

test('Carriers: a second process takes small files when the first has many copies, until it has as many', () => {
  const { carriers, started } = setUpBusy();
  assert.is(started.length, 1);
  begin(carriers, 2 * limits.copiesOfOne);
  assert.is(started.length, 2);
  const [first, second] = started.map(({ copies }) => copies.size);
  assert.is((first ?? 0) + (second ?? 0), 3 * limits.copiesOfOne + 1);
  assert.ok(Math.abs((first ?? 0) - (second ?? 0)) <= 1);
  assert.equal(carriers.all(), carriers.working());
});

test('Carriers: a large file and a recording go to the first process', () => {
  const { carriers, started } = setUpBusy();
  const large = { expected: { sizeBytes: limits.secondCarrierBytes + 1, mtimeNs: '1' } };
  for (const more of [large, { growing: true }]) begin(carriers, 1, more);
  assert.is(started.length, 1);
  begin(carriers, 1);
  assert.is(started.length, 2);
});

test('Carriers: with a rate limit there is no second process', () => {
  const limited = [routeSettings({ maxRateBytesPerSecond: 1_000_000 }), routeSettings({ rates: [{} as RouteSettings['rates'][number]] })];
  for (const settings of limited) {
    const { carriers, started } = setUpBusy();
    begin(carriers, 5, {}, settings);
    assert.is(started.length, 1);
  }
});

test('Carriers: there is no second process on a share, or on disks that are not known any more', () => {
  const at = setUpBusy();
  at.carriers.noteDisks(false);
  begin(at.carriers, 5);
  assert.is(at.started.length, 1);
  at.carriers.noteDisks(true);
  at.carriers.abandonAll();
  beginMany(at);
  begin(at.carriers, 5);
  assert.is(at.started.length, 2);
});

test('Carriers: a copy for which a folder may have to be created goes to the first process', () => {
  const { carriers, started } = setUpBusy();
  const chosen = (id: string, destination: string): Carrier | null => carriers.forCopy(orderOf(id, { destination }), route);
  const [first] = started;
  assert.is(chosen('x', 'day/one/x.xml'), first);
  assert.is(chosen('y', 'day/one/y.xml'), first);
  carriers.noteCreated(copyId('x'));
  assert.is(chosen('z', 'day/two/z.xml'), first);
  assert.is(started.length, 1);
  assert.is(chosen('w', 'day/one/w.xml')?.child.pid, 2);
});

test('Carriers: a new first process has to say again that the disks are those of this machine', () => {
  for (const end of ['abandon', 'retire'] as const) {
    const at = setUpBusy();
    at.carriers[end](liveOf(at.carriers));
    beginMany(at);
    begin(at.carriers, 5);
    assert.is(at.started.length, 2, end);
    at.carriers.noteDisks(true);
    begin(at.carriers, 1);
    assert.is(at.started.length, 3, end);
  }
});

test('Carriers: a burst of copies does not start a second process', () => {
  const { carriers, started, clock } = setUp();
  carriers.noteDisks(true);
  begin(carriers, 3 * limits.copiesOfOne);
  clock.at = limits.secondCarrierAfterMs - 1;
  begin(carriers, 1);
  started[0]?.copies.clear();
  begin(carriers, 1);
  clock.at = 2 * limits.secondCarrierAfterMs;
  begin(carriers, limits.copiesOfOne);
  assert.is(started.length, 1);
});

test('Carriers: a second process without copies ends after a while', () => {
  const { carriers, started, abandoned, clock } = setUpBusy();
  begin(carriers, 1);
  const [, second] = started;
  clock.at += limits.secondCarrierIdleMs;
  carriers.endUnused();
  assert.equal(abandoned, []);
  second?.copies.clear();
  clock.at += limits.secondCarrierIdleMs - 1;
  carriers.endUnused();
  assert.equal(abandoned, []);
  clock.at += 1;
  carriers.endUnused();
  assert.equal(abandoned, [second]);
  assert.equal(carriers.all(), [started[0]]);
});

test('Carriers: a second process with a call that hangs is retired, and the first continues', () => {
  const { carriers, started } = setUpBusy();
  begin(carriers, 1);
  const [first, second] = started;
  assert.ok(first !== undefined && second !== undefined);
  assert.ok(carriers.retire(second));
  assert.is(carriers.current, first);
  assert.is(carriers.holderOf(copyId('2-0')), second);
  begin(carriers, 1);
  assert.is(started.length, 3);
});

test.run();
