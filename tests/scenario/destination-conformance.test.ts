// alone: it mounts disks
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Content, type DestinationUnderTest, destinationConformance, type FileUnderTest } from '@sluice/testkit';
import { type FileFacts, mountedFolder, type OpenFile, type Storage } from '@sluice/transport';
import { test } from 'uvu';
import { bytesOf } from '../../packages/transport/test/support/files.ts';
import { makeLoopDisk, whyNoLoopDisk } from '../../packages/transport/test/support/loop-disk.ts';

/** Bytes that differ by the stamp. */
function bytesFor({ sizeBytes, stamp }: Content): Buffer {
  return bytesOf(
    sizeBytes,
    Buffer.from(stamp).reduce((sum, byte) => (sum * 31 + byte) % 100_003, 7),
  );
}

/** Written as the carriers write: a call may take less than it was given. */
async function writeWhole(file: OpenFile, content: Content): Promise<void> {
  const bytes = bytesFor(content);
  await file.truncate(0);
  for (let atByte = 0; atByte < bytes.length; ) atByte += await file.write(bytes.subarray(atByte), atByte);
}

async function lookOrNull(storage: Storage, name: string): Promise<FileFacts | null> {
  try {
    return await storage.look(name);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}

function fileOf(file: OpenFile): FileUnderTest {
  return {
    write: (content) => writeWhole(file, content),
    sync: () => file.sync('all'),
    sizeBytes: async () => (await file.facts()).sizeBytes,
    close: () => file.close(),
  };
}

interface Ground {
  readonly root: string;
  setReadOnly(isReadOnly: boolean): void;
  end(): Promise<void>;
}

function underTest({ root, setReadOnly, end }: Ground): DestinationUnderTest {
  const storage = mountedFolder(root);
  return {
    create: async (name) => fileOf(await storage.open(name, { create: 0o644 })),
    async look(name) {
      const facts = await lookOrNull(storage, name);
      return facts === null ? null : { sizeBytes: facts.sizeBytes, identity: `${facts.device} ${facts.inode}` };
    },
    holds: async (name, content) => (await readFile(join(root, name))).equals(bytesFor(content)),
    link: storage.link,
    rename: storage.rename,
    unlink: storage.unlink,
    putForeign: (name, content) => writeFile(join(root, name), bytesFor(content)),
    names: async () => (await readdir(root)).filter((name) => name !== 'lost+found').sort(),
    freeBytes: async () => (await storage.room()).freeBytes,
    setReadOnly,
    end,
  };
}

destinationConformance(
  'mountedFolder',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'sluice-destination-'));
    return underTest({ root, setReadOnly: () => undefined, end: () => rm(root, { recursive: true }) });
  },
  { hasOwnRoom: false, canBeReadOnly: false },
);

const noDisk = whyNoLoopDisk();
if (noDisk !== null) process.stdout.write(`skipped: mountedFolder on a disk of its own: ${noDisk}\n`);
else {
  destinationConformance(
    'mountedFolder on a disk of its own',
    async () => {
      const disk = makeLoopDisk();
      disk.format('a', 8);
      disk.mount('a');
      return underTest({
        root: disk.path,
        setReadOnly: (isReadOnly) => disk.remount(isReadOnly ? 'ro' : 'rw'),
        end: async () => disk.remove(),
      });
    },
    { hasOwnRoom: true, canBeReadOnly: true },
  );
}

test.run();
