import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { takeNotifyEnvironment } from '../../src/service-manager/environment.ts';

const pid = 7;
const socket = '/run/systemd/notify';

/** The variables, and what they mean. */
const tables: readonly (readonly [what: string, env: Record<string, string>, taken: ReturnType<typeof takeNotifyEnvironment>])[] = [
  ['nothing', {}, null],
  ['no socket', { WATCHDOG_USEC: '3000000' }, null],
  ['a path', { NOTIFY_SOCKET: socket }, { socket, watchdogMs: null }],
  ['an abstract socket', { NOTIFY_SOCKET: '@x/y' }, { socket: '@x/y', watchdogMs: null }],
  ['an address that is none', { NOTIFY_SOCKET: 'run' }, null],
  ['a watchdog', { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '3000000' }, { socket, watchdogMs: 3_000 }],
  ['a watchdog for this process', { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '3000000', WATCHDOG_PID: '7' }, { socket, watchdogMs: 3_000 }],
  ['a watchdog for another process', { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '3000000', WATCHDOG_PID: '8' }, { socket, watchdogMs: null }],
  ['a watchdog that is none', { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '0' }, { socket, watchdogMs: null }],
  ['a watchdog that is no number', { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '3s' }, { socket, watchdogMs: null }],
];

for (const [what, env, taken] of tables) {
  test(`takeNotifyEnvironment: ${what}`, () => {
    const own: Record<string, string | undefined> = { ...env, PATH: '/bin' };
    assert.equal(takeNotifyEnvironment(own, pid), taken);
    assert.equal(own, { PATH: '/bin' }, 'nobody inherits them');
  });
}

test.run();
