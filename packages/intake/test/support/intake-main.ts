import { flushCompileCache } from 'node:module';
import process, { argv, env } from 'node:process';
import { runIntake } from '../../src/intake.ts';
import { runSurvey } from '../../src/survey.ts';
import { asNobody, nobody } from './nobody.ts';

/** The children that the tests start: the same two kinds as in the program. */
const kinds: Readonly<Record<string, () => void>> = { intake: runIntake, survey: runSurvey };

const [word, kind] = argv.slice(2);
if (word !== '__child' || kind === undefined) process.exit(2);
// Root can read every folder.
if (env['TEMP'] === asNobody) process.setuid?.(nobody);
kinds[kind]?.();
// The process ends by SIGKILL. Without this call, the code it compiled would not be kept for the next one.
flushCompileCache();
