// Stores what V8 compiled of a part, with everything that ran while it was loaded: node --predictable code-cache.ts SOURCE CACHE
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { argv, exit } from 'node:process';
import timers from 'node:timers';
import { Script } from 'node:vm';
import { runPart, wrapPart } from '../../apps/sluice/src/packed/load-part.ts';
import { type StatusPart, warmUp } from './warm-up.ts';

/**
 * Stops the clock and all timers. The same bytes have to result at any time and however slow the machine is: which functions write
 * a duration depends on its length, and a timer that fires runs a function that is otherwise not compiled.
 */
function standStill(): void {
  Date.now = () => Date.parse('2026-11-28T18:00:00.000Z');
  const never: { unref(): unknown } = { unref: () => never };
  Object.assign(timers, { setInterval: () => never, setTimeout: () => never });
}

const [source = '', cache = ''] = argv.slice(2);
const name = basename(source, '.cjs');
const script = new Script(wrapPart(readFileSync(source, 'utf8')), { filename: `sluice/${name}.cjs` });
const part = runPart(script, name);
if (name === 'status') {
  standStill();
  await warmUp(part as StatusPart);
}
writeFileSync(cache, script.createCachedData());
exit(0);
