import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sshOrigin } from '../src/requester.ts';

const connections: readonly (readonly [what: string, connection: string | undefined, origin: string | null])[] = [
  ['an IPv4 session', '192.0.2.7 50022 192.0.2.1 22', '192.0.2.7'],
  ['an IPv6 session', '2001:db8::7 50022 2001:db8::1 22', '2001:db8::7'],
  ['an IPv6 session of a link', 'fe80::7%eth0 50022 fe80::1%eth0 22', 'fe80::7%eth0'],
  ['no session', undefined, null],
  ['an empty variable', '', null],
  ['a name instead of an address', 'workstation 50022 192.0.2.1 22', null],
  ['an address alone', '192.0.2.7', null],
  ['a port that is none', '192.0.2.7 ssh 192.0.2.1 22', null],
  ['escape sequences', '\u001b[2J 50022 192.0.2.1 22', null],
];

for (const [what, connection, origin] of connections) {
  test(`sshOrigin: ${what}: ${origin ?? 'no address'}`, () => {
    assert.is(sshOrigin(connection), origin);
  });
}

test.run();
