import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { standardAddress } from '../../packages/control/src/protocol/address.ts';
import { encodeFrame } from '../../packages/control/src/protocol/frames.ts';

/** A part that answers `sluice status`. */
export interface StatusPart {
  runStatus(words: readonly string[]): Promise<number | null>;
}

const samples = join(import.meta.dirname, '../docs/samples/reply-status.jsonl');

/**
 * Runs `status` as scripts do, so that V8 compiles what such a run needs. What only loading a part compiles is a part of it.
 * @throws Error if the part does not understand an answer
 */
export async function warmUp({ runStatus }: StatusPart): Promise<void> {
  await withAnswers(async (stateDir) => {
    for (const words of [[], ['--json'], ['--check']]) {
      const code = await runStatus([...words, '--state', stateDir]);
      if (code !== 0) throw new Error(`status ${words.join(' ')} ended with ${code}`);
    }
  });
}

/**
 * Answers like an agent that is asked for its status, as long as `work` lasts.
 * @param work gets the state folder of this agent
 */
export async function withAnswers(work: (stateDir: string) => Promise<void>): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-'));
  const [reply = ''] = readFileSync(samples, 'utf8').split('\n');
  const answer = encodeFrame({ jsonrpc: '2.0', id: 1, result: JSON.parse(reply) as object });
  const server = createServer((socket) => {
    socket.once('data', () => socket.write(answer));
    socket.on('error', () => undefined);
  });
  try {
    server.listen(standardAddress(stateDir));
    await once(server, 'listening');
    await work(stateDir);
  } finally {
    server.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
}
