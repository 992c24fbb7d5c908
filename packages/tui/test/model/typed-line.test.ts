import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { aroundCaret, editedBy, inserted, type TypedLine } from '../../src/model/typed-line.ts';

/** `ab|c`: a line and its caret. */
const line = (drawn: string): TypedLine => {
  const [before = '', behind = ''] = drawn.split('|');
  return { text: before + behind, after: [...new Intl.Segmenter().segment(behind)].length };
};
const drawn = (edited: TypedLine | null): string | null => edited && aroundCaret(edited).join('|');

for (const [before, key, after] of [
  ['ab|', 'c', 'abc|'],
  ['a|b', 'c', 'ac|b'],
  ['ab|', 'backspace', 'a|'],
  ['a|b', 'backspace', '|b'],
  ['|b', 'backspace', '|b'],
  ['a|b', 'delete', 'a|'],
  ['ab|', 'delete', 'ab|'],
  ['ab|', 'left', 'a|b'],
  ['|ab', 'left', '|ab'],
  ['a|b', 'right', 'ab|'],
  ['ab|', 'right', 'ab|'],
  ['ab|', 'home', '|ab'],
  ['ab|', 'ctrl-a', '|ab'],
  ['|ab', 'end', 'ab|'],
  ['|ab', 'ctrl-e', 'ab|'],
  ['danub cam|', 'ctrl-u', '|'],
  ['dan|ub', 'ctrl-u', '|ub'],
  ['dan|ub', 'ctrl-k', 'dan|'],
  ['danub cam|', 'ctrl-w', 'danub |'],
  ['/mnt/nas/in|gest', 'ctrl-w', '/mnt/nas/|gest'],
  ['/mnt/nas/|', 'ctrl-w', '/mnt/|'],
  ['e\u0301|x', 'backspace', '|x'],
  ['👩‍👩‍👧|', 'left', '|👩‍👩‍👧'],
] as const) {
  test(`editedBy: ${key} makes ${after} of ${before}`, () => assert.is(drawn(editedBy(key, line(before))), after));
}

test('editedBy: is null for a key without a meaning in a line', () => {
  for (const key of ['up', 'pagedown', 'tab', 'escape', 'enter', 'ctrl-l', 'f1']) assert.is(editedBy(key, line('a|')), null, key);
});

test('inserted: puts pasted text before the caret', () => assert.is(drawn(inserted(line('/a|/z'), '/b/c')), '/a/b/c|/z'));

test('aroundCaret: a caret beyond the text is at its start', () => assert.equal(aroundCaret({ text: 'ab', after: 9 }), ['', 'ab']));

test.run();
