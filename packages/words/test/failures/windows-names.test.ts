import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { windowsObjection } from '../../src/failures/windows-names.ts';

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
  ['a.', 'a name cannot end with a dot'],
  ['a.mxf.', 'a name cannot end with a dot'],
  ['day1./a.mxf', 'a name cannot end with a dot'],
  ['a.mxf ', 'a name cannot end with a space'],
  [' /a.mxf', 'a name cannot end with a space'],
  ['a\nb', 'a name cannot contain a control character'],
  ['\u0001', 'a name cannot contain a control character'],
  ...Array.from('<>:|?*\\').map((character) => [`take ${character}1.mxf`, `a name cannot contain "${character}"`] as const),
  ['take "1.mxf', 'a name cannot contain a quotation mark'],
  ['12:30:00/a.mxf', 'a name cannot contain ":"'],
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
  test(`windowsObjection: accepts ${JSON.stringify(path)}`, () => {
    assert.is(windowsObjection(path), null);
  });
}

test.run();
