import { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { start, until } from './start.ts';

// A child that cannot be ended, like one inside a hung call: it is stopped, and signals do not reach it.
const { child, next } = start<string>('echo', '');
await next();
process.kill(child.pid, 'SIGSTOP');
ChildProcess.prototype.kill = () => true;
child.abandon();
await until(() => !child.send('x'));
process.stdout.write(`left ${child.pid} ${child.isGone()}\n`);
