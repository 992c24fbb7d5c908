import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bedFolder, clearBed, memoryFolder, whyNoBed } from './bed-folder.ts';
import { run } from './tool.ts';

/** A reader for camera cards: exFAT filesystems in files, which have neither hard links nor lasting inode numbers. */
export interface Card {
  readonly path: string;
  /** Takes the card out. */
  unmount(): Promise<void>;
  /** Puts a card in, and formats it when it is named for the first time. Default: the first one. */
  mount(card?: string): Promise<void>;
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
  const images = await memoryFolder(join(folder, 'images'));
  const formatted = new Set<string>();
  await mkdir(path);
  const mount = async (card = 'card'): Promise<void> => {
    const image = join(images, `${card}.image`);
    if (!formatted.has(card)) {
      await run('truncate', ['-s', `${megabytes}M`, image]);
      await run('mkfs.exfat', [image]);
      formatted.add(card);
    }
    await run('mount', ['-t', 'exfat-fuse', '-o', 'loop,noatime', image, path]);
  };
  await mount();
  return { path, mount, unmount: () => run('umount', [path]), remove: () => clearBed(folder) };
}
