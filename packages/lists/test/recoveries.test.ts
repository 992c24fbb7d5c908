import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createIdMap } from '../src/order/id-map.ts';
import { Recoveries, type RecoveryEntry } from '../src/recoveries.ts';
import { idOf, listed } from './test-catalogue.ts';

test('Recoveries: dropping an older recovery of an original keeps the link to the newer one', () => {
  const recoveries = new Recoveries(createIdMap<RecoveryEntry>(), () => 0);
  const [older, newer] = [2, 3].map((number) => listed(number, 'READY', { recoveryOf: idOf(1) }));
  recoveries.link(undefined, older);
  recoveries.link(undefined, newer);
  recoveries.link(older, undefined);
  assert.is(recoveries.idOf(idOf(1)), idOf(3));
  recoveries.link(newer, undefined);
  assert.is(recoveries.idOf(idOf(1)), undefined);
});

test.run();
