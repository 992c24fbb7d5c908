import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The disk that the tour began with, and somebody else's. */
export type Disk = 'right' | 'wrong';

/** The place of the storage: a disk is in it, or none, as with a share that is unmounted. */
export interface DemoStorage {
  /** Where Sluice carries to. */
  readonly place: string;
  inserted(): Disk | null;
  /** Where what is on a disk is found now, in its place or out of it. */
  pathOf(disk: Disk): string;
  /** The disk goes away, whatever is being written to it. */
  takeOut(): Promise<void>;
  /** One that is in is taken out before. */
  putIn(disk: Disk): Promise<void>;
}

/** @param root an empty folder of the tour's own */
export async function makeStorage(root: string): Promise<DemoStorage> {
  const place = join(root, 'storage');
  const shelves: Readonly<Record<Disk, string>> = { right: join(root, 'storage.away'), wrong: join(root, 'storage.other') };
  let inserted: Disk | null = 'right';
  await mkdir(place);

  const takeOut = async (): Promise<void> => {
    if (inserted === null) return;
    await rename(place, shelves[inserted]);
    inserted = null;
  };
  return {
    place,
    inserted: () => inserted,
    pathOf: (disk) => (inserted === disk ? place : shelves[disk]),
    takeOut,
    async putIn(disk) {
      if (inserted === disk) return;
      if (disk === 'wrong') await makeStranger(shelves.wrong);
      await takeOut();
      await rename(shelves[disk], place);
      inserted = disk;
    },
  };
}

/** Not empty, and nothing of what was carried on it. */
async function makeStranger(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await mkdir(join(path, 'holidays'), { recursive: true });
  await writeFile(join(path, 'holidays', 'beach.txt'), 'This is the disk of somebody else.\n');
}
