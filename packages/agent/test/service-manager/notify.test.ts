// real: it starts processes
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { temporaryFolder } from '@sluice/testkit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SystemdNotifier } from '../../src/service-manager/notify.ts';

const test = suite('SystemdNotifier');

/** A program that writes down its arguments and its environment, one line for each time it is run, when it may. */
function recorder(body = 'printf "%s;" "$NOTIFY_SOCKET" "$@" >> "$0.out"; printf "\\n" >> "$0.out"') {
  const folder = temporaryFolder('notify');
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\n${body}\n`);
  chmodSync(program, 0o755);
  const logged: string[] = [];
  const notifier = new SystemdNotifier({ socket: '/run/x', program, log: (text) => void logged.push(text) });
  const lines = (): string[] => (existsSync(`${program}.out`) ? readFileSync(`${program}.out`, 'utf8').trim().split('\n') : []);
  return { notifier, lines, logged };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let left = 2_000; !isSo(); left -= 1) {
    if (left === 0) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

if (process.platform !== 'win32') {
  test('changes of state are sent one at a time, and those that happen meanwhile are sent together', async () => {
    const { notifier, lines, logged } = recorder();
    notifier.ready();
    notifier.status('one');
    notifier.status('two\nlines');
    notifier.alive();
    notifier.stopping();
    notifier.status('three');
    await until(() => lines().length === 3);
    assert.equal(lines(), ['/run/x;READY=1;', '/run/x;STATUS=two?lines;WATCHDOG=1;', '/run/x;STOPPING=1;STATUS=three;']);
    assert.equal(logged, []);
  });

  test('a reload says when it began, by the clock of the system', async () => {
    const { notifier, lines } = recorder();
    const before = process.hrtime.bigint() / 1_000n;
    notifier.reloading();
    notifier.ready();
    await until(() => lines().length === 2);
    const [, microseconds = '0'] = /^\/run\/x;RELOADING=1;MONOTONIC_USEC=(\d+);$/.exec(lines()[0] ?? '') ?? [];
    assert.ok(BigInt(microseconds) >= before, lines()[0]);
    assert.is(lines()[1], '/run/x;READY=1;');
  });

  test('a program that fails is reported once, and tried again', async () => {
    const { notifier, lines, logged } = recorder('echo x >> "$0.out"; echo "no such thing" >&2; exit 1');
    for (let time = 1; time <= 3; time += 1) {
      notifier.alive();
      await until(() => lines().length === time);
    }
    await until(() => logged.length > 0);
    assert.equal(logged, ['systemd-notify failed (exit 1: no such thing): the service manager does not know the state of the agent']);
  });

  test('a missing program is reported once, and nothing waits for it', async () => {
    const logged: string[] = [];
    const notifier = new SystemdNotifier({ socket: '/run/x', program: '/nowhere/systemd-notify', log: (text) => void logged.push(text) });
    notifier.ready();
    await until(() => logged.length > 0);
    notifier.alive();
    notifier.stopping();
    assert.equal(logged, ['systemd-notify failed (it is not installed): the service manager does not know the state of the agent']);
  });
}

test.run();
