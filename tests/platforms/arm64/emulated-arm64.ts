import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Ran } from '../../package/support.ts';

const emulator = '/usr/bin/qemu-aarch64-static';
const libraries = '/usr/aarch64-linux-gnu/lib';

/** ELF, 64 bits, little-endian, executable or shared, for aarch64; the same as in `qemu-binfmt-conf.sh` of QEMU. */
const magic = String.raw`\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`;
const mask = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`;

/** The exit code if the machine could not be prepared. The program never ends with it. */
const cannotPrepare = 90;

/**
 * Registers the emulator for programs of arm64 with the kernel, and changes into a root that contains only the program and the
 * libraries of C and C++. Both end with the namespaces that it runs in: since Linux 6.7 a user namespace has a separate list of
 * such programs.
 */
const script = `
{
  mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc &&
  printf '%s' "$1" > /proc/sys/fs/binfmt_misc/register &&
  mount --bind "$2" "$3/lib" && mount --bind "$4" "$3/$5" && mount --rbind /dev "$3/dev" && mount -t proc proc "$3/proc"
} || exit ${cannotPrepare}
root=$3 program=$5
shift 5
exec env -i TMPDIR=/tmp /usr/sbin/chroot "$root" "/$program" "$@"
`;

/** An arm64 machine, as far as a program can tell. */
export interface Arm64Machine {
  /** Runs the program. Everything that it started has ended when this returns, or is being killed if its time is over. */
  run(args: readonly string[], timeoutMs: number): Ran;
}

/**
 * @param program an executable for linux-arm64
 * @param root an empty folder, whose name is on no other process's command line
 * @returns why it is not possible, in words
 */
export function arm64Machine(program: string, root: string): Arm64Machine | string {
  if (!existsSync(emulator) || !existsSync(join(libraries, 'libstdc++.so.6'))) {
    return 'qemu-user-static with libc6-arm64-cross and libstdc++6-arm64-cross is not on this machine';
  }
  for (const name of ['lib', 'dev', 'proc', 'tmp']) mkdirSync(join(root, name));
  const name = basename(root);
  writeFileSync(join(root, name), '');
  const run: Arm64Machine['run'] = (args, timeoutMs) => {
    // A separate network too, so that no two agents copy along the same route of the same machine.
    const isolated = ['--user', '--map-root-user', '--mount', '--net', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
    const given = [`:aarch64:M::${magic}:${mask}:${emulator}:F`, libraries, root, program, name, ...args];
    const options = { encoding: 'utf8', timeout: timeoutMs, killSignal: 'SIGKILL' } as const;
    const { status, stdout, stderr, error } = spawnSync('unshare', [...isolated, 'sh', '-c', script, 'sh', ...given], options);
    const isThere = (error as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT';
    return isThere ? { code: status, stdout, stderr } : { code: null, stdout: '', stderr: 'unshare: there is no such program' };
  };
  const first = run(['--version'], 60_000);
  if (first.code === 0) return { run };
  if (first.code === cannotPrepare || /^unshare:/m.test(first.stderr)) {
    return `no user namespace with its own binfmt_misc (Linux 6.7) here: ${first.stderr.trim()}`;
  }
  throw new Error(`the executable ends with ${first.code}: ${first.stderr}`);
}

/** @returns the command lines of processes that contain this text */
export function stillRunning(text: string): string[] {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
  return lines.filter((line) => line.includes(text));
}
