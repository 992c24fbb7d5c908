import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  cutToBytes,
  doneName,
  freeName,
  isDoneName,
  learnNameBytes,
  markedName,
  numberedName,
  partName,
  splitName,
  utf8Bytes,
} from '../../src/policy/naming.ts';
import { anyCharacter } from '../fixtures/any-character.ts';

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
/** Returns the first code point. */
const firstOf = (text: string): string => (text === '' ? '' : String.fromCodePoint(text.codePointAt(0) ?? 0));
const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

for (const [path, folder, stem, extension] of [
  ['clip.mxf', '', 'clip', '.mxf'],
  ['day1/clip.mxf', 'day1/', 'clip', '.mxf'],
  ['day.1/clip', 'day.1/', 'clip', ''],
  ['a/b/c.tar.gz', 'a/b/', 'c.tar', '.gz'],
  ['clip', '', 'clip', ''],
  ['.mxf', '', '.mxf', ''],
  ['day1/.hidden', 'day1/', '.hidden', ''],
  ['.hidden.mxf', '', '.hidden', '.mxf'],
  ['..mxf', '', '.', '.mxf'],
  ['clip.', '', 'clip', '.'],
  ['a b.c d', '', 'a b', '.c d'],
  ['büro 🎬.mov', '', 'büro 🎬', '.mov'],
] as const) {
  test(`splitName: ${path} is ${folder} + ${stem} + ${extension}`, () => {
    assert.equal(splitName(path), { folder, stem, extension });
  });
}

for (const [path, n, suffix, name] of [
  ['clip.mxf', 1, '_{n}', 'clip_1.mxf'],
  ['day1/clip.mxf', 12, '_{n}', 'day1/clip_12.mxf'],
  ['day1/clip', 1, '_{n}', 'day1/clip_1'],
  ['clip.tar.gz', 2, '_{n}', 'clip.tar_2.gz'],
  ['.mxf', 1, '_{n}', '.mxf_1'],
  ['clip.', 1, '_{n}', 'clip_1.'],
  ['clip_1.mxf', 1, '_{n}', 'clip_1_1.mxf'],
  ['clip.mxf', 3, ' ({n})', 'clip (3).mxf'],
  ['clip.mxf', 3, '.again-{n}-', 'clip.again-3-.mxf'],
  ['$&.mxf', 1, '$1{n}', '$&$11.mxf'],
] as const) {
  test(`numberedName: ${path}, ${n}, ${suffix} is ${name}`, () => {
    assert.is(numberedName(path, n, suffix), name);
  });
}

for (const [what, path, name] of [
  ['255 bytes of ASCII', `d/${'a'.repeat(251)}.mxf`, `d/${'a'.repeat(249)}_1.mxf`],
  ['two bytes each, cut before the one that is too much', `${'ü'.repeat(125)}.mxf`, `${'ü'.repeat(124)}_1.mxf`],
  ['three bytes each', `${'日'.repeat(83)}.mxf`, `${'日'.repeat(83)}_1.mxf`],
  ['four bytes each', `${'🎬'.repeat(62)}.mxf`, `${'🎬'.repeat(62)}_1.mxf`],
  ['four bytes each, and no room for the last', `${'🎬'.repeat(62)}.mxf2`, `${'🎬'.repeat(62)}_1.mxf2`],
  ['without an extension', 'a'.repeat(255), `${'a'.repeat(253)}_1`],
  ['a folder does not count', `${'f'.repeat(200)}/${'a'.repeat(100)}.mxf`, `${'f'.repeat(200)}/${'a'.repeat(100)}_1.mxf`],
  ['an extension without room for a stem is cut itself', `a.${'x'.repeat(253)}`, `a.${'x'.repeat(251)}_1`],
] as const) {
  test(`numberedName: a long name is cut (${what})`, () => {
    assert.is(numberedName(path, 1, '_{n}'), name);
  });
}

test('numberedName, partName, markedName: a destination that allows shorter names gets shorter ones', () => {
  assert.is(numberedName('clip-of-today.mxf', 1, '_{n}', 12), 'clip-o_1.mxf');
  assert.is(partName('d/clip-of-today.mxf', '0a1b2c3d', 20), 'd/.clip-.0a1b2c3d.part');
  assert.is(markedName('d/clip-of-today.mxf', '0a1b2c3d', 19), 'd/cli.failed-0a1b2c3d');
});

test('partName: hidden, in the folder of its file, with the id', () => {
  assert.is(partName('day1/clip.mxf', '0a1b2c3d'), 'day1/.clip.mxf.0a1b2c3d.part');
  assert.is(partName('.clip', '0a1b2c3d'), '..clip.0a1b2c3d.part');
});

test('markedName: the name and the id, so that no two leftovers have the same name', () => {
  assert.is(markedName('day1/clip_1.mxf', '0a1b2c3d'), 'day1/clip_1.mxf.failed-0a1b2c3d');
});

for (const [text, bytes] of [
  ['', 0],
  ['clip', 4],
  ['ü', 2],
  ['日', 3],
  ['🎬', 4],
  ['a\u0301', 3],
  ['\u007f', 1],
  ['\u0080', 2],
  ['\u07ff', 2],
  ['\u0800', 3],
  ['\uffff', 3],
  ['\u{10000}', 4],
  ['👩‍🚀', 11],
] as const) {
  test(`utf8Bytes: ${JSON.stringify(text)} has ${bytes}`, () => {
    assert.is(utf8Bytes(text), bytes);
  });
}

/** Any file name: a text without `/` and NUL of up to 255 bytes, as filesystems allow. */
const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'B', '7', ' ', '.', '_', '-', '$', '{', '}') },
  { weight: 2, arbitrary: fc.constantFrom('ü', '日', '🎬', '\u0301', '\u200d') },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 }).filter((text) => text !== '/' && text !== '\0') },
);
const stems = fc.oneof(
  fc.string({ unit: character, minLength: 1, maxLength: 20 }),
  fc.string({ unit: character, minLength: 100, maxLength: 300 }),
);
const extensions = fc.oneof(
  fc.constantFrom('', '.mxf', '.mov', '.日本', '.'),
  fc.string({ unit: character, minLength: 1, maxLength: 260 }).map((text) => `.${text}`),
);
const names = fc
  .tuple(stems, extensions)
  .map(([stem, extension]) => cutToBytes(stem + extension, 255))
  .filter((name) => name !== '' && name !== '.' && name !== '..');
const paths = fc.tuple(fc.constantFrom('', 'day1/', 'a.b/c/'), names).map(([folder, name]) => folder + name);
const suffixes = fc.constantFrom('_{n}', ' ({n})', '.{n}', '-wiederholt-{n}', '_日{n}');
const ids8 = fc.stringMatching(/^[0-9a-f]{8}$/);

const isSound = (name: string): boolean => bytesOf(name) <= 255 && bytesOf(name) > 0 && name.isWellFormed() && !/[/\0]/.test(name);

test('utf8Bytes: counts the bytes that Node writes', () => {
  fc.assert(fc.property(fc.string({ unit: anyCharacter, maxLength: 50 }), (text) => utf8Bytes(text) === bytesOf(text)));
});

test('cutToBytes: the longest prefix of whole code points that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 60 }), fc.integer({ min: -5, max: 100 }), (text, bytes) => {
      const kept = cutToBytes(text, bytes);
      assert.ok(text.startsWith(kept) && kept.isWellFormed());
      assert.ok(bytesOf(kept) <= Math.max(bytes, 0));
      const next = firstOf(text.slice(kept.length));
      assert.ok(next === '' || bytesOf(kept) + bytesOf(next) > bytes, 'one more would have fitted');
    }),
  );
});

test('numberedName: at most 255 bytes of whole code points, in its folder, the number and the extension kept', () => {
  fc.assert(
    fc.property(paths, fc.integer({ min: 1, max: 1_000_000 }), suffixes, (path, n, suffix) => {
      const named = numberedName(path, n, suffix);
      assert.is(folderOf(named), folderOf(path));
      assert.ok(isSound(nameOf(named)), named);
      assert.is.not(named, path);
      const number = suffix.replace('{n}', String(n));
      const { stem, extension } = splitName(path);
      const hasRoom = bytesOf(number + extension) + bytesOf(firstOf(stem)) <= 255;
      assert.ok(named.endsWith(hasRoom ? number + extension : number), named);
      assert.is(numberedName(path, n, suffix), named, 'the same arguments give the same name');
    }),
    { numRuns: 500 },
  );
});

test('numberedName: no two numbers give one name', () => {
  fc.assert(
    fc.property(paths, suffixes, fc.uniqueArray(fc.integer({ min: 1, max: 5_000 }), { maxLength: 20 }), (path, suffix, numbers) => {
      assert.is(new Set(numbers.map((n) => numberedName(path, n, suffix))).size, numbers.length);
    }),
  );
});

test('partName, markedName: at most 255 bytes of whole code points, different for each id', () => {
  fc.assert(
    fc.property(paths, ids8, (path, id) => {
      const part = partName(path, id);
      const marked = markedName(path, id);
      assert.is(folderOf(part), folderOf(path));
      assert.is(folderOf(marked), folderOf(path));
      assert.ok(isSound(nameOf(part)) && isSound(nameOf(marked)));
      assert.ok(nameOf(part).startsWith('.') && part.endsWith(`.${id}.part`));
      assert.ok(marked.endsWith(`.failed-${id}`));
      assert.is.not(part, path);
      assert.is.not(marked, path);
    }),
  );
});

test('freeName: the smallest free number from `from` on', () => {
  const taken = new Set(['day1/clip_1.mxf', 'day1/clip_2.mxf', 'day1/clip_4.mxf']);
  const free = (from: number) => freeName('day1/clip.mxf', '_{n}', (name) => taken.has(name), from);
  assert.equal(free(1), { destination: 'day1/clip_3.mxf', nameNumber: 3 });
  assert.equal(free(3), { destination: 'day1/clip_3.mxf', nameNumber: 3 });
  assert.equal(free(4), { destination: 'day1/clip_5.mxf', nameNumber: 5 });
});

test('freeName: never a taken name, and no smaller number was free', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 40 });
  fc.assert(
    fc.property(paths, suffixes, numbers, fc.integer({ min: 1, max: 10 }), (path, suffix, taken, from) => {
      const names = new Set(taken.map((n) => numberedName(path, n, suffix)));
      const { destination, nameNumber } = freeName(path, suffix, (name) => names.has(name), from);
      assert.not(names.has(destination));
      assert.is(destination, numberedName(path, nameNumber, suffix));
      for (let n = from; n < nameNumber; n += 1) assert.ok(taken.includes(n), `${n} was free`);
    }),
  );
});

test('freeName: a lineage that fails repeatedly gets new names that do not become longer', () => {
  fc.assert(
    fc.property(paths, (path) => {
      const burned = new Set<string>();
      for (let attempt = 1; attempt <= 60; attempt += 1) {
        const { destination, nameNumber } = freeName(path, '_{n}', (name) => burned.has(name), 1);
        assert.not(burned.has(destination));
        assert.is(nameNumber, attempt);
        assert.ok(bytesOf(nameOf(destination)) <= Math.min(255, bytesOf(nameOf(path)) + 4), destination);
        burned.add(destination);
      }
    }),
    { numRuns: 20 },
  );
});

test('learnNameBytes: two refusals lead from 255 bytes to 143, and no further than 64', () => {
  const part = (nameBytes: number): string => partName(`${'n'.repeat(240)}.mxf`, '01234567', nameBytes);
  const once = learnNameBytes(part(255), 255);
  const twice = learnNameBytes(part(once), once);
  assert.equal([utf8Bytes(part(255)), once, twice, utf8Bytes(part(twice))], [255, 191, 143, 143]);
  assert.is(learnNameBytes('short', 255), 64);
  assert.is(learnNameBytes(`folder/${'x'.repeat(200)}`, 255), 150);
});

test('doneName: a mark makes another name, and isDoneName knows both', () => {
  const names = [null, '89abcdef', '00000002'].map((mark) => doneName('day1/a.mxf', '0123abcd', mark));
  assert.equal(names, [
    'day1/.a.mxf.0123abcd.sluice-done',
    'day1/.a.mxf.89abcdef.0123abcd.sluice-done',
    'day1/.a.mxf.00000002.0123abcd.sluice-done',
  ]);
  for (const name of names) {
    assert.ok(isDoneName(name, 'day1/a.mxf', '0123abcd'));
    assert.not.ok(isDoneName(name, 'day1/b.mxf', '0123abcd'));
    assert.not.ok(isDoneName(name, 'day1/a.mxf', '0123abce'));
  }
  assert.ok(isDoneName(doneName('a.89abcdef', '0123abcd'), 'a.89abcdef', '0123abcd'));
});

test('doneName: a name that was cut for its mark is known too', () => {
  const long = `day1/${'é'.repeat(125)}.mxf`;
  const marked = doneName(long, '0123abcd', '89abcdef');
  assert.is(utf8Bytes(nameOf(marked)) <= 255, true);
  assert.ok(isDoneName(marked, long, '0123abcd') && isDoneName(doneName(long, '0123abcd'), long, '0123abcd'));
});

test.run();
