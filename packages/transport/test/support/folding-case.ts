import { type Storage } from '../../src/storage/storage.ts';
import { errno } from './faults.ts';

/** A case-insensitive, case-preserving storage, like NTFS, FAT and APFS. It has one folder. */
export function foldingCase(storage: Storage): Storage {
  const spellings = ['a.mov', 'A.MOV'];
  /** Returns the name as the storage has it, otherwise as it was passed. */
  const asThere = async (name: string): Promise<string> => {
    for (const spelling of spellings.filter((each) => each.toLowerCase() === name.toLowerCase())) {
      if ((await storage.stat(spelling)) !== null) return spelling;
    }
    return name;
  };
  const isTaken = async (name: string): Promise<boolean> => (await asThere(name)) !== name;
  return {
    ...storage,
    open: async (path, how) => {
      if (typeof how !== 'object') return await storage.open(await asThere(path), how);
      if (await isTaken(path)) throw errno('EEXIST');
      return await storage.open(path, how);
    },
    stat: async (path) => await storage.stat(await asThere(path)),
    link: async (from, to) => {
      if (await isTaken(to)) throw errno('EEXIST');
      await storage.link(from, to);
    },
    rename: async (from, to) => await storage.rename(from, await asThere(to)),
    unlink: async (path) => await storage.unlink(await asThere(path)),
  };
}
