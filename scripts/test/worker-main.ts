// Runs test files one after the other in one process. Reads paths from standard input, one on each line. After each file it writes
// a line that begins with `endMark` and has the exit code that the file would have ended with.
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import process, { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { beginMark, endMark } from './worker-protocol.ts';

/** What uvu keeps in globals; `UVU_DEFER` makes it wait for `exec`. Source: uvu 0.5, `run/index.mjs`. */
const shared = globalThis as unknown as { UVU_DEFER: number; UVU_INDEX: number; UVU_QUEUE: unknown[][] };
shared.UVU_DEFER = 1;
const { exec, takeHookFailure } = await import('./reporting-uvu.ts');
const reportingUvu = import.meta.resolve('./reporting-uvu.ts');
registerHooks({
  resolve: (name, context, next) => next(name === 'uvu' && context.parentURL !== reportingUvu ? reportingUvu : name, context),
});

/** How long what a file left running may take to end by itself. Less than the parent process waits. */
const leftRunningMs = 1_000;
/** The files that this process has run, the current one last. */
const ran: string[] = [];
let isRunning = false;
let hasRejection = false;

// Without this, the process and the files that it still has to run would end with the first rejection.
process.on('unhandledRejection', (error) => {
  stdout.write(`unhandled rejection in ${ran.join(' or ')}: ${textOf(error)}\n`);
  hasRejection = true;
  if (!isRunning) process.exitCode = 1;
});

const lines = createInterface({ input: stdin });
// The parent process has ended, so nobody reads the result of the file under way.
lines.on('close', () => {
  if (isRunning) process.exit(1);
});
for await (const path of lines) {
  ran.push(path);
  isRunning = true;
  const code = await runFile(path);
  // An unhandled rejection is reported after the promise jobs of this event-loop turn.
  await turn();
  isRunning = false;
  stdout.write(`\n${endMark} ${hasRejection ? 1 : code}\n`);
  hasRejection = false;
}
// What a file left running keeps the process alive. Its exit handlers must run all the same: they remove folders.
setTimeout(() => process.exit(), leftRunningMs).unref();

async function runFile(path: string): Promise<number> {
  shared.UVU_INDEX = 0;
  shared.UVU_QUEUE.length = 0;
  shared.UVU_QUEUE.push([null]);
  process.exitCode = 0;
  try {
    await import(pathToFileURL(resolve(path)).href);
    stdout.write(`\n${beginMark}\n`);
    await exec();
    return takeHookFailure() ? 1 : Number(process.exitCode ?? 0);
  } catch (error) {
    stdout.write(`${textOf(error)}\n`);
    return 1;
  } finally {
    process.exitCode = 0;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
