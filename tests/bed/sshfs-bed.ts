import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { abortMount, bedFolder, clearBed, isMounted, killAll, memoryFolder, pidsIn, whyNoBed } from './bed-folder.ts';
import { run } from './tool.ts';
import { until } from './wait.ts';

/** Documentation addresses (RFC 5737) in separate network namespaces: the machine's network is not touched. */
const server = '192.0.2.1';
const client = '192.0.2.2';

/** A real sshd and a real sshfs, with a network between them that fails when the test says so. */
export interface SshfsBed {
  /** Where sshfs is mounted. A test must not touch it while the network fails. */
  readonly path: string;
  /** The files of the server, in memory. */
  readonly served: string;
  /** Mounts. @param options of sshfs, such as `reconnect` */
  mount(options: readonly string[]): Promise<void>;
  unmount(): Promise<void>;
  /** Takes the link down: silent, as when a cable is pulled. */
  linkDown(): Promise<void>;
  /** Drops packets: silent, like a firewall that lost its state. */
  drop(): Promise<void>;
  /** Rejects packets: connections are reset. */
  reject(): Promise<void>;
  /** Limits both directions of the link. */
  slow(bitsPerSecond: number): Promise<void>;
  /** Restores the link and removes the rules. */
  healNetwork(): Promise<void>;
  startServer(): Promise<void>;
  /** Kills sshd and all its sessions. */
  killServer(): Promise<void>;
  /** Stops the sftp-servers of the sessions while their connections stay alive. */
  stopSftp(): Promise<void>;
  continueSftp(): Promise<void>;
  remove(): Promise<void>;
}

/** @returns why it is not possible here, or null */
export function whyNoSshfsBed(): string | null {
  if (!existsSync('/dev/fuse')) return 'there is no /dev/fuse';
  if (!existsSync(sftpServer)) return `not installed: ${sftpServer}`;
  return whyNoBed(['sshfs', 'sshd', 'ssh-keygen', 'nft', 'ip', 'tc', 'nsenter', 'mount', 'umount']);
}

const sftpServer = '/usr/lib/openssh/sftp-server';

/** Starts the server and the network, without a mount. */
export async function makeSshfsBed(): Promise<SshfsBed> {
  const folder = await bedFolder();
  const [path, served] = [join(folder, 'mount'), join(folder, 'served')];
  const names = newNamespaces();
  await mkdir(path);
  await memoryFolder(served);
  await layNetwork(folder, names);
  await writeServerFiles(folder);
  const inServer = (args: readonly string[]): Promise<void> => run('ip', ['netns', 'exec', names.server, ...args]);
  const filter = (verdict: string): Promise<void> =>
    inServer(['nft', `table inet bed { chain input { type filter hook input priority 0; ${verdict}; }; }`]);

  const bed: SshfsBed = {
    path,
    served,
    mount: async (options) => {
      enter(names.client, 'sshfs', [...sshfsArgs(folder, options), `root@${server}:${served}`, path]);
      await until(() => isMounted(path), 10_000);
    },
    unmount: async () => {
      await abortMount(path);
      if (isMounted(path)) await run('umount', ['-l', path]);
    },
    linkDown: () => inServer(['ip', 'link', 'set', 'bed0', 'down']),
    drop: () => filter('drop'),
    reject: () => filter('meta l4proto tcp reject with tcp reset'),
    slow: async (bitsPerSecond) => {
      const rule = ['root', 'tbf', 'rate', `${bitsPerSecond}bit`, 'burst', '32kb', 'latency', '400ms'];
      for (const namespace of Object.values(names)) await run('tc', ['-n', namespace, 'qdisc', 'replace', 'dev', 'bed0', ...rule]);
    },
    healNetwork: async () => {
      await inServer(['nft', 'flush', 'ruleset']);
      await inServer(['ip', 'link', 'set', 'bed0', 'up']);
    },
    startServer: async () => {
      const sshd = enter(names.server, '/usr/sbin/sshd', ['-D', '-f', join(folder, 'sshd_config')]);
      await until(() => commandOf(sshd.pid ?? 0) === 'sshd' && listens(sshd.pid ?? 0), 5_000);
    },
    killServer: async () => {
      const pids = await pidsIn(names.server);
      killAll(pids);
      await until(async () => (await pidsIn(names.server)).length === 0, 5_000);
    },
    stopSftp: () => signalSftp(names, 'SIGSTOP'),
    continueSftp: () => signalSftp(names, 'SIGCONT'),
    remove: () => clearBed(folder),
  };
  await bed.startServer();
  return bed;
}

/** The names of the network namespaces at the two ends of the link. */
type Namespaces = Readonly<Record<'server' | 'client', string>>;

let beds = 0;

function newNamespaces(): Namespaces {
  beds += 1;
  return { server: `sluice-bed-${process.pid}-${beds}-s`, client: `sluice-bed-${process.pid}-${beds}-c` };
}

async function layNetwork(folder: string, names: Namespaces): Promise<void> {
  for (const name of Object.values(names)) {
    await writeFile(join(folder, `${name}.namespace`), '');
    await run('ip', ['netns', 'add', name]);
  }
  const link = ['link', 'add', 'bed0', 'netns', names.server, 'type', 'veth', 'peer', 'name', 'bed0', 'netns', names.client];
  await run('ip', link);
  for (const [end, address] of [
    ['server', server],
    ['client', client],
  ] as const) {
    await run('ip', ['-n', names[end], 'address', 'add', `${address}/24`, 'dev', 'bed0']);
    for (const device of ['lo', 'bed0']) await run('ip', ['-n', names[end], 'link', 'set', device, 'up']);
  }
}

async function writeServerFiles(folder: string): Promise<void> {
  for (const key of ['host', 'user']) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
  await mkdir('/run/sshd', { recursive: true });
  await chmod('/run/sshd', 0o755);
  const lines = [
    `ListenAddress ${server}`,
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'user.pub')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin prohibit-password',
    `Subsystem sftp ${sftpServer}`,
  ];
  await writeFile(join(folder, 'sshd_config'), `${lines.join('\n')}\n`);
}

function sshfsArgs(folder: string, options: readonly string[]): string[] {
  const always = [`IdentityFile=${join(folder, 'user')}`, 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  return ['-f', ...[...always, ...options].flatMap((option) => ['-o', option])];
}

/** Enters only the network namespace, so that every process sees a mount that is made there. */
function enter(namespace: string, command: string, args: readonly string[]): ChildProcess {
  const words = [`--net=/run/netns/${namespace}`, command, ...args];
  const child = spawn('nsenter', words, { stdio: ['ignore', 'ignore', 'ignore'] });
  // A failed test must be able to end. The next run cleans up.
  child.unref();
  return child;
}

/** Returns whether something in the process's network listens on port 22. Format: proc_net_tcp(5), 0A is LISTEN. */
function listens(pid: number): boolean {
  return /^\s*\d+: [0-9A-F]{8}:0016 \S+ 0A/m.test(readFileSync(`/proc/${pid}/net/tcp`, 'utf8'));
}

async function signalSftp({ server: namespace }: Namespaces, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  for (const pid of await pidsIn(namespace)) if (commandOf(pid) === 'sftp-server') process.kill(pid, signal);
}

function commandOf(pid: number): string {
  return existsSync(`/proc/${pid}/comm`) ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : '';
}
