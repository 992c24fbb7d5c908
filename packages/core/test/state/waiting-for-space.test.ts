import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fileId } from '../../src/model/ids.ts';
import { createRoomWait } from '../../src/state/waiting-for-space.ts';

const ids = ['a', 'b', 'c', 'd', 'e'].map(fileId);
const change = fc.record({ id: fc.constantFrom(...ids), sizeBytes: fc.option(fc.integer({ min: 0, max: 9 })), isAsked: fc.boolean() });

test('createRoomWait: counts, sums and finds the largest like a plain list of sizes, in any order of changes', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.integer({ min: 0, max: 9 }), (changes, limit) => {
      const room = createRoomWait();
      const sizes = new Map<string, number>();
      for (const { id, sizeBytes, isAsked } of changes) {
        if (sizeBytes === null) {
          room.delete(id);
          sizes.delete(id);
        } else {
          room.add(id, sizeBytes);
          sizes.set(id, sizeBytes);
        }
        if (!isAsked) continue;
        const all = [...sizes.values()];
        assert.is(room.files(), all.length);
        assert.is(
          room.bytes(),
          all.reduce((sum, size) => sum + size, 0),
        );
        assert.is(room.largest()?.sizeBytes ?? null, all.length === 0 ? null : Math.max(...all));
        assert.is(room.countLarger(limit), all.filter((size) => size > limit).length);
      }
    }),
  );
});

test.run();
