// Measures what the tests only count: npm run bench -- NAME
import { argv, exit, stderr, stdout } from 'node:process';
import { benchScreen } from './screen.ts';

/** What can be measured; each gives its figures as lines. */
const benches: Readonly<Record<string, () => Promise<readonly string[]>>> = { screen: benchScreen };

const wanted = argv.slice(2).filter((arg) => !arg.startsWith('--'));
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  stderr.write(`there is no benchmark ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}\n`);
  exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  stdout.write(`${name}\n`);
  for (const line of await bench()) stdout.write(`  ${line}\n`);
}
