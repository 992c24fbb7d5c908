import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorKind, errorKinds } from '../../src/model/fault.ts';

/** The compiler requires exactly the known kinds here. */
const all: Readonly<Record<ErrorKind, true>> = {
  network_interruption: true,
  destination_full: true,
  destination_denied: true,
  destination_error: true,
  source_unreadable: true,
  source_changed: true,
  checksum_mismatch: true,
  agent_stopped: true,
  skipped: true,
};

test('errorKinds: every kind, once', () => {
  assert.equal([...errorKinds].sort(), Object.keys(all).sort());
});

test.run();
