import { parentPort, workerData } from 'node:worker_threads';
import type { ScreenWindow } from '@sluice/control';
import { filledJournal } from './agent-state.ts';
import { crankedAgent } from './hand-cranked.ts';
import type { Recording } from './recording.ts';

const deltaCount = 40;

const { journal, end } = filledJournal(null);
const agent = crankedAgent(journal);
const recordings: Recording[] = [];
for (const window of workerData as readonly ScreenWindow[]) {
  const frame = await agent.watch(window);
  const deltas = Array.from({ length: deltaCount }, () => agent.change(frame.rows.rows)).flat();
  recordings.push({ frame, deltas });
}
end();
parentPort?.postMessage(recordings);
