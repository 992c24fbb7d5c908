import { fileOf } from '@sluice/core/fixtures';
import { type FileId } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { evidenceOf } from '../../src/serve/evidence.ts';
import { a, makeDesk } from './desk.ts';

test('evidenceOf: a file that was copied twice under one name is one file', async () => {
  const desk = makeDesk();
  const copies = ['1', '2'].map((id) => fileOf('COMPLETED', { id: id as FileId, route: a, source: 'a.mov', destination: 'a.mov' }));
  const other = fileOf('COMPLETED', { id: '3' as FileId, route: a, source: 'b.mov', destination: 'b.mov' });
  const reader = { files: () => ({ files: [...copies, other], next: null }) };
  const found = { description: '(ext4)', marker: { kind: 'none' }, present: ['b.mov'], missing: ['a.mov'] } as const;
  const gathered = await evidenceOf(desk.state, reader, a, async () => found);
  const { asked, present, missing } = gathered?.evidence ?? {};
  assert.equal([asked, present, missing], [2, 1, ['a.mov']]);
  desk.close();
});

test.run();
