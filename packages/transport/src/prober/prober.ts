import { performance } from 'node:perf_hooks';
import { runChild } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import { writeMarker } from '../mounted/marker.ts';
import { orRefusal, probeOnce } from './probe.ts';

/** The first message to a prober process. */
export interface ProberInit {
  readonly route: RouteSettings;
  /** First eight hex digits of the agent's UUID. */
  readonly agentId: string;
  /** For a `check`: where a marker would be left, that is tried, and none stays. */
  readonly rehearsesMarker?: boolean;
}

export type ProberCommand = Extract<Effect, { kind: 'probe' | 'write_marker' }>;
export type ProberMessage = Extract<Event, { kind: 'probe_answered' | 'marker_written' | 'marker_refused' }>;

/** Questions under way at once: a hung one must not keep a later one from being asked. */
const questionsLimit = 2;

/** The prober process: answers questions about one destination until its channel closes. */
export function runProber(): void {
  runChild<ProberInit, ProberCommand, ProberMessage>(({ route, agentId, rehearsesMarker = false }, channel) => {
    const underWay = new Set<{ operation: string; since: number }>();
    channel.setActivity(() => {
      const [oldest] = underWay;
      if (oldest === undefined) return null;
      return { operation: oldest.operation, side: 'destination', sinceMs: performance.now() - oldest.since };
    });

    const during = async (work: (onCall: (operation: string) => void) => Promise<void>): Promise<void> => {
      if (underWay.size >= questionsLimit) return;
      const mine = { operation: 'probe', since: performance.now() };
      underWay.add(mine);
      await work((operation) => Object.assign(mine, { operation, since: performance.now() })).finally(() => underWay.delete(mine));
    };

    const answer = async ({ probeId, expectedMarker, plainFolderMeant }: Extract<ProberCommand, { kind: 'probe' }>): Promise<void> =>
      during(async (onCall) => {
        const result = await probeOnce({
          route,
          agentId,
          expectedMarker,
          plainFolderMeant,
          rehearsesMarker,
          mayGoOn: channel.isOpen,
          onCall,
        });
        await channel.send({ kind: 'probe_answered', route: route.name, probeId, result });
      });

    const mark = async ({ marker, mount }: Extract<ProberCommand, { kind: 'write_marker' }>): Promise<void> =>
      during(async (onCall) => {
        onCall('write the marker');
        const there = await orRefusal(() => writeMarker({ marker, agentId, mount, mayGoOn: channel.isOpen }));
        if (there === null || !channel.isOpen()) return;
        if (typeof there === 'string') await channel.send({ kind: 'marker_written', route: route.name, marker: there });
        else await channel.send({ kind: 'marker_refused', route: route.name, result: there });
      });

    channel.onMessage((command) => {
      if (command.kind === 'probe') void answer(command);
      else void mark(command);
    });
  });
}
