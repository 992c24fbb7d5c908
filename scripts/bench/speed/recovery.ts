import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { BenchAgent, makeSpeedFolders, untilRoute } from './bench-agent.ts';
import { recordsIn } from './story.ts';

const perFolder = 100;

/** Measures how soon waiting files move after the probe finds their destination online again. */
export async function measureRecovery(rounds: number): Promise<readonly Figure[]> {
  const files = count('waiting', 10_000);
  const [first, queued]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < rounds; turn += 1) {
    const folders = makeSpeedFolders();
    const away = `${folders.destination}.away`;
    const agent = new BenchAgent(folders, ['--stable-after', '1s', '--scan-every', '1s']);
    try {
      const client = await agent.client();
      await untilRoute(client, 'online', ({ gate }) => gate.state === 'open');
      renameSync(folders.destination, away);
      await untilRoute(client, 'offline', ({ gate }) => gate.state === 'closed');
      for (let file = 0; file < files; file += 1) {
        const folder = join(folders.source, `d${Math.floor(file / perFolder)}`);
        if (file % perFolder === 0) mkdirSync(folder);
        writeFileSync(join(folder, `f${file}.dat`), 'x');
      }
      await untilRoute(client, 'all are ready', ({ counts }) => counts.READY >= files);
      renameSync(away, folders.destination);
      await untilRoute(client, 'one is copied', ({ counts }) => counts.COMPLETED > 0);
      client.close();
      await agent.stop();
      const records = recordsIn(folders.stateDir);
      const opened = records.findLast((record) => record.kind === 'gate' && record.event.kind === 'gate_opened');
      const since = (kind: string): number => {
        const found = records.find(
          (record) => record.seq > (opened?.seq ?? 0) && 'event' in record && record.event.kind === kind && record.at >= (opened?.at ?? 0),
        );
        return (found?.at ?? Number.NaN) - (opened?.at ?? 0);
      };
      first.push(since('created'));
      queued.push(since('queued'));
    } finally {
      await agent.stop();
      folders.remove();
    }
  }
  const name = `${files.toLocaleString('en')} files wait, the destination returns`;
  return [
    { what: `${name}: the first file is created after`, unit: 'ms', goal: 100, readings: first, judged: 'median' },
    { what: `${name}: the queue is filled after`, unit: 'ms', goal: 250, readings: queued, judged: 'median' },
  ];
}
