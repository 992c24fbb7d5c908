import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The disk that the tour began with, and another one. */
export type Disk = 'right' | 'wrong';

/** The storage of the tour: a disk is inserted, or none, as with a share that is unmounted. */
export interface DemoStorage {
  /** The folder that Sluice copies to. */
  readonly folder: string;
  inserted(): Disk | null;
  /** The folder with the contents of a disk, inserted or not. */
  pathOf(disk: Disk): string;
  /** The disk goes away, whatever is being written to it. */
  takeOut(): Promise<void>;
  /** A disk that is inserted is taken out first. */
  putIn(disk: Disk): Promise<void>;
}

/** @param root an empty folder of the tour's own */
export async function makeStorage(root: string): Promise<DemoStorage> {
  const folder = join(root, 'storage');
  const shelves: Readonly<Record<Disk, string>> = { right: join(root, 'storage.away'), wrong: join(root, 'storage.other') };
  let inserted: Disk | null = 'right';
  await mkdir(folder);

  const takeOut = async (): Promise<void> => {
    if (inserted === null) return;
    await rename(folder, shelves[inserted]);
    inserted = null;
  };
  return {
    folder,
    inserted: () => inserted,
    pathOf: (disk) => (inserted === disk ? folder : shelves[disk]),
    takeOut,
    async putIn(disk) {
      if (inserted === disk) return;
      if (disk === 'wrong') await makeStranger(shelves.wrong);
      await takeOut();
      await rename(shelves[disk], folder);
      inserted = disk;
    },
  };
}

/** Not empty, and without any of the copied files. */
async function makeStranger(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await mkdir(join(path, 'holidays'), { recursive: true });
  await writeFile(join(path, 'holidays', 'beach.txt'), 'This is another disk.\n');
}
