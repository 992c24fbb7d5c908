import process from 'node:process';
import { temporaryFolder } from '@sluice/testkit';
import type { FileJson, HelloJson, StatusReply } from '../src/protocol/replies.ts';
import type { ScreenFrame } from '../src/protocol/screen-frame.ts';
import type { ControlHandlers } from '../src/server/client-session.ts';
import { type ControlServer, type ControlServerOptions, createControlServer } from '../src/server/server.ts';

export const freshFolder = () => temporaryFolder('ctl');

export const hello: HelloJson = {
  v: 1,
  protocol: 1,
  pid: process.pid,
  version: '1.2.3',
  startedAt: '2026-01-02T03:04:05.000Z',
  stateDir: '/st',
};

export const file: FileJson = {
  ...{ v: 1, id: 'f', route: 'a', source: 'a.mxf', destination: 'a.mxf', nameValid: true, nameReason: null, status: 'READY', hold: null },
  ...{ growing: false, phase: null, behindBytes: null, sizeBytes: 1, copiedBytes: 0, percent: 0, bytesPerSecond: 0, attempt: 1 },
  ...{ error: null, recoveryOf: null, recoveredBy: null, copied: null, hash: null, readback: null, afterCopy: 'none' },
  ...{ sourceGone: false, discoveredAt: '2026-01-02T03:04:05.000Z', startedAt: null, endedAt: null },
};

export const status: StatusReply = {
  v: 1,
  verdict: { ok: true, text: 'all is well' },
  agent: { running: true, pid: 1, version: '1.2.3', startedAt: null, stateDir: '/st' },
  routes: [],
};

/** An empty screen. */
export function screenFrame(seq: number): ScreenFrame {
  const { verdict, agent, routes } = status;
  const figures = { needsYou: 0, recording: 0, waiting: 0, done: 0, failed: 0, recovered: 0 };
  const totals = { ...figures, leftBytes: 0, bytesPerSecond: 0, etaMs: null } as ScreenFrame['totals'];
  const rows = { total: 0, matched: 0, offset: 0, rows: [] };
  return { v: 1, at: '', seq, verdict, agent, routes: routes as readonly never[], totals, throughput: [], rows };
}

/** Handlers with minimal answers; `change` replaces some. */
export function handlers(change: Partial<ControlHandlers> = {}): ControlHandlers {
  const not = () => {
    throw new Error('not in this test');
  };
  return {
    ping: () => hello,
    status: not,
    metrics: not,
    files: () => ({ v: 1, files: [file], next: null }),
    show: not,
    history: not,
    past: not,
    prune: not,
    act: not,
    steer: not,
    clear: not,
    evidence: not,
    leftovers: not,
    settings: not,
    log: not,
    stop: not,
    reload: not,
    ...change,
  };
}

export interface TestServer {
  readonly server: ControlServer;
  readonly stateDir: string;
  readonly troubles: string[];
}

export async function serve(options: Partial<ControlServerOptions> = {}): Promise<TestServer> {
  const stateDir = options.stateDir ?? freshFolder();
  const troubles: string[] = [];
  const server = await createControlServer({
    stateDir,
    handlers: handlers(),
    onTrouble: (message) => troubles.push(message),
    env: {},
    ...options,
  });
  return { server, stateDir, troubles };
}

/** Returns the error that a promise is rejected with. @throws if it is not rejected */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('it was accepted')),
    (error: unknown) => error,
  );
}
