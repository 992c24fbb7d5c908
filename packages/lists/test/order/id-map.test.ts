import { type FileId, fileId } from '@sluice/core/model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createIdMap } from '../../src/order/id-map.ts';

const anyId = fc.oneof(fc.uuid(), fc.string({ maxLength: 9 }), fc.constantFrom('00000001-x', '00000002-x', '0000000f-x')).map(fileId);

function numbered(index: number): FileId {
  return fileId(`${index.toString(16).padStart(8, '0')}-0000-4000-9000-000000000000`);
}

test('createIdMap: behaves like a Map for any ids', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyId, fc.option(fc.nat())), { maxLength: 300 }), (changes) => {
      const map = createIdMap<number>();
      const model = new Map<string, number>();
      for (const [id, value] of changes) {
        if (value === null) {
          map.delete(id);
          model.delete(id);
        } else {
          map.set(id, value);
          model.set(id, value);
        }
      }
      assert.is(map.size(), model.size);
      for (const [id] of changes) assert.equal([map.get(id), map.has(id)], [model.get(id), model.has(id)]);
    }),
  );
});

test('createIdMap: every entry is found after any growth, until it is removed', () => {
  const map = createIdMap<number>();
  const count = 20_000;
  for (let index = 0; index < count; index += 1) {
    map.set(numbered(index), index);
    if (index % 3 === 0) map.delete(numbered(index / 3));
  }
  const deleted = Math.ceil(count / 3);
  assert.is(map.size(), count - deleted);
  for (let index = 0; index < count; index += 1) assert.is(map.get(numbered(index)), index < deleted ? undefined : index);
});

test.run();
