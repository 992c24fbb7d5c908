import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { markedName, numberedName, partName } from '../../src/policy/naming.ts';
import { fileError } from '../../src/policy/sentences.ts';
import { windowsObjection } from '../../src/policy/windows-names.ts';
import { isForOperators } from './words.ts';

const refused: readonly (readonly [path: string, objection: string])[] = [
  ['CON', 'CON is the name of a device'],
  ['con.txt', 'CON is the name of a device'],
  ['day1/aux.mxf', 'AUX is the name of a device'],
  ['aux.tar.gz', 'AUX is the name of a device'],
  ['nul/a.mxf', 'NUL is the name of a device'],
  ['Prn .mov', 'PRN is the name of a device'],
  ['COM1', 'COM1 is the name of a device'],
  ['com9.wav', 'COM9 is the name of a device'],
  ['COM¹.wav', 'COM¹ is the name of a device'],
  ['lpt0', 'LPT0 is the name of a device'],
  ['CONIN$', 'CONIN$ is the name of a device'],
  ['a.', 'no name may end in a dot'],
  ['a.mxf.', 'no name may end in a dot'],
  ['day1./a.mxf', 'no name may end in a dot'],
  ['a.mxf ', 'no name may end in a blank'],
  [' /a.mxf', 'no name may end in a blank'],
  ['a\nb', 'no name may hold a control character'],
  ['\u0001', 'no name may hold a control character'],
  ...Array.from('<>:"|?*\\').map((character) => [`take ${character}1.mxf`, `no name may hold ${character}`] as const),
  ['12:30:00/a.mxf', 'no name may hold :'],
];

const taken = [
  ...['a.mxf', 'console', 'con1', 'COM', 'COM10', 'com.mxf', 'auxiliary.mxf', 'null', 'lpt', 'a.con', 'xCON'],
  ...['.hidden', '..a', 'a..b', ' a', 'a .mxf', 'größe 2/Ñandú 日本.mxf', "it's (1) [2] {3} &%$#@!;,+=~.mxf", 'a\u007f', '😀.mov'],
];

for (const [path, objection] of refused) {
  test(`windowsObjection: ${JSON.stringify(path)}: ${objection}`, () => {
    assert.is(windowsObjection(path), objection);
  });
}

for (const path of taken) {
  test(`windowsObjection: nothing against ${JSON.stringify(path)}`, () => {
    assert.is(windowsObjection(path), null);
    // Nor against what Sluice makes of it, however short it has to be cut.
    for (const made of [partName(path, '01234567', 40), markedName(path, '01234567', 40), numberedName(path, 1, '_{n}', 40)]) {
      assert.is(windowsObjection(made), null, made);
    }
  });
}

for (const [code, name, operator] of [
  ['EINVAL', 'day1/12:30.mxf', 'the destination refused its name (EINVAL): on Windows no name may hold :; rename it at the source; then'],
  ['ENOENT', 'aux.mxf', 'the destination refused its name (ENOENT): on Windows AUX is the name of a device; rename it at the source; then'],
  ['UNKNOWN', 'a.', 'the destination refused its name (UNKNOWN): on Windows no name may end in a dot; rename it at the source; then'],
  ['EINVAL', 'a.mxf', 'the destination failed on this file (EINVAL), at 0%; then'],
  ['EIO', '12:30.mxf', 'the destination failed on this file (EIO), at 0%; then'],
] as const) {
  test(`fileError: ${code} for ${name}: ${operator}`, () => {
    const error = fileError('destination_error', { side: 'destination', code, operation: 'create it', message: code }, 0, name, 'then');
    assert.is(error.operator, operator);
    assert.ok(isForOperators(error.operator));
  });
}

test.run();
