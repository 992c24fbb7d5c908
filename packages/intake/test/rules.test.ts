import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRules, type EntryFacts, type RuleName } from '../src/rules.ts';
import { routeOf } from './support/source.ts';

const plain = createRules(routeOf('/in'));
const file = (path: string, sizeBytes = 1): EntryFacts => ({ path, kind: 'file', sizeBytes });
const folder = (path: string): EntryFacts => ({ path, kind: 'folder', sizeBytes: 4096 });

const dotfile = 'its name begins with a dot';
const temporary = 'its name is that of a temporary file';
const system = 'it belongs to the operating system';

for (const [entry, sentence] of [
  [file('a.mov'), null],
  [file('a'), null],
  [file('deep/er/a.mov'), null],
  [file('A.MOV'), null],
  [folder('day1'), null],
  [folder('day1.tmp'), null],
  [file('.hidden'), dotfile],
  [file('day1/.a.mov'), dotfile],
  [file('.a.mov.1234abcd.part'), dotfile],
  [file('.sluice-destination'), dotfile],
  [folder('.Trash'), dotfile],
  [folder('a/.git'), dotfile],
  [file('a.tmp'), temporary],
  [file('x/a.TMP'), temporary],
  [file('a.mov.part'), temporary],
  [file('~$report.docx'), temporary],
  [file('x/~$report.docx'), temporary],
  [file('a.tmp.mov'), null],
  [file('a.part1.mov'), null],
  [file('a~$b'), null],
  [file('tmp'), null],
  [file('Thumbs.db'), system],
  [file('x/thumbs.DB'), system],
  [file('desktop.ini'), system],
  [file('x/Desktop.ini'), system],
  [file('my desktop.ini'), null],
  [file('a.mov', 0), 'it is empty'],
  [{ path: 'a.mov', kind: 'symlink', sizeBytes: 10 }, 'it is a symbolic link; links are not followed'],
  [{ path: 'a.mov', kind: 'special', sizeBytes: 0 }, 'it is no regular file'],
] as const satisfies readonly (readonly [EntryFacts, string | null])[]) {
  test(`leftAlone: ${entry.kind} ${entry.path} of ${entry.sizeBytes} bytes: ${sentence ?? 'taken in'}`, () => {
    assert.is(plain.leftAlone(entry)?.sentence ?? null, sentence);
  });
}

const chosen = createRules(routeOf('/in', { include: ['**/*.mov', 'cards/*.MXF'], exclude: ['proxy/**', '**/*_draft.mov', 'lost+found'] }));

for (const [entry, rule] of [
  [file('a.mov'), null],
  [file('x/y/a.mov'), null],
  [file('cards/a.MXF'), null],
  [file('a.MOV'), 'not_included'],
  [file('cards/a.mxf'), 'not_included'],
  [file('cards/x/a.MXF'), 'not_included'],
  [file('a.wav'), 'not_included'],
  [file('proxy/a.mov'), 'excluded'],
  [folder('proxy'), 'excluded'],
  [folder('lost+found'), 'excluded'],
  [folder('x/lost+found'), null],
  [folder('x/proxy'), null],
  [file('x/a_draft.mov'), 'excluded'],
  [folder('a.wav'), null],
] as const satisfies readonly (readonly [EntryFacts, RuleName | null])[]) {
  test(`leftAlone: with include and exclude, ${entry.kind} ${entry.path}: ${rule ?? 'taken in'}`, () => {
    assert.is(chosen.leftAlone(entry)?.rule ?? null, rule);
  });
}

// Where several rules apply one is reported: what is always so before what the route says, and emptiness last, for it may pass.
for (const [entry, rule] of [
  [file('proxy/.a.tmp', 0), 'dotfile'],
  [{ path: '.a', kind: 'symlink', sizeBytes: 0 }, 'dotfile'],
  [{ path: 'proxy/a.tmp', kind: 'symlink', sizeBytes: 0 }, 'symlink'],
  [{ path: 'proxy/a.tmp', kind: 'special', sizeBytes: 0 }, 'special'],
  [file('proxy/a.tmp', 0), 'excluded'],
  [file('a.tmp', 0), 'temporary'],
  [file('Thumbs.db', 0), 'system_file'],
  [file('a.wav', 0), 'not_included'],
  [file('a.mov', 0), 'empty'],
] as const satisfies readonly (readonly [EntryFacts, RuleName])[]) {
  test(`leftAlone: of several rules for ${entry.kind} ${entry.path}, ${rule} is reported`, () => {
    assert.is(chosen.leftAlone(entry)?.rule, rule);
  });
}

test('leftAlone: built-in rules cannot be included away', () => {
  const greedy = createRules(routeOf('/in', { include: ['**/*', '**/.*', '**/*.tmp'] }));
  assert.is(greedy.leftAlone(file('.a'))?.rule, 'dotfile');
  assert.is(greedy.leftAlone(file('a.tmp'))?.rule, 'temporary');
});

const nameParts = fc.array(fc.constantFrom('a', 'é', ' ', '\n', '\t', '\\', '[', '*', '!', '{', '\u2028', '\ufffd', '\u001b', '😀'), {
  minLength: 1,
});
const names = nameParts.map((parts) => parts.join(''));

test('leftAlone: whatever characters a name is made of, it is taken in by **/* and kept out by *.tmp', () => {
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 4 }), (parts) => {
      const path = parts.join('/');
      assert.is(plain.leftAlone(file(path)), null);
      assert.is(plain.leftAlone(file(`${path}.tmp`))?.rule, 'temporary');
      assert.is(createRules(routeOf('/in', { exclude: ['**/*.mov'] })).leftAlone(file(`${path}.mov`))?.rule, 'excluded');
      assert.ok(plain.mayGrow(`${path}.MOV`));
    }),
  );
});

for (const [path, enabled, mayGrow] of [
  ['a.mov', true, true],
  ['x/y/a.MXF', true, true],
  ['a.mov', false, false],
  ['a.txt', true, false],
  ['a.mov.txt', true, false],
] as const) {
  test(`mayGrow: ${path} with growing copies ${enabled ? 'on' : 'off'}: ${mayGrow}`, () => {
    const route = routeOf('/in');
    assert.is(createRules({ ...route, growing: { ...route.growing, enabled } }).mayGrow(path), mayGrow);
  });
}

test.run();
