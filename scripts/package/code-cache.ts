// Stores what V8 compiled of a part, with everything that ran while it was loaded: node --predictable code-cache.ts SOURCE CACHE
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { argv, exit } from 'node:process';
import { Script } from 'node:vm';
import { runPart, wrapPart } from '../../apps/sluice/src/packed/load-part.ts';
import { type StatusPart, warmUp } from './warm-up.ts';

const [source = '', cache = ''] = argv.slice(2);
const name = basename(source, '.cjs');
const script = new Script(wrapPart(readFileSync(source, 'utf8')), { filename: `sluice/${name}.cjs` });
const part = runPart(script, name);
if (name === 'status') {
  // Which functions write a duration depends on its length, and the same bytes have to result at any time.
  Date.now = () => Date.parse('2026-11-28T18:00:00.000Z');
  await warmUp(part as StatusPart);
}
writeFileSync(cache, script.createCachedData());
exit(0);
