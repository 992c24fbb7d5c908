import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Content, DestinationUnderTest, FileUnderTest } from '@sluice/testkit';
import { mountedFolder, type OpenFile } from '@sluice/transport';
import { bytesOf } from '../../../packages/transport/test/support/files.ts';

/** Returns bytes that differ by the stamp. */
function bytesFor({ sizeBytes, stamp }: Content): Buffer {
  return bytesOf(
    sizeBytes,
    Buffer.from(stamp).reduce((sum, byte) => (sum * 31 + byte) % 100_003, 7),
  );
}

/** Writes as the carriers do: a call may accept less than it was given. */
async function writeWhole(file: OpenFile, content: Content): Promise<void> {
  const bytes = bytesFor(content);
  await file.truncate(0);
  for (let atByte = 0; atByte < bytes.length; ) atByte += await file.write(bytes.subarray(atByte), atByte);
}

function fileOf(file: OpenFile): FileUnderTest {
  return {
    write: (content) => writeWhole(file, content),
    sync: async () => await file.sync('all'),
    sizeBytes: async () => (await file.facts()).sizeBytes,
    close: async () => await file.close(),
  };
}

/** A folder of the test. */
export interface Folder {
  readonly root: string;
  setReadOnly(isReadOnly: boolean): void;
  end(): Promise<void>;
}

/** Returns the mounted folder in the form that the conformance suite needs. */
export function underTest({ root, setReadOnly, end }: Folder): DestinationUnderTest {
  const storage = mountedFolder(root);
  return {
    create: async (name) => fileOf(await storage.open(name, { create: 0o644 })),
    async stat(name) {
      const facts = await storage.stat(name);
      return facts === null ? null : { sizeBytes: facts.sizeBytes, identity: `${facts.device} ${facts.inode}` };
    },
    holds: async (name, content) => (await readFile(join(root, name))).equals(bytesFor(content)),
    link: async (from, to) => await storage.link(from, to),
    rename: async (from, to) => await storage.rename(from, to),
    unlink: async (name) => await storage.unlink(name),
    putForeign: (name, content) => writeFile(join(root, name), bytesFor(content)),
    names: async () => (await readdir(root)).filter((name) => name !== 'lost+found').sort(),
    freeBytes: async () => (await storage.room()).freeBytes,
    setReadOnly,
    end,
  };
}
