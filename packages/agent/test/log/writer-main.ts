// A process for the tests of the log: it writes much to one of its outputs, reports, and continues after its reader is closed.
import process from 'node:process';
import { lineOutput } from '../../src/log/output.ts';

const output = lineOutput(process.argv[2] === '1' ? 1 : 2);
const written = 20_000;
let kept = 0;
for (let line = 0; line < written; line += 1) if (output.write('x'.repeat(100))) kept += 1;
process.send?.({ kept, written });
process.once('message', () => {
  output.write('after');
  output.drain(100);
  process.exit(0);
});
