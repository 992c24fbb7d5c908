// real: it copies files
import { join } from 'node:path';
import type { RouteSettings } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CarrierFixture, carrierFixture, chunk, ids, orderFor, routeFor } from '../support/carrier-fixture.ts';
import { make } from '../support/files.ts';

/** Other settings of the route are in force from now on. */
function configure({ carrier, source, destination }: CarrierFixture, change: Partial<RouteSettings> = {}): void {
  carrier.receive({ kind: 'configure', route: { ...routeFor(source, destination), ...change } });
}

test('configure: another max_rate counts for the copy that runs', async () => {
  // It would take an hour.
  const fixture = await carrierFixture({ limits: { syncMs: 50 }, route: { maxRateBytesPerSecond: 1_000 } });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), 50 * chunk)) });
  await fixture.next('progress');
  configure(fixture);
  assert.is((await fixture.next('copied')).fingerprint.sizeBytes, 50 * chunk);
  await fixture.end();
});

test('configure: a row of the day counts in place of max_rate', async () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const rates = [{ fromMinute: 0, toMinute: 1_440, days, bytesPerSecond: null }];
  const fixture = await carrierFixture({ limits: { syncMs: 50 }, route: { maxRateBytesPerSecond: 1_000 } });
  fixture.carrier.receive({ kind: 'copy', order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), 50 * chunk)) });
  await fixture.next('progress');
  configure(fixture, { maxRateBytesPerSecond: 1_000, rates });
  await fixture.next('copied');
  await fixture.end();
});

test('configure: a growing copy that runs falls quiet by the new quiet_for', async () => {
  const { growing } = routeFor('', '');
  const fixture = await carrierFixture({ route: { growing: { ...growing, quietForMs: 3_600_000 } } });
  fixture.carrier.receive({
    kind: 'copy',
    order: orderFor('a.mov', await make(join(fixture.source, 'a.mov'), 4 * chunk), { growing: true }),
  });
  await fixture.next('progress');
  configure(fixture);
  await fixture.next('copied');
  await fixture.end();
});

test('configure: a copy that runs keeps how it is verified, and the next one has the new setting', async () => {
  const fixture = await carrierFixture({ route: { verify: 'size' } });
  for (const [name, readback] of [
    ['a.mov', 'size'],
    ['b.mov', 'direct'],
  ] as const) {
    fixture.carrier.receive({ kind: 'copy', order: orderFor(name, await make(join(fixture.source, name), 4 * chunk)) });
    await fixture.next('copied');
    configure(fixture);
    fixture.carrier.receive({ kind: 'read_back', ...ids });
    const { readback: done } = await fixture.next('verified');
    assert.is(done === 'size', readback === 'size');
    fixture.carrier.receive({ kind: 'forget', route: ids.route, copyId: ids.copyId });
  }
  await fixture.end();
});

test.run();
