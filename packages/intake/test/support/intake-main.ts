import { flushCompileCache } from 'node:module';
import process, { argv, env } from 'node:process';
import { runIntake } from '../../src/intake.ts';
import { runSurvey } from '../../src/survey.ts';
import { asNobody, nobody } from './nobody.ts';

/** What the tests start as a child: the same two kinds as the program has. */
const kinds: Readonly<Record<string, () => void>> = { intake: runIntake, survey: runSurvey };

const [word, kind] = argv.slice(2);
if (word !== '__child' || kind === undefined) process.exit(2);
// For root there is no folder that cannot be read.
if (env['TEMP'] === asNobody) process.setuid?.(nobody);
kinds[kind]?.();
// The process ends by SIGKILL: without this nothing that it compiled would be there for the next one.
flushCompileCache();
