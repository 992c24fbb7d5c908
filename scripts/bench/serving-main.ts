// An agent that copies nothing: it shows 100,000 files on the real socket of the state folder that its argument names.
import process, { argv } from 'node:process';
import { readerOf } from '@sluice/persistence';
import { makeSystemTimer, systemClock } from '../../packages/agent/src/clock.ts';
import { createHandlers } from '../../packages/agent/src/serve/handlers.ts';
import { createScreens } from '../../packages/agent/src/serve/screen/screens.ts';
import { createControlServer } from '../../packages/control/src/server/server.ts';
import { filledJournal, manyFiles, moveCopies } from './agent-state.ts';
import { watchLag } from './lag.ts';
import type { ServingOrder, ServingWord } from './serving.ts';

// The same settings as in the agent.

const [stateDir = ''] = argv.slice(2);
const moveEveryMs = 250;
const logText = 'x'.repeat(1_000);

const { journal } = filledJournal(stateDir);
const state = manyFiles();
const reader = readerOf(journal.database);
const self = { pid: process.pid, version: '0.1.0', startedAt: new Date().toISOString(), stateDir };
const troubles: string[] = [];
const onTrouble = (message: string): void => void troubles.push(message);
const screens = createScreens({
  state,
  reader,
  self,
  clock: systemClock,
  isStalled: () => false,
  conditions: () => [],
  refusedReload: () => null,
  makeTimer: makeSystemTimer,
  defer: setImmediate,
  onTrouble,
});
const none = (): void => undefined;
const search = (): Promise<readonly string[]> => Promise.resolve([]);
const filter: Parameters<typeof createHandlers>[0]['filter'] = () => Promise.resolve({ ids: [], sums: [] });
const { monotonic } = systemClock;
const handlers = createHandlers({
  state,
  reader,
  search,
  filter,
  searchTime: monotonic,
  self,
  wall: systemClock.wall,
  isStalled: () => false,
  conditions: () => [],
  refusedReload: () => null,
  metrics: () => '',
  settings: () => [],
  offer: none,
  addonPath: () => null,
  prune: () => ({ files: 0, entries: 0, isDone: true }),
  stop: none,
  reload: () => Promise.reject(new Error('not in this benchmark')),
});
const server = await createControlServer({ stateDir, handlers, screens, onTrouble });
const lag = watchLag();
let moving = 0;

setInterval(() => {
  if (moving === 0) return;
  moveCopies(state, moving);
  screens.committed([]);
}, moveEveryMs);

const say = (word: ServingWord): void => void process.send?.(word);
process.on('message', (order: ServingOrder) => {
  const lagMs = lag.taken();
  switch (order.do) {
    case 'move':
      moving = order.copies;
      break;
    case 'tell':
      for (let line = 0; line < order.lines; line += 1) {
        server.publish('log', 'ingest', () => ({ v: 1, at: new Date().toISOString(), level: 'info', route: 'ingest', text: logText }));
      }
      break;
    case 'watch_lag':
      lag.begin();
      break;
    case 'report':
      break;
  }
  say({ lagMs, clients: server.clientCount(), troubles });
});
process.on('disconnect', () => process.exit());
say({ lagMs: [], clients: 0, troubles });
