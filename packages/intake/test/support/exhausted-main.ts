import process, { argv } from 'node:process';
import { routeOf } from './source.ts';
import { startIntake } from './start-intake.ts';

// An intake process on a system with hardly any watches: it lists until that was reported, then twice more, and prints what was
// reported.
const [root = ''] = argv.slice(2);
const intake = startIntake(routeOf(root));
await intake.list();
await intake.reported('source_state', ({ code }) => code !== null);
const after = [await intake.list(), await intake.list()];
const states = intake.messages.flatMap((message) => (message.kind === 'source_state' ? [[message.state, message.code]] : []));
process.stdout.write(`${JSON.stringify({ states, answers: after.map(({ answer }) => answer.kind) })}\n`);
await intake.end();
