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
  const found = { description: '(ext4)', marker: { kind: 'none' }, present: ['b.mov'], missing: ['a.mov'], changed: [] } as const;
  const gathered = await evidenceOf(desk.state, reader, a, async () => found);
  const { asked, present, missing } = gathered?.evidence ?? {};
  assert.equal([asked, present, missing], [2, 1, ['a.mov']]);
  desk.close();
});

test('evidenceOf: a file that is missing or has another size there can be copied again', async () => {
  const desk = makeDesk();
  const file = (id: string, source: string) => fileOf('COMPLETED', { id: id as FileId, route: a, source, destination: source });
  const copies = [file('1', 'a.mov'), file('2', 'b.mov'), file('3', 'c.mov')];
  for (const copy of copies) {
    desk.state.files.set(copy.id, copy);
    desk.state.routes.get(a)?.newest.set(copy.source, copy.id);
  }
  const reader = { files: () => ({ files: copies, next: null }) };
  const found = {
    description: '(ext4)',
    marker: { kind: 'none' },
    present: ['b.mov', 'c.mov'],
    missing: ['a.mov'],
    changed: ['b.mov'],
  } as const;
  const gathered = await evidenceOf(desk.state, reader, a, async (_, { names, sizes }) => {
    assert.is(names.length, sizes.length);
    return found;
  });
  assert.equal([...(gathered?.again ?? [])].sort(), ['a.mov', 'b.mov']);
  assert.is(gathered?.evidence.again, 2);
  desk.close();
});

test.run();
