import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { lives } from '../../bed/children.ts';
import { until } from '../../bed/wait.ts';
import { type Debian, type Ended, makeDebian, whyNoDebian } from './debian-bed.ts';

/** A machine whose PID 1 is systemd. */
export interface Machine {
  /** Returns a path in the machine, with what is mounted there, for this process. The machine has to run. */
  at(path: string): string;
  /** Runs a line of shell in it, as root or as another user, with an environment as after a login. */
  run(line: string, user?: string): Ended;
  /** Ends the machine from outside. Its disks keep their content for the next boot. */
  powerOff(): Promise<void>;
  boot(): Promise<void>;
  remove(): Promise<void>;
}

const packages = ['systemd', 'systemd-sysv', 'dbus', 'dbus-user-session', 'libpam-systemd', 'acl'];
const bootScript = join(import.meta.dirname, 'boot-systemd.sh');
const commandDeadlineMs = 90_000;
const bootDeadlineMs = 60_000;

/** Debian 11 with systemd, booted. @returns why it is not possible, in words */
export async function makeMachine(): Promise<Machine | string> {
  const why = whyNoDebian();
  if (why !== null) return why;
  const cgroups = ownCgroup();
  if (cgroups === null) return 'this machine has no cgroup2';
  const debian = await makeDebian();
  if (typeof debian === 'string') return debian;
  const failure = addSystemd(debian);
  if (failure === null) {
    const machine = machineOf(debian, cgroups);
    try {
      await machine.boot();
      return machine;
    } catch (error) {
      await machine.remove();
      throw error;
    }
  }
  await debian.remove();
  return failure;
}

function addSystemd({ root, folder, outside, inside }: Debian): string | null {
  outside('cp', '/etc/resolv.conf', `${folder}/etc/resolv.conf`);
  outside('mount', '-t', 'proc', 'proc', `${folder}/proc`);
  const apt = (...words: readonly string[]): boolean =>
    inside('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...words).status === 0;
  const isThere = apt('update') && apt('install', '--yes', '--no-install-recommends', ...packages);
  apt('clean');
  outside('umount', `${folder}/proc`);
  writeFileSync(join(root, 'etc/hostname'), 'recorder\n');
  return isThere ? null : 'the mirror of this machine does not have systemd for it';
}

/** Capabilities that would affect the kernel of all are taken from it. */
const without = '-sys_module,-sys_time,-syslog,-audit_control,-audit_read';
const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'];

function machineOf(debian: Debian, cgroups: string): Machine {
  const cgroup = join(cgroups, `sluice-test-${process.pid}`);
  let outer: ChildProcess | null = null;
  let init = 0;

  const run = (line: string, user = 'root'): Ended => {
    const home = user === 'root' ? '/root' : `/home/${user}`;
    const environment = ['env', '-i', `HOME=${home}`, 'LANG=C.UTF-8', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
    const words = [...environment, 'sh', '-c', `cd && ${user === 'root' ? '' : 'export XDG_RUNTIME_DIR=/run/user/$(id -u) && '}${line}`];
    const entering = ['-a', '-t', String(init), ...(user === 'root' ? [] : ['runuser', '-u', user, '--']), ...words];
    return spawnSync('nsenter', entering, { encoding: 'utf8', timeout: commandDeadlineMs, maxBuffer: 1 << 26 });
  };

  const ended = async (how: () => void): Promise<void> => {
    if (outer === null) return;
    const gone = outer.exitCode === null && outer.signalCode === null ? once(outer, 'exit') : null;
    how();
    await gone;
    await until(async () => init === 0 || !(await lives(init)), bootDeadlineMs);
    [outer, init] = [null, 0];
    await until(() => removeCgroup(cgroup), bootDeadlineMs);
  };

  return {
    at: (path) => join(`/proc/${init}/root`, path),
    run,
    async boot() {
      sweepCgroups(cgroups);
      mkdirSync(cgroup, { recursive: true });
      const unshared = ['unshare', ...namespaces, '--fork', '--kill-child', 'sh', bootScript, debian.folder];
      const words = ['--pdeathsig', 'KILL', '--bounding-set', without, 'nsenter', '-m', '-t', String(debian.holder), ...unshared];
      // It enters its cgroup before it makes the visible root its own root.
      const script = 'echo $$ >"$0/cgroup.procs" && exec setpriv "$@"';
      const child = spawn('sh', ['-c', script, cgroup, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
      outer = child;
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const isUp = (): boolean => {
        if (child.exitCode !== null) throw new Error(`the machine ended while it was booted: ${said}`);
        init = childOf(child.pid ?? 0);
        return init !== 0 && /^(?:running|degraded)$/m.test(run('systemctl is-system-running').stdout);
      };
      await until(isUp, bootDeadlineMs, () => run('systemctl list-jobs; systemctl --failed; journalctl -n 50 --no-pager').stdout);
    },
    powerOff: () => ended(() => void run('systemctl poweroff')),
    async remove() {
      await ended(() => void outer?.kill('SIGKILL'));
      await debian.remove();
    },
  };
}

/** @returns 0 if there is none yet. Format: proc_pid_children(5). */
function childOf(pid: number): number {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? Number(readFileSync(path, 'utf8').trim().split(' ')[0]) : 0;
}

/** Returns this process's folder among the cgroups of version 2. Formats: proc(5), cgroups(7). */
function ownCgroup(): string | null {
  const [, mounted] = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/self/mounts', 'utf8')) ?? [];
  const [, path] = /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
  if (mounted === undefined || path === undefined) return null;
  const own = join(mounted, path);
  return existsSync(join(own, 'cgroup.procs')) ? own : null;
}

/** Removes the cgroups that a killed run left behind. */
function sweepCgroups(cgroups: string): void {
  const left = readdirSync(cgroups).filter((name) => /^sluice-test-\d+$/.test(name));
  for (const name of left.filter((each) => !isPopulated(join(cgroups, each)))) removeCgroup(join(cgroups, name));
}

function isPopulated(cgroup: string): boolean {
  return readFileSync(join(cgroup, 'cgroup.events'), 'utf8').includes('populated 1');
}

/** @returns false if a process still lives in it */
function removeCgroup(path: string): boolean {
  try {
    for (const { name } of readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
      removeCgroup(join(path, name));
    rmdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
