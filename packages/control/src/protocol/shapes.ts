import { statuses } from '@sluice/core/model';
import * as v from 'valibot';
import type { Method } from './protocol.ts';
import { agent, conditions, flag, number, numberOrNull, questionShapes, route, text, textOrNull, verdict } from './status-shapes.ts';

// As in `status-shapes.ts`: what clients rely on.

const error = v.nullable(v.looseObject({ kind: text, code: text, percent: numberOrNull, operator: text, technical: text }));

const file = v.looseObject({
  ...{ id: text, route: text, source: text, destination: text, status: v.picklist(statuses), nameValid: flag, nameReason: textOrNull },
  ...{ hold: textOrNull, growing: flag, phase: textOrNull, behindBytes: numberOrNull, sizeBytes: number, copiedBytes: number },
  ...{ percent: number, bytesPerSecond: number, attempt: number, error, recoveryOf: textOrNull, recoveredBy: textOrNull },
  ...{ copied: v.nullable(flag), hash: v.nullable(v.looseObject({ algorithm: text, value: text })), readback: textOrNull, afterCopy: text },
  ...{ sourceGone: flag, discoveredAt: text, startedAt: textOrNull, endedAt: textOrNull },
});

const timelineEntry = v.looseObject({
  ...{ seq: number, at: text, from: textOrNull, to: textOrNull, event: text, detail: v.record(v.string(), v.unknown()) },
});

const note = v.looseObject({
  ...{ at: text, seq: v.optional(number), level: v.picklist(['info', 'warn', 'error']), route: text, text },
  ...{ by: v.optional(text), reason: v.optional(text) },
});

const keptFile = v.looseObject({ source: text, text });

const outage = v.looseObject({
  ...{ route: text, since: text, until: textOrNull, cause: textOrNull, code: textOrNull, operator: text, technical: text },
});

const totals = v.looseObject({
  ...{ needsYou: number, recording: number, waiting: number, done: number, failed: number, recovered: number },
  ...{ leftBytes: number, isCounting: v.optional(v.literal(true)), bytesPerSecond: number, etaMs: numberOrNull },
});

const screenRow = v.looseObject({
  file,
  depth: v.picklist([0, 1]),
  reason: text,
  etaMs: numberOrNull,
  isLost: v.optional(v.literal(true)),
  removal: v.optional(v.looseObject({ to: text, code: textOrNull, retryAt: v.optional(text) })),
});
const screenRoute = v.looseObject({ ...route.entries, sourceDescription: textOrNull, destinationDescription: textOrNull, waiting: number });
const screenParts = { verdict, agent, routes: v.array(screenRoute), conditions, totals, throughput: v.array(number) };
const screenRows = { total: number, matched: number, offset: number };

/** The shape of every reply. */
export const replyShapes: Readonly<Record<Method, v.GenericSchema>> = {
  ping: v.looseObject({ protocol: number, pid: number, version: text, startedAt: text, stateDir: text }),
  ...questionShapes,
  files: v.looseObject({ files: v.array(file), next: numberOrNull }),
  show: v.looseObject({ files: v.array(v.looseObject({ file, timeline: v.array(timelineEntry) })) }),
  history: v.looseObject({
    files: v.array(file),
    outages: v.array(outage),
    next: v.nullable(v.looseObject({ endedAt: number, id: text })),
  }),
  past: v.looseObject({
    files: v.array(file),
    sums: v.array(v.looseObject({ files: number, bytes: number })),
    next: v.nullable(v.looseObject({ endedAt: number, id: text })),
  }),
  stop: v.looseObject({ accepted: v.literal(true) }),
  reload: v.looseObject({
    ...{ file: textOrNull, problem: textOrNull, added: v.array(text) },
    changes: v.array(v.looseObject({ route: textOrNull, key: text, before: text, after: text, needsRestart: textOrNull })),
    removed: v.array(v.looseObject({ route: text, copying: number })),
  }),
  prune: v.looseObject({ files: number, entries: number }),
  act: v.looseObject({ results: v.array(v.looseObject({ asked: text, file: v.nullable(file), refused: textOrNull })) }),
  steer: v.looseObject({ results: v.array(v.looseObject({ route: text, refused: textOrNull, again: v.optional(number) })) }),
  leftovers: v.looseObject({
    total: number,
    leftovers: v.array(
      v.looseObject({
        ...{ route: text, source: text, destination: text, attempt: text, failedAt: text, ageMs: number, copiedBytes: number },
        ...{ sizeBytes: numberOrNull, state: text, kept: textOrNull, reason: textOrNull },
        replacedBy: v.nullable(v.looseObject({ id: text, destination: text })),
      }),
    ),
  }),
  clear: v.looseObject({
    ...{ route: text, source: text, folder: textOrNull, dryRun: flag, verdict, files: number, bytes: number, names: v.array(text) },
    ...{ deleted: numberOrNull, kept: v.array(keptFile), notSafe: number, unsafe: v.array(keptFile) },
  }),
  evidence: v.looseObject({
    ...{ route: text, destination: text, knownMarker: textOrNull, foundMarker: textOrNull, description: textOrNull },
    ...{ asked: number, present: number, missing: v.array(text), again: v.optional(number), trouble: textOrNull },
  }),
  watch: v.looseObject({}),
  unwatch: v.looseObject({}),
  screen: v.looseObject({ at: text, seq: number, ...screenParts, rows: v.looseObject({ ...screenRows, rows: v.array(screenRow) }) }),
  settings: v.looseObject({ settings: v.array(v.looseObject({ table: text, key: text, value: text, from: text })) }),
  log: v.looseObject({ notes: v.array(note), next: v.optional(numberOrNull) }),
};

/** The shape of every event, by its method. */
export const noteShapes: Readonly<Record<string, v.GenericSchema>> = {
  goodbye: v.looseObject({ reason: text }),
  transition: v.looseObject({ at: text, file, from: textOrNull, to: text }),
  gate: v.looseObject({ at: text, route: text, gate: route.entries.gate }),
  log: note,
  screen: v.looseObject({
    ...{ at: text, seq: number },
    parts: v.partial(v.looseObject(screenParts)),
    rows: v.nullable(
      v.looseObject({
        ...screenRows,
        count: v.pipe(number, v.maxValue(1000)),
        changed: v.array(v.looseObject({ index: number, row: screenRow })),
      }),
    ),
  }),
};

/** Returns what is wrong with the start of the next page, or null: each page has to lie behind the one before it. */
export function pageTrouble(params: unknown, reply: unknown): string | null {
  const [before, after, next] = [keyOf(params, 'before'), keyOf(params, 'after'), keyOf(reply, 'next')];
  if (next === null) return null;
  const goesOn = after === null ? before === null || next < before : next > after;
  return goesOn ? null : 'next: a page that was there already';
}

function keyOf(message: unknown, name: 'before' | 'after' | 'next'): number | null {
  const key = (message as Record<string, unknown>)[name];
  if (typeof key === 'number') return key;
  // Many files may have ended at the same moment, so the next page may begin with the same time.
  const endedAt = (key as { readonly endedAt?: unknown } | null | undefined)?.endedAt;
  return typeof endedAt === 'number' ? endedAt + (name === 'next' ? -0.5 : 0) : null;
}
