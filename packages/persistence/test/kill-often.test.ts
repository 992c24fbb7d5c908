// group: package
import { test } from 'uvu';
import { assertKillsLoseNothing } from './support/killed-writer.ts';

test('append: after kill -9 at 21 moments every acknowledged batch is there, whole, and no half one', () => assertKillsLoseNothing(21));

test.run();
