import type { LeftAloneRule } from '@sluice/core/model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRules, type EntryFacts } from '../src/rules/rules.ts';
import { routeOf } from './support/source.ts';

const plain = createRules(routeOf('/in'));
const file = (path: string, sizeBytes = 1): EntryFacts => ({ path, kind: 'file', sizeBytes });
const folder = (path: string): EntryFacts => ({ path, kind: 'folder', sizeBytes: 4096 });

const dotfile = 'its name begins with a dot';
const temporary = 'its name is one of a temporary file';
const system = 'it belongs to the operating system';
const bin = 'it is a recycle bin or belongs to the operating system';

for (const [entry, sentence] of [
  [file('a.mov'), null],
  [file('a'), null],
  [file('deep/er/a.mov'), null],
  [file('A.MOV'), null],
  [folder('day1'), null],
  [folder('day1.tmp'), null],
  [file('a.mxf.filepart'), temporary],
  [file('a.mxf.partial'), temporary],
  [file('a.mxf.rclonetmp.partial'), temporary],
  [file('a.mxf.CRDOWNLOAD'), temporary],
  [file('a.mxf.opdownload'), temporary],
  [file('a.mxf.!qB'), temporary],
  [file('a.mxf.!ut'), temporary],
  [file('a.mxf.aria2'), temporary],
  [file('a.mxf.download'), temporary],
  [folder('a.mxf.download'), temporary],
  [file('a.mxf.bts'), temporary],
  [file('a.mxf.td'), temporary],
  [file('a.mxf.dtapart'), temporary],
  [file('a.mxf.temp'), temporary],
  [file('~e.mxf'), null],
  [folder('$RECYCLE.BIN'), bin],
  [folder('x/#recycle'), bin],
  [folder('day1/@eaDir'), bin],
  [folder('@Recycle'), bin],
  [folder('System Volume Information'), bin],
  [folder('lost+found'), bin],
  [file('lost+found'), null],
  [file('#recycle/a.mov'), bin],
  [folder('.Trash-1000'), dotfile],
  [folder('recycle'), null],
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
  [{ path: 'a.mov', kind: 'special', sizeBytes: 0 }, 'it is not a regular file'],
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
  [file('a.MOV'), null],
  [file('cards/a.mxf'), null],
  [file('cards/x/a.MXF'), 'not_included'],
  [file('a.wav'), 'not_included'],
  [file('proxy/a.mov'), 'excluded'],
  [folder('proxy'), 'excluded'],
  [folder('lost+found'), 'excluded'],
  [folder('x/lost+found'), 'excluded'],
  [file('x/lost+found'), 'excluded'],
  [folder('x/proxy'), null],
  [file('x/a_draft.mov'), 'excluded'],
  [folder('a.wav'), null],
] as const satisfies readonly (readonly [EntryFacts, LeftAloneRule | null])[]) {
  test(`leftAlone: with include and exclude, ${entry.kind} ${entry.path}: ${rule ?? 'taken in'}`, () => {
    assert.is(chosen.leftAlone(entry)?.rule ?? null, rule);
  });
}

// If several rules apply one is reported: permanent ones before those of the route, and emptiness last, because it may pass.
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
] as const satisfies readonly (readonly [EntryFacts, LeftAloneRule])[]) {
  test(`leftAlone: of several rules for ${entry.kind} ${entry.path}, ${rule} is reported`, () => {
    assert.is(chosen.leftAlone(entry)?.rule, rule);
  });
}

const onPurpose: readonly (readonly [include: string, taken: readonly EntryFacts[], left: readonly EntryFacts[]])[] = [
  [
    '**/.proxies/**',
    [folder('day1/.proxies'), folder('.proxies/deep'), file('.proxies/a.mov'), file('day1/.PROXIES/deep/a.mov')],
    [folder('.cache'), file('.proxies/.DS_Store'), folder('.proxies/.git'), file('.proxies/a.tmp'), file('.proxies/.git/a')],
  ],
  ['.proxies/', [folder('day1/.proxies'), file('day1/.proxies/a.mov')], [folder('.proxiesX'), file('.proxies')]],
  ['.cache/x.mov', [folder('.cache'), file('.cache/x.mov')], [file('.cache/y.mov'), folder('day1/.cache')]],
  ['.*', [file('.a'), file('day1/.a')], [folder('.git'), file('.git/a'), file('a.tmp'), file('.a.tmp')]],
  ['*.part', [file('scene.part'), file('day1/SCENE.PART')], [file('.a.part'), file('scene.tmp')]],
  ['**/*.{mxf,partial}', [file('a.partial'), file('a.mxf')], [file('a.tmp')]],
  ['.*.part', [file('.a.part')], [file('.a.mov.1234abcd.part')]],
  ['#recycle/**', [folder('#recycle'), file('#Recycle/a/b.mov')], [folder('@eaDir'), folder('day1/#recycle')]],
  ['**/lost+found/*.mov', [folder('lost+found'), file('x/lost+found/a.mov')], [file('lost+found/a.txt')]],
  ['thumbs.db', [file('x/Thumbs.db')], [file('desktop.ini')]],
  ['**/.*', [], [file('.sluice-destination'), file('.sluice-probe-12345678'), file('.a.12345678.sluice-done')]],
  ['**/*', [], [file('.a'), folder('.a'), file('a.tmp'), folder('#recycle'), file('Thumbs.db')]],
];

for (const [include, taken, left] of onPurpose) {
  test(`leftAlone: include ${include} overrules a built-in rule where it names what the rule is about`, () => {
    const rules = createRules(routeOf('/in', { include: ['**/*', include] }));
    for (const entry of taken) assert.is(rules.leftAlone(entry), null, entry.path);
    for (const entry of left) assert.not.equal(rules.leftAlone(entry), null, entry.path);
  });
}

test('leftAlone: exclude has priority over an include that names what a built-in rule is about', () => {
  const rules = createRules(routeOf('/in', { include: ['*.part'], exclude: ['day1/'] }));
  assert.equal(rules.leftAlone(file('day1/a.part')), {
    rule: 'excluded',
    pattern: 'day1/',
    sentence: 'an exclude pattern of the route matches',
  });
});

const nameParts = fc.array(fc.constantFrom('a', 'é', ' ', '\n', '\t', '\\', '[', '*', '!', '{', '\u2028', '\ufffd', '\u001b', '😀'), {
  minLength: 1,
});
const names = nameParts.map((parts) => parts.join(''));

test('leftAlone: a name of any characters is taken in by **/* and left alone by *.tmp', () => {
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
