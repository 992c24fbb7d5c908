import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** How a program inside ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Debian 11 as debootstrap makes it, in memory, in a mount namespace that ends with this process. */
export interface Debian {
  /** The process that keeps the namespace. */
  readonly holder: number;
  /** Its path in that namespace. */
  readonly folder: string;
  /** The path by which this process can reach it. */
  readonly root: string;
  /** Runs a program of this machine in the namespace, with only a PATH in its environment. */
  outside(command: string, ...args: readonly string[]): Ended;
  /** Runs a program of that Debian in a chroot, with only a PATH in its environment. */
  inside(command: string, ...args: readonly string[]): Ended;
  remove(): Promise<void>;
}

const release = 'bullseye';
/** Made by the first test that needs it, because it takes most of a minute. It contains only what debootstrap made. */
const kept = join(import.meta.dirname, `../../../dist/cache/debian-${release}-${process.arch}.tar`);
const folder = '/mnt/debian';
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const commandDeadlineMs = 120_000;
const makeDeadlineMs = 300_000;

/** Returns why it is not possible on this machine; null: it can be tried. */
export function whyNoDebian(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root of a Linux machine makes one';
  const missing = ['unshare', 'nsenter', 'setpriv', 'debootstrap'].find((name) => spawnSync(name, ['--help']).error !== undefined);
  if (missing !== undefined) return `${missing} is not installed`;
  return existsSync('/usr/share/keyrings/debian-archive-keyring.gpg') ? null : "Debian's keys (debian-archive-keyring) are not installed";
}

/** @returns why it is not possible, in words */
export async function makeDebian(): Promise<Debian | string> {
  const why = whyNoDebian();
  if (why !== null) return why;
  const holder = await hold();
  if (holder === null) return 'this machine does not let root mount';
  const debian = debianIn(holder);
  const failure = existsSync(kept) ? unpack(debian) : bootstrap(debian);
  if (failure === null) return debian;
  await debian.remove();
  return failure;
}

/** The namespace ends with its last process, which ends when its input is closed. */
const keeping = `mount -t tmpfs -o mode=755,size=3g tmpfs /mnt && mkdir ${folder} && echo ready && exec cat`;

async function hold(): Promise<ChildProcess | null> {
  const child = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', keeping], { stdio: ['pipe', 'pipe', 'ignore'] });
  const isReady = await Promise.race([once(child.stdout, 'data').then(() => true), once(child, 'exit').then(() => false)]);
  return isReady ? child : null;
}

function debianIn(child: ChildProcess): Debian {
  const holder = child.pid ?? 0;
  const outside = (command: string, ...args: readonly string[]): Ended => ranIn(holder, commandDeadlineMs, command, args);
  return {
    holder,
    folder,
    root: join(`/proc/${holder}/root`, folder),
    outside,
    inside: (...words) => outside('chroot', folder, ...words),
    async remove() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function ranIn(holder: number, timeout: number, command: string, args: readonly string[]): Ended {
  const words = ['-m', '-t', String(holder), command, ...args];
  return spawnSync('nsenter', words, { encoding: 'utf8', env: { PATH: path }, cwd: '/', timeout, maxBuffer: 1 << 26 });
}

function unpack({ outside }: Debian): string | null {
  const { status, stderr } = outside('tar', '-C', folder, '-xpf', kept);
  return status === 0 ? null : `cannot unpack ${kept}: ${stderr}`;
}

function bootstrap({ holder, outside, inside }: Debian): string | null {
  const mirror = mirrorOfThisMachine();
  if (mirror === null) return 'this machine has no mirror of Debian';
  const { status } = ranIn(holder, makeDeadlineMs, 'debootstrap', ['--variant=minbase', release, folder, mirror]);
  if (status !== 0) return 'the mirror of this machine does not have it';
  inside('apt-get', 'clean');
  mkdirSync(dirname(kept), { recursive: true });
  const part = `${kept}.${process.pid}`;
  if (outside('tar', '-C', folder, '--exclude=./var/lib/apt/lists/*', '-cf', part, '.').status === 0) renameSync(part, kept);
  rmSync(part, { force: true });
  return null;
}

function mirrorOfThisMachine(): string | null {
  const which = ['Identifier: Packages', 'Origin: Debian', 'Label: Debian'];
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...which], { encoding: 'utf8' });
  return stdout?.split('\n')[0] || null;
}
