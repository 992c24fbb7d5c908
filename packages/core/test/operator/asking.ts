import { type Action, type FileAction, type Operator, type RouteAction } from '../../src/messages/action.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import { refusal } from '../../src/operator/refusal.ts';
import { move } from '../../src/state/work.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import {
  awaitingNetwork,
  awaitingSpace,
  comparing,
  completed,
  copying,
  failed,
  following,
  inPreflight,
  open,
  publishing,
  queued,
  ready,
  rested,
  shut,
  verifying,
} from '../support/stages.ts';
import { anyEvent, atDestination, atSource, entry } from '../support/words.ts';

export const ann: Operator = { by: 'ann from 192.0.2.7', reason: 'the wrong take' };

export const onFile = (doing: FileAction['do'], path = 'a.mxf'): Action => ({ do: doing, route: ingest, source: path });

export const refused = (scene: Scene, doing: FileAction['do'], path?: string): Refusal | null => refusal(scene.state, onFile(doing, path));

/** Sends a request that is not refused. A refusal is a mistake in the test. */
export function ask(scene: Scene, action: Action, who = ann): Scene {
  const why = refusal(scene.state, action);
  if (why !== null) throw new Error(`refused: ${why.kind}`);
  return scene.send({ kind: 'operator_asked', action, who });
}

export const act = (scene: Scene, doing: FileAction['do'], path?: string, who?: Operator): Scene => ask(scene, onFile(doing, path), who);

/** @param until wall clock; null: until it is released */
export const hold = (scene: Scene, until: number | null = null): Scene => ask(scene, { do: 'hold', route: ingest, until });

export const steer = (scene: Scene, doing: Exclude<RouteAction['do'], 'hold'>): Scene =>
  ask(scene, { do: doing, route: ingest } as RouteAction);

const inBackoff = (): Scene => inPreflight().reports(failed(atSource('EACCES')));

/** Makes five attempts that fail. */
function failedTooOften(): Scene {
  const scene = inPreflight();
  for (let attempt = 1; attempt < 5; attempt += 1) {
    scene.reports(failed(atSource('EACCES')));
    scene.pass(600_000);
  }
  return scene.reports(failed(atSource('EACCES')));
}

const failedForGood = (): Scene =>
  verifying()
    .reports({ kind: 'verified', readback: 'direct', sourceGone: true })
    .reports(failed(atDestination('EIO')))
    .online();

const notRemoved = (): Scene => {
  const scene = completed();
  return scene.within((work) => move(work, { ...scene.as('COMPLETED'), status: 'COMPLETED_DELETE_FAILED' }, anyEvent));
};

/** `a.mxf` in every situation that matters for an operator's request. */
export const situations = {
  DISCOVERED: () => open().sees(entry('a.mxf')),
  GROWING: () =>
    open()
      .sees(entry('a.mxf'))
      .sees(entry('a.mxf', 6_000, 2)),
  'READY, offline': ready,
  'READY, behind a full queue': () => rested(open({ lanes: 1 }), entry('one.mxf'), entry('two.mxf'), entry('a.mxf')),
  'READY, in backoff': inBackoff,
  'READY, needs you': failedTooOften,
  'READY, skipped': () => act(ready(), 'skip'),
  'READY, of a bad name': () => shut().sees(entry('a.mxf', 5_000, 1, { nameValid: false })),
  'READY, its route is held': () => rested(hold(open()), entry('a.mxf')),
  WAITING_FOR_NETWORK: awaitingNetwork,
  WAITING_FOR_SPACE: awaitingSpace,
  IN_QUEUE: queued,
  'IN_QUEUE, in preflight': inPreflight,
  COPYING: copying,
  'COPYING, comparing': comparing,
  GROWING_COPY: following,
  VERIFYING: verifying,
  'VERIFYING, being named': publishing,
  COMPLETED: completed,
  COMPLETED_DELETE_FAILED: notRemoved,
  FAILED: failedForGood,
  REMOVED: () => ready().lists(['a.mxf']),
} as const satisfies { readonly [situation: string]: () => Scene };

export type Situation = keyof typeof situations;
