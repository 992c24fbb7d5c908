import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type GateCause, gateCauses } from '../../src/model/probe.ts';

/** The compiler wants every cause here, and nothing else. */
const all: Readonly<Record<GateCause, true>> = {
  unknown: true,
  timeout: true,
  unreachable: true,
  not_the_destination: true,
  read_only: true,
  denied: true,
  hung: true,
};

test('gateCauses: every cause that users are informed of, once', () => {
  assert.equal([...gateCauses].sort(), Object.keys(all).sort());
});

test.run();
