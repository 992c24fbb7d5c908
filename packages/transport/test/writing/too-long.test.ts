import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FileFacts, Storage } from '../../src/storage/storage.ts';
import { judgeTooLong } from '../../src/writing/too-long.ts';
import { errno } from '../support/faults.ts';

const folder: FileFacts = { kind: 'folder', sizeBytes: 0, mtimeNs: '1', changeNs: '1', mode: 0o755, device: '41', inode: '7' };

/** A destination that accepts names and paths up to these lengths, and has these folders. */
function taking(nameBytes: number, pathBytes: number, folders: readonly string[] = []): Pick<Storage, 'stat'> {
  return {
    stat: async (path) => {
      const isLong = path.split('/').some((name) => Buffer.byteLength(name) > nameBytes) || Buffer.byteLength(path) > pathBytes;
      if (isLong) throw errno('ENAMETOOLONG');
      return folders.includes(path) ? folder : null;
    },
  };
}

const fault = { side: 'destination', code: 'ENAMETOOLONG', operation: 'create a', message: 'too long' } as const;
const name = (bytes: number): string => 'a'.repeat(bytes);
const deep = Array.from({ length: 20 }, (_, index) => name(200) + String(index).padStart(2, '0'));
const foldersOfDeep = deep.map((_, index) => deep.slice(0, index + 1).join('/'));

for (const [what, destination, names, code, takenBytes] of [
  ['its name', taking(143, 4_096), [`day1/${name(180)}`], 'ENAMETOOLONG', 143],
  ['only its temporary name', taking(143, 4_096), [`day1/${name(140)}`, `day1/.${name(140)}.0a0b0c0d.part`], 'ENAMETOOLONG', 143],
  ['its name of two bytes a character', taking(143, 4_096), ['ü'.repeat(100)], 'ENAMETOOLONG', 143],
  ['the name of a folder', taking(143, 4_096), [`a/${name(150)}/b.mxf`, `a/${name(150)}/.b.mxf.0a0b0c0d.part`], 'FOLDER_TOO_LONG', 143],
  ['its path', taking(255, 4_000, foldersOfDeep), [`${deep.join('/')}/a.mxf`], 'PATH_TOO_LONG', 4_000],
  [
    'its path, below folders that are not made yet',
    taking(255, 4_000, foldersOfDeep.slice(0, 19)),
    [`${deep.join('/')}/a.mxf`],
    'PATH_TOO_LONG',
    4_000,
  ],
  ['a name that is refused only when it is created', taking(255, 4_096), [`day1/${name(180)}`], 'ENAMETOOLONG', null],
] as const) {
  test(`judgeTooLong: ${what} is ${code}, and ${takenBytes ?? 'an unknown number of'} bytes are accepted`, async () => {
    const judged = await judgeTooLong(destination, names, fault);
    assert.equal([judged.fault.code, judged.takenBytes], [code, takenBytes]);
    if (takenBytes !== null) assert.match(judged.fault.message, `of up to ${takenBytes} bytes, this one has`);
  });
}

test('judgeTooLong: throws if the destination goes offline meanwhile', async () => {
  const stat = async (): Promise<never> => {
    throw errno('EIO');
  };
  try {
    await judgeTooLong({ stat }, ['a/b'], fault);
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code?: string }).code, 'EIO');
  }
});

test.run();
