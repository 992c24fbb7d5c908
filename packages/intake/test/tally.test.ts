import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Tally } from '../src/listing/listing.ts';
import { createRules, type EntryFacts } from '../src/rules/rules.ts';
import { routeOf } from './support/source.ts';

const file = (path: string): EntryFacts => ({ path, kind: 'file', sizeBytes: 1 });
const folder = (path: string): EntryFacts => ({ path, kind: 'folder', sizeBytes: 4096 });

function selectionOf(
  change: { readonly include?: readonly string[]; readonly exclude?: readonly string[] },
  ...entries: readonly EntryFacts[]
) {
  const rules = createRules(routeOf('/in', change));
  const tally = new Tally(rules);
  for (const entry of entries) tally.add(entry, rules.leftAlone(entry));
  return tally.selection();
}

test('counts what each rule and each exclude pattern left alone, the largest count first, and equal ones by their rule', () => {
  const { leftAlone, unmatched } = selectionOf(
    { include: ['*.mov', '*.mfx'], exclude: ['proxy/', '*.txt', '*.bak'] },
    ...[file('a.mov'), file('z.txt'), folder('proxy'), file('b.wav'), file('y.txt'), file('x.txt'), folder('x/proxy'), file('.a')],
  );
  assert.equal(leftAlone, [
    { rule: 'excluded', pattern: '*.txt', count: 3, folders: 0, examples: ['x.txt', 'y.txt', 'z.txt'] },
    { rule: 'excluded', pattern: 'proxy/', count: 2, folders: 2, examples: ['proxy', 'x/proxy'] },
    { rule: 'dotfile', pattern: null, count: 1, folders: 0, examples: ['.a'] },
    { rule: 'not_included', pattern: null, count: 1, folders: 0, examples: ['b.wav'] },
  ]);
  assert.equal(unmatched, [
    { setting: 'include', pattern: '*.mfx' },
    { setting: 'exclude', pattern: '*.bak' },
  ]);
});

test('a pattern after another that matches the same does not count as matching nothing', () => {
  const { unmatched } = selectionOf({ include: ['**/*', '*.mov'], exclude: ['*.txt', 'a.*'] }, file('a.txt'), file('b.mov'));
  assert.equal(unmatched, []);
});

test('in an empty source no pattern counts as matching nothing; in one with only folders, no include pattern', () => {
  assert.equal(selectionOf({ include: ['*.mov'], exclude: ['x'] }).unmatched, []);
  assert.equal(selectionOf({ include: ['*.mov'], exclude: ['x'] }, folder('day1')).unmatched, [{ setting: 'exclude', pattern: 'x' }]);
});

test('names the same examples, whatever the order of the entries, and cuts long paths', () => {
  const names = ['g', 'b', 'e', 'a', 'f', 'c', 'd'].map((name) => file(`${name}.tmp`));
  const expected = ['a.tmp', 'b.tmp', 'c.tmp', 'd.tmp', 'e.tmp'];
  assert.equal(selectionOf({}, ...names).leftAlone[0]?.examples, expected);
  assert.equal(selectionOf({}, ...names.toReversed()).leftAlone[0]?.examples, expected);
  assert.is(selectionOf({}, file(`${'x'.repeat(300)}.tmp`)).leftAlone[0]?.examples[0], `${'x'.repeat(200)}…`);
});

test('has at most 50 rows', () => {
  const exclude = Array.from({ length: 70 }, (_, index) => `${index}.txt`);
  const { leftAlone, unmatched } = selectionOf({ exclude }, ...exclude.map(file));
  assert.equal([leftAlone.length, unmatched.length], [50, 0]);
  assert.is(selectionOf({ exclude }, file('a')).unmatched.length, 50);
});

test.run();
