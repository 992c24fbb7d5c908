// timeout: 14400s
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentFactsOf } from '@sluice/lock';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Agent, logOf, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';
import { assertClear } from './clear.ts';
import { type Conversation, conversationBy, converse } from './control.ts';
import { fuzz } from './fuzz.ts';

const messageBytes = 1_048_576;
const answerMs = 20_000;
const agentBytes = 500_000_000;
const maxLine = 4_000;

const root = temporaryFolder('fuzz-agent');
let agent: Agent | null = null;
let address = '';

test('an agent runs and has copied a few files', async () => {
  const [from, to] = [join(root, 'in'), join(root, 'out')];
  for (const folder of [from, to]) mkdirSync(folder);
  for (let number = 0; number < 8; number += 1) writeFileSync(join(from, `clip ${number}.mxf`), 'recorded');
  agent = startAgent({ from, to, stateDir: join(root, 'state'), args: ['--guard', 'none'] });
  await until(() => existsSync(join(to, 'clip 7.mxf')), answerMs);
  address = agentFactsOf(agent.stateDir)?.socketPath ?? '';
});

fuzz<readonly Conversation[]>({
  claim: 'the control socket of an agent: it answers all complete requests, and survives all broken ones',
  file: 'tests/fuzz/agent.test.ts',
  cases: 50,
  limitMs: 60_000,
  make: (chance) => Array.from({ length: chance.pick([1, 1, 2, 6]) }, () => conversationBy(chance, messageBytes)),
  run: async (conversations) => {
    // Half a message is waited for 10 s. That is tested where the limit is shorter.
    await Promise.all(conversations.map((each) => converse(address, each.end === 'closes' ? { ...each, end: 'leaves' } : each, answerMs)));
    const status = await agent?.status();
    if (status === undefined) throw new Error('the agent gives no status');
  },
});

test('the agent uses little memory, has logged no fault, and ends properly', async () => {
  if (agent === null) throw new Error('no agent was started');
  const memory = existsSync('/proc/self/status') ? readFileSync(`/proc/${agent.pid}/status`, 'utf8') : '';
  const peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(memory)?.[1] ?? 0) * 1_024;
  assert.ok(peakBytes < agentBytes, `${peakBytes} bytes`);
  for (const line of readFileSync(logOf(agent), 'utf8').split('\n')) if (line !== '') assertClear(line, maxLine);
  assert.is(agent.complaints(), '');
  assert.is(await agent.stop(), 143);
});

test.after(stopAgents);
test.run();
