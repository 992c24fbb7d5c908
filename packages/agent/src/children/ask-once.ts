import { type Check, type RemnantsAnswer, type RemnantsInit, startChild } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import { type ProbeResult, probeId, type RouteSettings } from '@sluice/core/model';
import type { SourceSurvey } from '@sluice/intake';
import { wakingClock } from '@sluice/platform';
import type { Evidence, EvidenceInit, LeftoversAnswer, LeftoversInit } from '@sluice/transport';
import { acceptsOfProber, isEvidence, isLeftoversAnswer, isRemnantsAnswer, isSurvey } from './message-checks.ts';

/** The result if a process did not answer in time, or ended. */
export type Unanswered = { readonly kind: 'unanswered'; readonly why: string };

/**
 * Surveys a source in a separate process, for `check`.
 *
 * @param ownMarkers UUIDs of the destinations of all routes
 * @param deadlineMs limit of the wait, milliseconds
 */
export function askSurvey(route: RouteSettings, ownMarkers: readonly string[], deadlineMs: number): Promise<SourceSurvey | Unanswered> {
  return answerOf<{ route: RouteSettings; ownMarkers: readonly string[] }, SourceSurvey>(
    'survey',
    { route, ownMarkers },
    isSurvey,
    deadlineMs,
  );
}

/** Identifies the command in the name of the probe file, where an agent has its own id. */
const onlookerId = 'check000';

/**
 * Probes a destination once: creates and removes the empty probe file, and checks whether a marker could be written, without
 * leaving one.
 *
 * @param expectedMarker the marker by which an agent knows it; null: no agent has used it
 */
export function askProbe(
  route: RouteSettings,
  deadlineMs: number,
  expectedMarker: string | null = null,
): Promise<ProbeResult | Unanswered> {
  return once<ProbeResult>(deadlineMs, (answer, fail) => {
    const child = startChild<
      { route: RouteSettings; agentId: string; rehearsesMarker: boolean },
      Extract<Effect, { kind: 'probe' }>,
      Extract<Event, { kind: 'probe_answered' | 'marker_written' | 'marker_refused' }>
    >({
      kind: 'prober',
      init: { route, agentId: onlookerId, rehearsesMarker: true },
      accepts: acceptsOfProber(route.name),
      onMessage: (event) => {
        if (event.kind === 'probe_answered') answer(event.result);
      },
      onEnd: (end) => fail(end.diagnosis),
    });
    child.send({
      kind: 'probe',
      route: route.name,
      probeId: probeId('check'),
      expectedMarker,
      plainFolderMeant: false,
      writes: true,
    });
    return child;
  });
}

/** Reads evidence from a destination once, for `adopt`. It changes nothing there. */
export async function askEvidence(
  route: RouteSettings,
  { names, sizes }: Pick<EvidenceInit, 'names' | 'sizes'>,
  deadlineMs: number,
): Promise<Evidence | Unanswered> {
  const init = { route, names, sizes };
  const found = await answerOf<EvidenceInit, Evidence | { readonly failed: string }>('evidence', init, isEvidence, deadlineMs);
  return 'failed' in found ? { kind: 'unanswered', why: `it cannot be read: ${found.failed}` } : found;
}

/** Starts a process that compares the leftovers at a destination once. It changes nothing there. */
export function askLeftovers(init: LeftoversInit, deadlineMs: number): Promise<LeftoversAnswer | Unanswered> {
  return answerOf<LeftoversInit, LeftoversAnswer>('leftovers', init, isLeftoversAnswer, deadlineMs);
}

/** Starts a process that ends what is left of hooks. */
export function askRemnants(init: RemnantsInit, deadlineMs: number): Promise<RemnantsAnswer | Unanswered> {
  return answerOf<RemnantsInit, RemnantsAnswer>('remnants', init, isRemnantsAnswer, deadlineMs);
}

/** Starts a process that gives one answer to what it is started with. */
function answerOf<Init, Result>(kind: string, init: Init, accepts: Check, deadlineMs: number): Promise<Result | Unanswered> {
  return once<Result>(deadlineMs, (answer, fail) =>
    startChild<Init, never, Result>({ kind, init, accepts, onMessage: answer, onEnd: (end) => fail(end.diagnosis) }),
  );
}

function once<Result>(
  deadlineMs: number,
  start: (answer: (result: Result) => void, fail: (why: string) => void) => { abandon(): void },
): Promise<Result | Unanswered> {
  return new Promise((resolve) => {
    const end = (result: Result | Unanswered): void => {
      callOff();
      child.abandon();
      resolve(result);
    };
    const callOff = wakingClock.after(deadlineMs, () => end({ kind: 'unanswered', why: `no answer within ${deadlineMs / 1000} s` }));
    const child = start(end, (why) => end({ kind: 'unanswered', why: `its process ended: ${why}` }));
  });
}
