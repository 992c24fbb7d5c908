import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bedFolder, clearBed, isMounted, memoryFolder, whyNoBed } from './bed-folder.ts';
import { run } from './tool.ts';

/** Small disks in files, one of which is mounted at a time. */
export interface LoopMount {
  readonly path: string;
  /** Mounts a disk, and formats it when it is named for the first time. */
  mount(disk: string): Promise<void>;
  /** Unmounts lazily: open files stay usable, and the path is an empty local folder at once. */
  unmount(): Promise<void>;
  remountReadOnly(): Promise<void>;
  remountWritable(): Promise<void>;
  /** Freezes the filesystem: every call that would write waits. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  remove(): Promise<void>;
}

/** @returns why it is not possible here, or null */
export function whyNoLoopMount(): string | null {
  return whyNoBed(['mkfs.ext4', 'mount', 'umount', 'truncate', 'fsfreeze']);
}

/** Creates the folder for the disks. @param megabytes the size of every disk */
export async function makeLoopMount(megabytes: number): Promise<LoopMount> {
  const folder = await bedFolder();
  const path = join(folder, 'mount');
  const images = await memoryFolder(join(folder, 'images'));
  const made = new Set<string>();
  await mkdir(path);
  const format = async (image: string): Promise<void> => {
    if (made.has(image)) return;
    await run('truncate', ['-s', `${megabytes}M`, image]);
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-E', 'lazy_itable_init=0', image]);
    made.add(image);
  };
  return {
    path,
    mount: async (disk) => {
      const image = join(images, `${disk}.image`);
      await format(image);
      await run('mount', ['-o', 'loop,noatime', image, path]);
    },
    unmount: () => run('umount', ['-l', path]),
    remountReadOnly: () => run('mount', ['-o', 'remount,ro', path]),
    remountWritable: () => run('mount', ['-o', 'remount,rw', path]),
    freeze: () => run('fsfreeze', ['-f', path]),
    thaw: () => run('fsfreeze', ['-u', path]),
    remove: async () => {
      if (isMounted(path)) await run('fsfreeze', ['-u', path]).catch(() => undefined);
      await clearBed(folder);
    },
  };
}
