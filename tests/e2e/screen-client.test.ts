import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { connectControl, type ScreenFrame } from '@sluice/control';
import { everything } from '@sluice/testkit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openScreenClient } from '../../packages/tui/src/client/open-screen-client.ts';
import type { AgentMessage, ScreenClient } from '../../packages/tui/src/client/screen-client.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('what the screen gets from a real agent');
const soonMs = 20_000;
/** Screens of this test. One that is left open would look for its agent forever. */
const open: ScreenClient[] = [];

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  for (const client of open.splice(0)) client.close();
  await stopAgents();
  await folders.remove();
});

interface Screen {
  readonly client: ScreenClient;
  readonly heard: AgentMessage[];
  /** Waits for a frame that matches. */
  shows(matches: (frame: ScreenFrame) => boolean): Promise<ScreenFrame>;
  /** Waits for the answer to an intent. */
  hears<Kind extends AgentMessage['kind']>(kind: Kind): Promise<Extract<AgentMessage, { kind: Kind }>>;
}

function openScreen({ stateDir }: Folders): Screen {
  const heard: AgentMessage[] = [];
  const client = openScreenClient({
    connect: () => connectControl({ stateDir, deadlineMs: 2_000 }),
    who: { user: 'ann', origin: null, reason: null },
  });
  open.push(client);
  client.onMessage((message) => void heard.push(message));
  client.watchWindow(everything);
  const last = (): ScreenFrame | undefined => heard.findLast((message) => message.kind === 'frame')?.frame;
  const picture = (): string => `${JSON.stringify(last()?.rows, null, 1)}\n${JSON.stringify(heard.at(-1))}`;
  return {
    client,
    heard,
    shows: (isWanted) => {
      const shown = (): ScreenFrame | undefined => {
        const frame = last();
        return frame !== undefined && isWanted(frame) ? frame : undefined;
      };
      return until(shown, soonMs, picture);
    },
    hears: (kind) => {
      type Expected = Extract<AgentMessage, { kind: typeof kind }>;
      return until(() => heard.find((message): message is Expected => message.kind === kind), soonMs, picture);
    },
  };
}

function start({ source, destination, stateDir }: Folders): Agent {
  return startAgent({ from: source, to: destination, stateDir });
}

const statusOf = ({ rows }: ScreenFrame, name: string): string | undefined =>
  rows.rows.find(({ file }) => file.destination === name)?.file.status;

test('a file is shown, copied and done; a hold takes effect; requests are answered', async ({ folders }) => {
  start(folders);
  const screen = openScreen(folders);
  await screen.shows(({ routes }) => routes[0]?.gate.state === 'open');
  await makeFile(join(folders.source, 'clip.mxf'), 3_000_000);
  // The totals follow the rows in another delta.
  const done = await screen.shows((frame) => statusOf(frame, 'clip.mxf') === 'COMPLETED' && frame.totals.done === 1);
  assert.equal([done.totals.done, done.totals.waiting, done.totals.leftBytes], [1, 0, 0]);
  const copiedBytes = done.throughput.reduce((sum, rate) => sum + rate, 0);
  assert.ok(copiedBytes > 0, 'the throughput shows it');
  assert.ok(screen.heard.some((message) => message.kind === 'log' && /clip\.mxf/.test(message.note.text)));

  const route = done.routes[0]?.name ?? '';
  screen.client.perform({ do: 'hold', route });
  await screen.shows(({ routes }) => routes[0]?.hold?.by === 'ann');
  await makeFile(join(folders.source, 'later.mxf'), 1_000);
  const held = await screen.shows(({ rows }) => rows.rows[0]?.reason === 'skipped by an operator, or its route is held');
  assert.is(statusOf(held, 'later.mxf'), 'READY');
  screen.client.perform({ do: 'release', route });
  await screen.shows((frame) => statusOf(frame, 'later.mxf') === 'COMPLETED');

  const id = done.rows.rows[0]?.file.id ?? '';
  screen.client.perform({ do: 'show', id });
  const { files } = await screen.hears('shown');
  assert.is(files[0]?.timeline.at(-1)?.to, 'COMPLETED');
  screen.client.perform({ do: 'history', range: '24h', filter: '' });
  assert.is((await screen.hears('history')).files.length, 2);
  screen.client.perform({ do: 'evidence', route });
  assert.is((await screen.hears('evidence')).evidence.present, 2);
  const { notes } = await openScreen(folders).hears('logged');
  assert.ok(
    notes.some(({ text }) => text === 'clip.mxf: copied and verified'),
    'who comes later hears what was logged before',
  );
});

test('an agent that ends and starts again is found again, with all waiting files', async ({ folders }) => {
  const first = start(folders);
  const screen = openScreen(folders);
  await screen.shows(({ routes }) => routes[0]?.gate.state === 'open');
  // A screen that was opened before its agent has lost it once already.
  const before = screen.heard.length;
  await first.stop();
  const lost = await until(
    () => screen.heard.slice(before).find((message) => message.kind === 'link' && message.link.kind === 'lost'),
    soonMs,
  );
  assert.ok(lost.kind === 'link' && lost.link.kind === 'lost' && lost.link.why === 'the agent is stopping');
  // While no agent runs, the destination disappears and a file arrives.
  await rename(folders.destination, `${folders.destination}.away`);
  await makeFile(join(folders.source, 'clip.mxf'), 1_000);
  const frames = screen.heard.length;
  start(folders);
  await screen.shows(({ rows }) => rows.rows[0]?.file.hold === 'network');
  const { routes } = await screen.shows(({ verdict }) => !verdict.ok);
  assert.is(routes[0]?.waiting, 1);
  assert.ok(typeof routes[0]?.nextProbeInMs === 'number', JSON.stringify(routes));
  assert.ok(screen.heard.slice(frames).some((message) => message.kind === 'frame' && message.frame.seq === 1));
  await rename(`${folders.destination}.away`, folders.destination);
  await screen.shows((frame) => statusOf(frame, 'clip.mxf') === 'COMPLETED');
});

test.run();
