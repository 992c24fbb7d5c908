import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sluiceCommand, unknownCommandText } from '../src/program.ts';

const names = sluiceCommand(() => () => Promise.resolve()).commands.map((each) => each.name());
const rest = '"sluice --help" lists the commands';

for (const [given, text] of [
  ['stauts', `unknown command "stauts". Did you mean "status"? ${rest}`],
  ['strat', `unknown command "strat". Did you mean "start"? ${rest}`],
  ['fils', `unknown command "fils". Did you mean "files"? ${rest}`],
  ['xyzzyqqqq', `unknown command "xyzzyqqqq". ${rest}`],
] as const) {
  test(`unknownCommandText: ${given}`, () => assert.is(unknownCommandText(given, names), text));
}

test.run();
