// Stores what V8 compiled of a part, with everything that ran while it was loaded: node --predictable code-cache.ts SOURCE CACHE
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { argv } from 'node:process';
import { Script } from 'node:vm';
import { runPart, wrapPart } from '../../apps/sluice/src/packed/load-part.ts';

const [source = '', cache = ''] = argv.slice(2);
const name = basename(source, '.cjs');
const script = new Script(wrapPart(readFileSync(source, 'utf8')), { filename: `sluice/${name}.cjs` });
runPart(script, name);
writeFileSync(cache, script.createCachedData());
