import type { Renaming } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renamedFilesText, renamedText } from '../../src/states/renamed.ts';

const file: Renaming = { what: 'file', from: 'a.mxf', to: 'b.mxf', files: 1, onRename: 'copy' };
const folder: Renaming = { what: 'folder', from: 'day1', to: 'take', files: 3, onRename: 'link' };

const rows: readonly (readonly [Renaming, string])[] = [
  [file, 'a.mxf was renamed to b.mxf: it is copied again under the new name'],
  [{ ...file, onRename: null }, 'a.mxf was renamed to b.mxf'],
  [{ ...file, onRename: 'link' }, 'a.mxf was renamed to b.mxf: its copy gets the new name too, where the destination can link'],
  [{ ...file, files: 6 }, 'a.mxf was renamed to b.mxf (and 5 more): they are copied again under the new names'],
  [folder, 'the folder day1 was renamed to take (3 files): their copies get the new names too, where the destination can link'],
  [{ ...folder, what: 'files_of_folder', onRename: null }, '3 files moved from day1 to take'],
  [
    { ...folder, what: 'files_of_folder', from: '', onRename: 'copy' },
    '3 files moved from the top of the source to take: they are copied again under the new names',
  ],
];
for (const [renaming, text] of rows) test(`renamedText: ${text}`, () => assert.is(renamedText(renaming), text));

test('renamedFilesText: shows the latest renaming, and how many others there were', () => {
  assert.is(renamedFilesText({ latest: { ...file, onRename: null }, count: 1 }), 'a.mxf was renamed to b.mxf');
  assert.is(
    renamedFilesText({ latest: { ...folder, onRename: null }, count: 4 }),
    'the folder day1 was renamed to take (3 files); 1 file before that',
  );
});

test.run();
