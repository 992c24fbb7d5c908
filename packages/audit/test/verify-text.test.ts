import { fileId, routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Differing, OtherCopy } from '../src/model.ts';
import { differingText } from '../src/texts/verify.ts';

const damaged: Differing = {
  id: fileId('0f3c51d2-0000-4000-8000-000000000000'),
  route: routeName('ingest'),
  source: 'a.mxf',
  destination: 'a.mxf',
  sizeBytes: 7,
  difference: { kind: 'silently_changed' },
  sourceNow: 'gone',
};
const rot = 'damaged: its bytes changed although its size and time are the same (bit rot)';
const other = (isRead: boolean): OtherCopy => ({ route: routeName('cards'), path: '/mnt/cards/a.mxf', isRead });

const rows: readonly [Partial<Differing>, string][] = [
  [{ sourceNow: 'unchanged', otherCopy: other(true) }, `${rot}; copy it again from the source with "sluice retry FILE"`],
  [{ otherCopy: other(true) }, `${rot}; copy it back from /mnt/cards/a.mxf, which is right`],
  [
    { sourceNow: 'changed', otherCopy: other(false) },
    `${rot}; look at its copy /mnt/cards/a.mxf, which was not read: "sluice verify --route cards"`,
  ],
  [{ otherCopy: null }, `${rot}; the source is gone, and no other copy is known: look for a backup`],
  [{}, `${rot}; the source is gone, so look for another copy, such as a backup`],
  [{ sourceNow: 'changed', otherCopy: null }, `${rot}; the source has changed since, and no other copy is known: look for a backup`],
  [{ sourceNow: 'unknown', otherCopy: null }, `${rot}; bring the source back and verify again, because the source cannot be read now`],
  [
    { difference: { kind: 'missing', renamedTo: 'b.mxf' }, otherCopy: other(true) },
    'missing: it looks renamed to b.mxf; give it its name back, if it is needed under it',
  ],
  [{ difference: { kind: 'unreadable', code: 'EIO' } }, 'it cannot be read (EIO); check the storage, then verify again'],
];
for (const [over, text] of rows) test(`verify: ${text}`, () => assert.is(differingText({ ...damaged, ...over }), text));

test.run();
