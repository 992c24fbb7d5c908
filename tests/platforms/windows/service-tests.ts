import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { test as register } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../../bed/wait.ts';
import { agentOf, logOf, serviceState, type WindowsMachine } from './service.ts';

const [program, hostProgram] = ['C:\\Program Files\\Sluice\\sluice.exe', 'C:\\Program Files\\Sluice\\sluice-service.exe'] as const;
const withinMs = 30_000;
const serviceKey = 'HKLM\\System\\CurrentControlSet\\Services\\Sluice';

/**
 * Registers tests of a Windows service from its installation to its end, with the service control manager of Wine. Wine has no
 * accounts and rights, and does not notice that a service's process was killed. What depends on these is tested only in the tables
 * of the plan.
 * @param machine null, after printing why, if there is none
 */
export function windowsServiceTests(test: typeof register, machine: (what: string) => WindowsMachine | null): void {
  const onWindows = (name: string, body: (machine: WindowsMachine) => Promise<void> | void): void =>
    test(`win-x64: service: ${name}`, async () => {
      const found = machine(`service: ${name}`);
      if (found !== null) await body(found);
    });

  onWindows('a program that other users could replace is not installed', (windows) => {
    windows.configure();
    const { code, stderr } = windows.windows(join(windows.programFolder, '../../../../sluice.exe'), 'service', 'install');
    assert.is(code, 2, stderr);
    assert.match(stderr, 'other users can replace: put sluice.exe into C:\\Program Files\\Sluice');
    assert.is(serviceState(windows).state, null);
  });

  onWindows("a service of that name that is not Sluice's stays unchanged, and nothing is left behind", (windows) => {
    windows.windows('sc.exe', 'create', 'Sluice', 'binPath=', 'C:\\other.exe service');
    const { code, stderr } = windows.sluice('service', 'install');
    assert.is(code, 1, stderr);
    assert.match(stderr, 'is there already, and is not of this program: C:\\other.exe service');
    assert.equal(readdirSync(windows.programFolder), ['sluice.exe']);
    assert.is(serviceState(windows).state, 'STOPPED');
    windows.windows('sc.exe', 'delete', 'Sluice');
  });

  onWindows('install starts it, a file is copied, and status answers through it', async (windows) => {
    const { code, stdout, stderr } = windows.sluice('service', 'install');
    assert.is(code, 0, stderr);
    assert.match(
      stdout,
      /installed: C:\\Program Files\\Sluice\\sluice-service\.ini\n[^]*runs as NT SERVICE\\Sluice\. "check" ran as you, so it is not known whether that account may/,
    );
    assert.is(serviceState(windows).state, 'RUNNING');
    writeFileSync(join(windows.source, 'größe.mxf'), Buffer.alloc(300_000, 'recorded'));
    const carried = join(windows.destination, 'größe.mxf');
    await until(
      () => existsSync(carried) && windows.sluice('status').stdout.includes('everything is copied'),
      withinMs,
      () => 'a file is carried',
    );
    assert.equal(readFileSync(carried), Buffer.alloc(300_000, 'recorded'));
    const asked = windows.sluice('service', 'status');
    assert.is(asked.code, 0);
    assert.match(asked.stdout, 'it is running');
  });

  onWindows('sc stop ends the agent cleanly and the service with 0, and net start starts it', async (windows) => {
    windows.windows('sc.exe', 'stop', 'Sluice');
    await until(
      () => serviceState(windows).state === 'STOPPED',
      withinMs,
      () => 'it has stopped',
    );
    assert.equal(serviceState(windows), { state: 'STOPPED', windowsCode: 0, ownCode: 0 });
    assert.match(logOf(windows), 'stopping (graceful), requested by the end of standard input');
    assert.is(agentOf(windows), null);
    assert.is(windows.sluice('service', 'status').code, 1);
    assert.is(windows.windows('net.exe', 'start', 'Sluice').code, 0);
    await until(
      () => agentOf(windows) !== null,
      withinMs,
      () => 'its agent answers',
    );
  });

  onWindows('an agent that was killed is started again, and its children have ended', async (windows) => {
    const before = agentOf(windows) ?? 0;
    windows.endProcess(before);
    await until(
      () => ![null, before].includes(agentOf(windows)),
      withinMs,
      () => 'the next agent answers',
    );
    assert.is(serviceState(windows).state, 'RUNNING');
    // On a busy machine the process that was killed is listed until the system has ended all of its threads.
    await until(
      () => windows.running(`${program} run`) === 1,
      withinMs,
      () => 'only the next agent runs',
    );
    assert.is(windows.running(hostProgram), 1);
  });

  onWindows('install again while it runs applies the changes, and the agent keeps running', (windows) => {
    const before = agentOf(windows);
    const { code, stderr } = windows.sluice('service', 'install', '--user', 'NT AUTHORITY\\NetworkService');
    assert.is(code, 0, stderr);
    assert.match(readFileSync(join(windows.programFolder, 'sluice-service.ini'), 'utf16le'), 'account=NT AUTHORITY\\NetworkService');
    assert.match(windows.windows('reg.exe', 'query', serviceKey, '/v', 'ObjectName').stdout, 'NT AUTHORITY\\NetworkService');
    assert.is(agentOf(windows), before);
  });

  onWindows('restart --drain: another agent, in the same service', (windows) => {
    const before = agentOf(windows);
    const { code, stdout, stderr } = windows.sluice('restart', '--drain');
    assert.is(code, 0, stderr);
    assert.match(stdout, 'the service was restarted');
    assert.not(agentOf(windows) === before);
    assert.is(serviceState(windows).state, 'RUNNING');
  });

  onWindows('sluice stop ends the service with 0, and it is not started again', async (windows) => {
    assert.is(windows.sluice('stop').code, 0);
    await until(
      () => serviceState(windows).state === 'STOPPED',
      withinMs,
      () => 'it has stopped',
    );
    assert.is(serviceState(windows).windowsCode, 0);
  });

  onWindows('a mistake in the configuration ends it with 2 and a message, and it is not retried', async (windows) => {
    windows.configure('stabel_after = "1s"\n');
    windows.windows('sc.exe', 'start', 'Sluice');
    // ERROR_SERVICE_SPECIFIC_ERROR
    await until(
      () => serviceState(windows).windowsCode === 1066,
      withinMs,
      () => 'it has ended',
    );
    assert.equal(serviceState(windows), { state: 'STOPPED', windowsCode: 1066, ownCode: 2 });
    // The host that would start it again has ended.
    await until(
      () => windows.running(hostProgram) === 0,
      withinMs,
      () => 'its process is gone',
    );
    assert.match(windows.sluice('service', 'status').stdout, 'it is not running (it ended with 2: its configuration has a mistake');
  });

  onWindows('uninstall ends and removes it; configuration and journal stay', async (windows) => {
    windows.configure();
    assert.is(windows.sluice('start').code, 0);
    await until(
      () => agentOf(windows) !== null,
      withinMs,
      () => 'its agent answers',
    );
    const { code, stdout, stderr } = windows.sluice('service', 'uninstall');
    assert.is(code, 0, stderr);
    assert.match(stdout, 'removed: C:\\Program Files\\Sluice\\sluice-service.ini');
    assert.is(serviceState(windows).state, null);
    assert.equal(readdirSync(windows.programFolder), ['sluice.exe']);
    assert.ok(existsSync(join(windows.stateDir, 'journal.db')));
    assert.is(windows.sluice('service', 'uninstall').code, 1);
    windows.leave();
  });
}
