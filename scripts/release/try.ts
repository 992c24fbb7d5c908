// npm run try -- [FILE]
import { join, relative, resolve } from 'node:path';
import { cwd, exit, stdout } from 'node:process';
import { version } from '../../apps/sluice/src/version.ts';
import { fileName, findTarget, thisMachine } from '../package/targets.ts';
import { tryExecutable } from './try-executable.ts';

const [named] = process.argv.slice(2);
const file = named === undefined ? join(import.meta.dirname, '../../dist', fileName(findTarget(thisMachine()))) : resolve(named);

stdout.write(`${relative(cwd(), file)} on ${thisMachine()}\n`);
const isGood = await tryExecutable(file, version, ({ step, trouble, seconds }) => {
  stdout.write(`${trouble === null ? 'ok  ' : 'FAIL'} ${step} (${seconds.toFixed(1)} s)\n${trouble === null ? '' : `${trouble}\n`}`);
});
exit(isGood ? 0 : 1);
