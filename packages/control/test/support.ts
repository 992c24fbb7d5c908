import process from 'node:process';
import { temporaryFolder } from '@sluice/testkit';
import type { FileJson, HelloJson } from '../src/protocol/replies.ts';
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

export const file = { v: 1, id: 'f', source: 'a.mxf', status: 'READY' } as FileJson;

/** Handlers that answer with next to nothing; `change` replaces some. */
export function handlers(change: Partial<ControlHandlers> = {}): ControlHandlers {
  const not = () => {
    throw new Error('not in this test');
  };
  return {
    ping: () => hello,
    status: not,
    files: () => ({ v: 1, files: [file], next: null }),
    show: not,
    history: not,
    past: not,
    act: not,
    steer: not,
    evidence: not,
    log: not,
    stop: not,
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

/** The error that a promise is rejected with. @throws where it is not rejected */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('it was accepted')),
    (error: unknown) => error,
  );
}
