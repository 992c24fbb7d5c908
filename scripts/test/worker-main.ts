// Runs test files one after the other in one process. Reads a path a line from standard input; after each file it writes a
// line that begins with `endMark` and has the exit code that the file would have ended with.
import { resolve } from 'node:path';
import process, { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { endMark } from './worker-protocol.ts';

/** What uvu keeps in globals; `UVU_DEFER` makes it wait for `exec`. Source: uvu 0.5, `run/index.mjs`. */
const shared = globalThis as unknown as { UVU_DEFER: number; UVU_INDEX: number; UVU_QUEUE: unknown[][] };
shared.UVU_DEFER = 1;
const { exec } = (await import('uvu')) as unknown as { exec: () => Promise<void> };

for await (const path of createInterface({ input: stdin })) {
  const code = await runFile(path);
  stdout.write(`\n${endMark} ${code}\n`);
}

async function runFile(path: string): Promise<number> {
  shared.UVU_INDEX = 0;
  shared.UVU_QUEUE.length = 0;
  shared.UVU_QUEUE.push([null]);
  process.exitCode = 0;
  try {
    await import(pathToFileURL(resolve(path)).href);
    await exec();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    stdout.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  } finally {
    process.exitCode = 0;
  }
}
