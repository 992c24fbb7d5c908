import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ListedDisks } from '../src/listing/disks.ts';

test('ListedDisks: files of several disks in turn each get the device of their disk', () => {
  const disks = new ListedDisks('7', true);
  const devices = [7n, 7n, 2n ** 63n, 7n, 9n, 9n, 2n ** 63n, 7n];
  assert.equal(
    devices.map((dev) => disks.of(dev).device),
    devices.map(String),
  );
});

test('ListedDisks: whether inodes are real is said of the disk of the source, and of no other', () => {
  const [real, unreal] = [new ListedDisks('7', true), new ListedDisks('7', false)];
  const unknown = [real, unreal].map((disks) => disks.of(9n).hasRealInodes);
  assert.equal(
    [real, unreal].map((disks) => disks.of(7n).hasRealInodes),
    [true, false],
  );
  assert.is(unknown[0], unknown[1]);
});

test.run();
