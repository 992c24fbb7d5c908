import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { markedName, numberedName, partName } from '../../packages/core/src/policy/naming.ts';
import { windowsObjection } from '../../packages/words/src/failures/windows-names.ts';

const accepted = [
  ...['a.mxf', 'console', 'con1', 'COM', 'COM10', 'com.mxf', 'auxiliary.mxf', 'null', 'lpt', 'a.con', 'xCON'],
  ...['.hidden', '..a', 'a..b', ' a', 'a .mxf', 'größe 2/Ñandú 日本.mxf', "it's (1) [2] {3} &%$#@!;,+=~.mxf", 'a\u007f', '😀.mov'],
];

for (const path of accepted) {
  test(`names that Sluice makes from ${JSON.stringify(path)} are accepted wherever it is, however much they are shortened`, () => {
    assert.is(windowsObjection(path), null);
    for (const made of [partName(path, '01234567', 40), markedName(path, '01234567', 40), numberedName(path, 1, '_{n}', 40)]) {
      assert.is(windowsObjection(made), null, made);
    }
  });
}

test.run();
