import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createIdMap, fileId } from '../../../src/mod.ts';

const anyId = fc.oneof(fc.uuid(), fc.string({ maxLength: 9 }), fc.constantFrom('00000001-x', '00000002-x', '0000000f-x')).map(fileId);

test('createIdMap: as a Map, whatever the ids', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyId, fc.option(fc.nat())), { maxLength: 50 }), (changes) => {
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
      assert.equal([...map.keys()].toSorted(), [...model.keys()].toSorted());
      for (const [id] of changes) assert.equal([map.get(id), map.has(id)], [model.get(id), model.has(id)]);
    }),
  );
});

test('createIdMap: what is deleted while its keys are told does not come, and the others come once', () => {
  const map = createIdMap<number>();
  const ids = Array.from({ length: 600 }, (_, index) => fileId(`${index.toString(16).padStart(8, '0')}-`));
  for (const id of ids) map.set(id, 0);
  const told: string[] = [];
  for (const id of map.keys()) {
    told.push(id);
    const other = fileId(`${(Number.parseInt(id.slice(0, 8), 16) ^ 1).toString(16).padStart(8, '0')}-`);
    if (!told.includes(other)) map.delete(other);
  }
  assert.is(told.length, 300);
  assert.is(new Set(told).size, 300);
});

test.run();
