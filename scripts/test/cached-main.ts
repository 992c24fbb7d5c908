// Runs the cacheable test files of one group below the current folder. turbo starts it for each package and for the root. It leaves
// the outcomes in a file that turbo keeps with the result.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { argv, chdir, cwd, env, exit } from 'node:process';
import { runFiles } from './pool.ts';
import { printOutcome } from './report.ts';
import { allTestFiles } from './test-file.ts';
import { measuredSeconds } from './timings.ts';
import { type KeptResults, resultFile } from './turbo.ts';

const [group = ''] = argv.slice(2);
const packageFolder = cwd();
const root = join(import.meta.dirname, '../..');
chdir(root);
const below = relative(root, packageFolder).replaceAll('\\', '/');
const isBelow = (path: string): boolean => (below === '' ? !/^(packages|apps)\//.test(path) : path.startsWith(`${below}/`));
const files = allTestFiles().filter((file) => file.group.name === group && !file.isReal && isBelow(file.path));

// turbo runs several of these at once. On a machine with many processors, each uses a part of them.
const processors = availableParallelism();
env['SLUICE_TEST_WORKERS'] ??= String(processors <= 4 ? processors + 1 : Math.ceil(processors / 4));
const results = join(packageFolder, resultFile(group));
rmSync(results, { force: true });
const outcomes = await runFiles(files, { secondsOf: measuredSeconds(), executables: null, onOutcome: printOutcome });
mkdirSync(dirname(results), { recursive: true });
const kept: KeptResults = { hash: env['TURBO_HASH'] ?? '', outcomes: outcomes.map((outcome) => ({ ...outcome, output: '' })) };
writeFileSync(results, JSON.stringify(kept));
exit(outcomes.some(({ failed }) => failed > 0) ? 1 : 0);
