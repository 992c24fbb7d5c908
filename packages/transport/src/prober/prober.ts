import { runChild } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import { wakingClock } from '@sluice/platform';
import { processLimits } from '../limits.ts';
import { writeMarker } from '../mounted/marker.ts';
import { orRefusal, probeOnce } from './probe.ts';

/** The first message to a prober process. */
export interface ProberInit {
  readonly route: RouteSettings;
  /** First eight hex digits of the agent's UUID. */
  readonly agentId: string;
  /** For a `check`: if a marker would be written, tries that and leaves none. */
  readonly rehearsesMarker?: boolean;
}

/** The commands that a prober accepts. */
export type ProberCommand = Extract<Effect, { kind: 'probe' | 'write_marker' }>;
/** The answers of a prober. */
export type ProberMessage = Extract<Event, { kind: 'probe_answered' | 'marker_written' | 'marker_refused' }>;

/** A question that is being answered. */
interface UnderWay {
  /** The number of the question, from 1. No other question that is being answered has it. */
  readonly number: number;
  operation: string;
  since: number;
}

/** Returns the lowest free number, from 1. */
function freeNumber(underWay: ReadonlySet<UnderWay>): number {
  const taken = new Set([...underWay].map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}

/** Runs this process as a prober, which answers questions about one destination until its channel closes. */
export function runProber(): void {
  runChild<ProberInit, ProberCommand, ProberMessage>(({ route, agentId, rehearsesMarker = false }, channel) => {
    const underWay = new Set<UnderWay>();
    /** Attempts to write the marker. They run at the same time as the questions, so that a slow attempt does not leave a question unanswered. */
    const markings = new Set<UnderWay>();
    let mayHaveLeftovers = true;
    channel.setActivity(() => {
      const [oldest] = [...underWay, ...markings].sort((a, b) => a.since - b.since);
      if (oldest === undefined) return null;
      return { operation: oldest.operation, side: 'destination', sinceMs: wakingClock.now() - oldest.since };
    });

    const during = async (those: Set<UnderWay>, work: (onCall: (operation: string) => void, number: number) => Promise<void>) => {
      if (those.size >= processLimits.questions) return;
      const mine: UnderWay = { number: freeNumber(those), operation: 'probe', since: wakingClock.now() };
      those.add(mine);
      const onCall = (operation: string): void => void Object.assign(mine, { operation, since: wakingClock.now() });
      await work(onCall, mine.number).finally(() => those.delete(mine));
    };
    /**
     * Returns whether an attempt to write the marker is younger than the deadline of a probe. Core requests the marker again with
     * every probe that does not find it.
     */
    const isMarking = (): boolean => [...markings].some(({ since }) => wakingClock.now() - since < route.probe.deadlineMs);

    const answer = async ({ probeId, ...asked }: Extract<ProberCommand, { kind: 'probe' }>): Promise<void> =>
      during(underWay, async (onCall, number) => {
        const { expectedMarker, plainFolderMeant, writes } = asked;
        const question = { route, agentId, number, mayHaveLeftovers, expectedMarker, plainFolderMeant, writes, rehearsesMarker };
        const result = await probeOnce({ ...question, mayGoOn: channel.isOpen, onCall });
        if (result.kind === 'good' && writes) mayHaveLeftovers = false;
        await channel.send({ kind: 'probe_answered', route: route.name, probeId, result });
      });

    const mark = async ({ marker, mount }: Extract<ProberCommand, { kind: 'write_marker' }>): Promise<void> =>
      during(markings, async (onCall) => {
        onCall('write the marker');
        const there = await orRefusal(() => writeMarker({ marker, agentId, mount, mayGoOn: channel.isOpen }));
        if (there === null || !channel.isOpen()) return;
        if (typeof there === 'string') await channel.send({ kind: 'marker_written', route: route.name, marker: there });
        else await channel.send({ kind: 'marker_refused', route: route.name, result: there });
      });

    channel.onMessage((command) => {
      if (command.kind === 'probe') void answer(command);
      else if (!isMarking()) void mark(command);
    });
  });
}
