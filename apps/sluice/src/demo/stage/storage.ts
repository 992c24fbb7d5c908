import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The disk that the tour began with, or another one. */
export type Disk = 'right' | 'wrong';

/** The storage of the tour: a disk is inserted, or none, as with an unmounted share. */
export interface DemoStorage {
  /** The folder that Sluice copies to. */
  readonly folder: string;
  inserted(): Disk | null;
  /** Returns the folder with the content of a disk, inserted or not. */
  pathOf(disk: Disk): string;
  /** Removes the disk, whatever is being written to it. */
  takeOut(): Promise<void>;
  /** Inserts a disk. A disk that is inserted is removed first. */
  putIn(disk: Disk): Promise<void>;
}

/** Creates the storage. @param root an empty folder of the tour */
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

/** Creates a disk that is not empty, and has none of the copied files. */
async function makeStranger(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await mkdir(join(path, 'holidays'), { recursive: true });
  await writeFile(join(path, 'holidays', 'beach.txt'), 'This is another disk.\n');
}
