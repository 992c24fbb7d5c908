import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Note } from '@sluice/agent';
import { connectControl, type FileJson, type Method, type ParamsOf, type Replies } from '@sluice/control';
import { demoLimits } from '../limits.ts';
import { type DemoAgent, startDemoAgent } from './agent.ts';
import { type DemoStorage, makeStorage } from './storage.ts';

/** The folders of the tour and the agent that works on them, which is a separate process as usual. */
export interface Stage {
  readonly source: string;
  readonly storage: DemoStorage;
  readonly stateDir: string;
  /** Everything that the agent has reported so far. */
  readonly notes: readonly Note[];
  /** Resolves with the agent's exit code. */
  readonly ended: Promise<number>;
  /** Sends a request to the agent. @throws NotRunning, ControlError, Disconnected, TimedOut */
  ask<M extends Method>(method: M, params: ParamsOf<M>): Promise<Replies[M]>;
  /** Returns all tracked files, as the agent reports them; none if it does not answer. */
  files(): Promise<readonly FileJson[]>;
  /** Ends the agent and removes every folder. */
  clearAway(): Promise<void>;
}

/** How a stage is set up. */
export interface StageOptions {
  /** Whether the agent ends by itself when everything is copied. */
  readonly isUntilIdle: boolean;
  /** Bytes per second, in the form of the setting. */
  readonly maxRate: string;
  readonly onNote?: (note: Note) => void;
  /** Called with each line of the agent's standard error. */
  readonly onComplaint: (line: string) => void;
}

/** The name of the only route. */
export const routeName = 'ingest';

/** Settings of the tour: those of a real installation, with shorter waits. */
const settings = [
  ['--stable-after', '1s'],
  ['--scan-every', '1s'],
  ['--growing-min-size', '2MB'],
  ['--growing-safety-margin', '1MB'],
  ['--growing-poll', '500ms'],
  ['--growing-quiet-for', '2s'],
  ['--probe-open', '500ms'],
  ['--probe-closed', '500ms'],
  ['--space-keep-free', '100MB'],
] as const;

/** Creates the folders and starts the agent. */
export async function setStage({ isUntilIdle, maxRate, onNote, onComplaint }: StageOptions): Promise<Stage> {
  const root = await makeRoot();
  try {
    const source = join(root, 'recorders');
    const stateDir = join(root, 'state');
    const config = join(root, 'sluice.toml');
    await mkdir(source);
    const storage = await makeStorage(root);
    await writeFile(config, configText(source, storage.folder));
    const options = ['run', '-c', config, '--state', stateDir, '--json', ...settings.flat(), '--max-rate', maxRate];
    const agent = startDemoAgent({ args: isUntilIdle ? [...options, '--until-idle'] : options, root, onComplaint, onNote });
    return stageOf({ root, source, storage, stateDir, agent });
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

/** The name is short if that is free, because the screen shows it. The folder is new, and no other user may read it. */
async function makeRoot(): Promise<string> {
  const root = join(tmpdir(), 'sluice-demo');
  try {
    await mkdir(root, { mode: 0o700 });
    return root;
  } catch {
    return await mkdtemp(`${root}-`);
  }
}

function configText(source: string, destination: string): string {
  // JSON strings are valid TOML strings.
  const lines = [`name = "${routeName}"`, `source = ${JSON.stringify(source)}`, `destination = ${JSON.stringify(destination)}`];
  return `[[route]]\n${lines.join('\n')}\n`;
}

interface Set {
  readonly root: string;
  readonly source: string;
  readonly storage: DemoStorage;
  readonly stateDir: string;
  readonly agent: DemoAgent;
}

function stageOf({ root, source, storage, stateDir, agent }: Set): Stage {
  const ask: Stage['ask'] = async (method, params) => {
    const client = await connectControl({ stateDir, deadlineMs: demoLimits.stageAnswerMs });
    try {
      return await client.request(method, params);
    } finally {
      client.close();
    }
  };
  return {
    source,
    storage,
    stateDir,
    notes: agent.notes,
    ended: agent.ended,
    ask,
    files: () =>
      ask('files', { all: true }).then(
        ({ files }) => files,
        () => [],
      ),
    async clearAway() {
      await agent.end();
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
