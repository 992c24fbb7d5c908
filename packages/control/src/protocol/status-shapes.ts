import * as v from 'valibot';
import type { Method } from './protocol.ts';

// What clients rely on in the messages of an agent. Other fields are allowed, because the agent may be newer. Texts are cleaned
// when they are shown.

export const text = v.string();
export const textOrNull = v.nullable(v.string());
export const number = v.number();
export const numberOrNull = v.nullable(v.number());
export const flag = v.boolean();

const leftAlone = v.looseObject({ rule: text, pattern: textOrNull, count: number, folders: number, examples: v.array(text) });

export const route = v.looseObject({
  ...{ name: text, source: text, destination: text, needsYou: number, recovered: number, bytesPerSecond: number },
  sourceState: v.looseObject({
    ...{ state: text, since: text, lastListingAt: textOrNull, freeBytes: numberOrNull, fullInMs: numberOrNull },
    listedFiles: v.optional(number),
  }),
  gate: v.looseObject({ state: text, since: text, cause: textOrNull, code: textOrNull, operator: text, technical: text }),
  beforeProbe: v.optional(v.looseObject({ program: text, since: text, isAwaited: flag })),
  space: v.looseObject({ totalBytes: numberOrNull, freeBytes: numberOrNull, level: text }),
  counts: v.record(v.string(), number),
  lost: v.optional(number),
  maxRate: v.optional(v.looseObject({ bytesPerSecond: numberOrNull, until: textOrNull })),
  notWatched: v.optional(text),
  hold: v.nullable(v.looseObject({ by: text, since: text, until: textOrNull, reason: textOrNull })),
  leftAlone: v.optional(v.array(leftAlone)),
  unmatched: v.optional(v.array(v.looseObject({ setting: text, pattern: text }))),
});

export const verdict = v.looseObject({ ok: flag, text });
const reloadRefused = v.optional(v.looseObject({ at: text, by: text, problem: text }));
export const agent = v.looseObject({
  running: flag,
  pid: numberOrNull,
  version: text,
  startedAt: textOrNull,
  stateDir: text,
  reloadRefused,
});

const condition = v.looseObject({
  ...{ route: textOrNull, kind: text, since: text, files: numberOrNull, text, remedy: text, called: flag },
});
export const conditions = v.optional(v.array(condition));

/** The shapes of the replies that scripts request every few seconds, apart from the others so that `status` makes only these. */
export const questionShapes = {
  status: v.looseObject({
    ...{ verdict, agent, conditions },
    routes: v.array(v.looseObject({ ...route.entries, recording: number, copying: number, waiting: number })),
  }),
  metrics: v.looseObject({ text }),
} as const satisfies Partial<Record<Method, v.GenericSchema>>;
/** A request that has no parameters and is often the only one of a process. */
export type Question = keyof typeof questionShapes;

/** Returns what is wrong with a message, or null. */
export function shapeTrouble(shape: v.GenericSchema, message: unknown): string | null {
  const result = v.safeParse(shape, message, { abortEarly: true });
  if (result.success) return null;
  const [issue] = result.issues;
  return `${v.getDotPath(issue) ?? 'the whole of it'}: ${issue.message}`;
}
