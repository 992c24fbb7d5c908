// timeout: 14400s
import { connectControl, createControlServer } from '@sluice/control';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import { makeSystemTimer, systemClock } from '../../packages/agent/src/clock.ts';
import { createHandlers } from '../../packages/agent/src/serve/handlers.ts';
import { createScreens } from '../../packages/agent/src/serve/screen/screens.ts';
import { makeDesk } from '../../packages/agent/test/serve/desk.ts';
import { type Conversation, conversationBy, converse } from './control.ts';
import { fuzz } from './fuzz.ts';

/** Small enough for a case to reach them. The deadlines are long, so that a busy machine does not cut off a complete message. */
const limits = {
  messageBytes: 65_536,
  // For twelve pages at once, from a journal that grows with each case.
  waitingBytes: 67_108_864,
  openRequests: 16,
  clients: 8,
  messageDeadlineMs: 5_000,
  firstMessageMs: 5_000,
};
const answerMs = 10_000;

const desk = makeDesk();
desk.rest(...Array.from({ length: 40 }, (_, at) => `clip ${at}.mxf`));
const troubles: string[] = [];
const onTrouble = (message: string): void => void troubles.push(message);
const screens = createScreens({ ...desk.serving, clock: systemClock, makeTimer: makeSystemTimer, defer: setImmediate, onTrouble });
const stateDir = temporaryFolder('fuzz-control');
const server = await createControlServer({ stateDir, handlers: createHandlers(desk.serving), screens, limits, onTrouble, env: {} });
const watcher = await connectControl({ stateDir, deadlineMs: answerMs });

fuzz<readonly Conversation[]>({
  claim: 'the control socket: every complete request is answered, and a broken one ends only its own connection',
  file: 'tests/fuzz/control.test.ts',
  cases: 200,
  limitMs: 30_000,
  make: (chance) => Array.from({ length: chance.pick([1, 1, 1, 1, 1, 2, 3, 12]) }, () => conversationBy(chance, limits.messageBytes)),
  show: (conversations) => conversations.map(shown).join('\n'),
  run: async (conversations) => {
    // With more clients than places, some are disconnected, so none can count on an answer.
    const isCrowded = conversations.length >= limits.clients;
    const held = isCrowded ? conversations.map((each) => ({ ...each, ids: null, end: 'leaves' as const })) : conversations;
    await Promise.all(held.map((each) => converse(server.path, each, answerMs)));
    await watcher.request('ping', {}, { deadlineMs: answerMs });
    await left(() => server.clientCount() === 1);
    desk.settle();
    const faults = troubles.splice(0).filter((message) => !/was dropped|was turned away|more since the last/u.test(message));
    if (faults.length > 0) throw new Error(`the agent complained: ${faults.join('\n').slice(0, 2_000)}`);
  },
});

test('the server closes afterwards', async () => {
  watcher.close();
  await server.close();
  screens.end();
  desk.close();
});

test.run();

function shown({ chunks, ids, end }: Conversation): string {
  return `${end} ${JSON.stringify(ids)} ${JSON.stringify(chunks.map((chunk) => chunk.toString('latin1')))}`;
}

async function left(isDone: () => boolean): Promise<void> {
  const endsAt = performance.now() + answerMs;
  while (!isDone()) {
    if (performance.now() > endsAt) throw new Error(`${server.clientCount()} clients are still connected`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
