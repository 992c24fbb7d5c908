// A second process for the tests of locks: takes the locks that its arguments name, reports it, and stays until it is killed.
import module from 'node:module';
import process from 'node:process';
import { acquireAgentLock } from '../src/agent.ts';
import { claimRoute } from '../src/route.ts';

const [what, ...folders] = process.argv.slice(2);
const about = { version: '0.0.0', startedAt: new Date().toISOString() };
try {
  if (what === 'route') {
    const [stateDir = '', source = '', destination = ''] = folders;
    await claimRoute({ ...about, stateDir, route: 'theirs', source, destination });
  } else for (const stateDir of folders) acquireAgentLock({ ...about, stateDir }).nameSocket('/somewhere/agent.sock');
  // The process is killed. Without this call, the code it compiled would not be kept for the next one. Deno has no such cache.
  if (!('Deno' in globalThis)) module.flushCompileCache();
  process.stdout.write('held\n');
} catch (error) {
  process.stdout.write(`${(error as Error).name}: ${(error as Error).message}\n`);
  process.exit((error as { exitCode?: number }).exitCode ?? 1);
}
setInterval(() => undefined, 1000);
