import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bedFolder, clearBed, memoryFolder, whyNoBed } from './bed-folder.ts';
import { run } from './tool.ts';

/** A camera card: an exFAT filesystem in a file, which has neither hard links nor lasting inode numbers. */
export interface Card {
  readonly path: string;
  /** Takes the card out. */
  unmount(): Promise<void>;
  /** Puts it in again. */
  mount(): Promise<void>;
  remove(): Promise<void>;
}

/** @returns why it is not possible here, or null */
export function whyNoCard(): string | null {
  return whyNoBed(['mkfs.exfat', 'mount.exfat-fuse', 'mount', 'umount', 'truncate']);
}

/** Formats a card and mounts it by exfat-fuse, because a kernel may be without exFAT. */
export async function makeCard(megabytes: number): Promise<Card> {
  const folder = await bedFolder();
  const path = join(folder, 'card');
  const image = join(await memoryFolder(join(folder, 'images')), 'card.image');
  await mkdir(path);
  await run('truncate', ['-s', `${megabytes}M`, image]);
  await run('mkfs.exfat', [image]);
  const mount = (): Promise<void> => run('mount', ['-t', 'exfat-fuse', '-o', 'loop,noatime', image, path]);
  await mount();
  return { path, mount, unmount: () => run('umount', [path]), remove: () => clearBed(folder) };
}
