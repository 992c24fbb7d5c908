import { fileURLToPath } from 'node:url';
import { startChild } from '@sluice/child';
import { type ProbeResult, probeId, type RouteSettings } from '@sluice/core/model';
import { setMainModule } from '@sluice/platform';
import { compileCache } from '@sluice/testkit/compile-cache';
import type { ProberCommand, ProberInit, ProberMessage } from '../../src/prober/prober.ts';
import { routeFor } from './carrier-fixture.ts';

const main = fileURLToPath(new URL('./prober-main.ts', import.meta.url));

export const agentId = '0a0b0c0d';

export interface Asked {
  readonly expectedMarker?: string | null;
  readonly plainFolderMeant?: boolean;
  /** Default: a file is created. */
  readonly writes?: boolean;
}

/** A real prober process of one destination. */
export interface ProberChild {
  probe(asked?: Asked): Promise<ProbeResult>;
  /** Writes a marker as the agent does, after the answer that there is none. */
  mark(marker: string, unmarked: ProbeResult): Promise<string>;
  /** Tries to write a marker that is refused. @returns the refusal */
  markRefused(marker: string, unmarked: ProbeResult): Promise<Extract<ProbeResult, { kind: 'bad' }>>;
  /** The same for a name that is taken by something other than a marker. Nothing is reported then. */
  markUnheard(marker: string, unmarked: ProbeResult): void;
  end(): Promise<void>;
}

export interface ProberChildOptions {
  readonly route?: Partial<RouteSettings>;
  readonly asNobody?: boolean;
}

const timeoutMs = 10_000;

export function startProberChild(destination: string, options: ProberChildOptions = {}): ProberChild {
  setMainModule(main);
  let heard: (message: ProberMessage) => void = () => undefined;
  const gone = Promise.withResolvers<void>();
  const child = startChild<ProberInit, ProberCommand, ProberMessage>({
    kind: 'prober',
    accepts: () => true,
    init: { route: { ...routeFor('', destination), ...options.route }, agentId },
    env: { ...compileCache, ...(options.asNobody === true ? { SLUICE_TEST_AS_NOBODY: 'yes' } : {}) },
    onMessage: (message) => heard(message),
    onEnd: () => undefined,
    onGone: gone.resolve,
  });
  const answerTo = (command: ProberCommand): Promise<ProberMessage> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${command.kind}: ${child.diagnosis()}`)), timeoutMs);
      heard = (message) => {
        clearTimeout(timer);
        resolve(message);
      };
      child.send(command);
    });
  const { name } = routeFor('', destination);
  const markCommand = (marker: string, unmarked: ProbeResult): ProberCommand => {
    if (unmarked.kind !== 'unmarked') throw new Error(`not unmarked: ${JSON.stringify(unmarked)}`);
    return { kind: 'write_marker', route: name, marker, mount: unmarked.mount };
  };
  let asked = 0;
  return {
    async probe({ expectedMarker = null, plainFolderMeant = false, writes = true } = {}) {
      asked += 1;
      const id = probeId(`probe ${asked}`);
      const message = await answerTo({ kind: 'probe', route: name, probeId: id, expectedMarker, plainFolderMeant, writes });
      if (message.kind !== 'probe_answered' || message.probeId !== id) throw new Error(`no answer but ${JSON.stringify(message)}`);
      return message.result;
    },
    async mark(marker, unmarked) {
      const message = await answerTo(markCommand(marker, unmarked));
      if (message.kind !== 'marker_written') throw new Error(`no answer but ${JSON.stringify(message)}`);
      return message.marker;
    },
    async markRefused(marker, unmarked) {
      const message = await answerTo(markCommand(marker, unmarked));
      if (message.kind !== 'marker_refused') throw new Error(`no answer but ${JSON.stringify(message)}`);
      return message.result;
    },
    markUnheard: (marker, unmarked) => void child.send(markCommand(marker, unmarked)),
    async end() {
      process.kill(child.pid, 'SIGKILL');
      await gone.promise;
    },
  };
}
