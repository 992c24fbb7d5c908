// group: package
import { test } from 'uvu';
import { assertKillsLoseNothing } from './support/killed-writer.ts';

test('append: after kill -9 at 21 moments every acknowledged batch is complete, and no batch is written partly', () =>
  assertKillsLoseNothing(21));

test.run();
