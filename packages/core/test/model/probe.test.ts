import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type GateCause, gateCauses } from '../../src/model/probe.ts';

/** The compiler requires exactly the known causes here. */
const all: Readonly<Record<GateCause, true>> = {
  unknown: true,
  timeout: true,
  unreachable: true,
  not_the_destination: true,
  read_only: true,
  denied: true,
  hung: true,
};

test('gateCauses: every cause that is shown to users, once', () => {
  assert.equal([...gateCauses].sort(), Object.keys(all).sort());
});

test.run();
