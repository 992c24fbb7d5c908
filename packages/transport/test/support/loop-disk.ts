import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { parseMountinfo } from '@sluice/platform';

const folderName = 'sluice-disk-';

/** Names where it is mounted, for a later run that has to clear up. */
const pathFile = 'mounted-at';

/** Memory, where there is such a folder: a sync of a disk there does not wait for the disk of the machine. */
const diskFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Several small disks for one path. One of them at a time is mounted there. */
export interface LoopDisk {
  readonly path: string;
  /** Formats a disk. @param options of mkfs.ext4 */
  format(disk: string, megabytes: number, ...options: readonly string[]): void;
  mount(disk: string, options?: string): void;
  /** The path becomes the empty local folder at once; processes that have files of the disk open can still use them. */
  unmountLazily(): void;
  /** Unmounts whatever is mounted there. */
  unmountAll(): void;
  remount(option: 'ro' | 'rw'): void;
  /** Leaves no room for a byte of content; names can still be made. */
  fill(): void;
  /** Takes back what `fill` wrote. */
  empty(): void;
  /** Leaves no room for a name, where the disk was formatted for few. @returns one of the files that were made */
  fillNames(): string;
  /** As after an error of the device: the filesystem makes itself read-only under open files. */
  breakDown(): void;
  remove(): void;
}

/** Why disks cannot be mounted here; null: they can. */
export function whyNoLoopDisk(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root';
  const missing = ['mkfs.ext4', 'mount'].find((tool) => !['/sbin', '/bin'].some((folder) => existsSync(join('/usr', folder, tool))));
  return missing === undefined ? null : `needs ${missing}`;
}

/** Runs the test if disks can be mounted, else reports that it was skipped. */
export function whereRoot(name: string, test: (name: string, work: () => Promise<void>) => void, work: () => Promise<void>): void {
  test(name, async () => {
    const why = whyNoLoopDisk();
    if (why === null) await work();
    // On its own line: dots of uvu may stand before it.
    else process.stdout.write(`\nskipped: ${name}: ${why}\n`);
  });
}

/** @param at where it is mounted; its own folder where none is given */
export function makeLoopDisk(at?: string): LoopDisk {
  clearUp();
  const folder = mkdtempSync(join(diskFolder, `${folderName}${process.pid}-`));
  const path = at ?? join(folder, 'mount');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, pathFile), path);
  const image = (disk: string): string => join(folder, `${disk}.image`);
  return {
    path,
    format(disk, megabytes, ...options) {
      run('truncate', '-s', `${megabytes}M`, image(disk));
      run('mkfs.ext4', '-q', '-F', '-m', '0', '-e', 'remount-ro', ...options, image(disk));
    },
    mount: (disk, options = 'noatime') => run('mount', '-o', `loop,${options}`, image(disk), path),
    unmountLazily: () => run('umount', '-l', path),
    remount: (option) => run('mount', '-o', `remount,${option}`, path),
    unmountAll: () => unmountAll(path),
    empty: () => rmSync(join(path, 'filler')),
    fillNames: () => fillWithNames(path),
    fill: () => fillWith(join(path, 'filler')),
    breakDown() {
      const device = mountsUnder(path).at(-1)?.source ?? '';
      run('sh', '-c', `echo broken > /sys/fs/ext4/${basename(device)}/trigger_fs_error`);
    },
    remove() {
      unmountAll(path);
      rmSync(folder, { recursive: true });
    },
  };
}

/** What was reserved for the blocks that hold no content is freed by a sync: filled until nothing more goes in after one. */
function fillWith(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (let sizeBytes = -1; sizeBytes < fstatSync(file).size; ) {
      sizeBytes = fstatSync(file).size;
      for (const pieceBytes of [65_536, 1_024]) writeUntilFull(file, pieceBytes);
      fsyncSync(file);
    }
  } finally {
    closeSync(file);
  }
}

function fillWithNames(folder: string): string {
  for (let index = 0; ; index += 1) {
    try {
      writeFileSync(join(folder, `file ${index}`), '');
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOSPC') throw error;
      return join(folder, `file ${index - 1}`);
    }
  }
}

function writeUntilFull(file: number, pieceBytes: number): void {
  try {
    for (;;) writeSync(file, Buffer.alloc(pieceBytes, 'x'));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  }
}

function mountsUnder(folder: string): ReturnType<typeof parseMountinfo> {
  const mounts = parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  return mounts.filter(({ mountPoint }) => mountPoint === folder || mountPoint.startsWith(`${folder}/`));
}

function unmountAll(folder: string): void {
  for (const { mountPoint } of [...mountsUnder(folder)].reverse()) run('umount', '-l', mountPoint);
}

/** Removes what killed runs have left. */
function clearUp(): void {
  for (const name of readdirSync(diskFolder)) {
    const owner = new RegExp(`^${folderName}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    unmountAll(readFileSync(join(diskFolder, name, pathFile), 'utf8'));
    rmSync(join(diskFolder, name), { recursive: true, force: true });
  }
}

/** Runs a program of the system to its end. @throws Error with what it said */
export function run(program: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
