import type { AgentJson, ConditionJson, ScreenFrame, ScreenRoute } from '@sluice/control';
import { beforeProbeText } from '@sluice/words';
import type { Model, Updated } from '../model/model.ts';
import { momentOf, shownFrame } from '../model/shown.ts';

/** A condition, when it began, and its remedy. */
export interface ShownCondition {
  /** `trouble`: it needs a person. `warning`: it may soon. `notice`: an operator requested it, or it ends by itself. */
  readonly level: 'trouble' | 'warning' | 'notice';
  /** Name of the route. Null: the condition concerns the agent itself. */
  readonly route: string | null;
  readonly what: string;
  /** When it began. Null: not known. */
  readonly since: string | null;
  readonly todo: string;
}

/** Opens the list of conditions. */
export function openConditions(model: Model): Updated {
  return { model: { ...model, dialogs: [...model.dialogs, { kind: 'conditions', scroll: 0 }] }, intents: [] };
}

const rank: Readonly<Record<ShownCondition['level'], number>> = { trouble: 0, warning: 1, notice: 2 };

/** Returns the conditions of all routes and of the agent, the worst first. */
export function shownConditions(model: Model): readonly ShownCondition[] {
  const frame = shownFrame(model);
  if (frame === null) return [];
  const { conditions, verdict, routes } = frame;
  const said = conditions === undefined ? ofOlderAgent(verdict) : inOrder(conditions).map(shown);
  return [...said, ...refusedReload(frame.agent), ...routes.flatMap((route) => notices(route, momentOf(model)))].toSorted(
    (a, b) => rank[a.level] - rank[b.level],
  );
}

/** The agent goes on with its earlier settings. */
function refusedReload({ reloadRefused }: AgentJson): readonly ShownCondition[] {
  if (reloadRefused === undefined) return [];
  const { at, problem } = reloadRefused;
  const what = `the settings that were read again are not in force: ${problem}`;
  return [{ level: 'warning', route: null, what, since: at, todo: 'correct the file, then run sluice reload' }];
}

/** An older agent has only its verdict. */
function ofOlderAgent({ ok, text }: ScreenFrame['verdict']): readonly ShownCondition[] {
  return ok ? [] : [{ level: 'trouble', route: null, what: text, since: null, todo: '' }];
}

/** Returns the conditions in the order in which they are shown. */
export function inOrder(conditions: readonly ConditionJson[]): readonly ConditionJson[] {
  return conditions.toSorted((a, b) => Number(nearlyFull.has(a.kind)) - Number(nearlyFull.has(b.kind)));
}

/** They come after what keeps files from being copied now. */
const nearlyFull: ReadonlySet<ConditionJson['kind']> = new Set(['source_nearly_full', 'state_disk_nearly_full']);

function shown({ route, kind, since, text, remedy, called }: ConditionJson): ShownCondition {
  return {
    level: kind === 'source_nearly_full' && !called ? 'warning' : 'trouble',
    route,
    what: text,
    since,
    todo: remediesHere[kind] ?? remedy,
  };
}

/** Remedies that name a key of the screen in place of a command. */
const remediesHere: Readonly<Partial<Record<ConditionJson['kind'], string>>> = {
  files_need_you: 'tab 4 lists them; Enter says why and what to do, r tries again',
  files_lost: 'find out what removed them; A acknowledges them',
  wrong_disk: 'connect the right disk; if this one is meant, press a and read the evidence',
};

const runsLong = 'wait: Sluice ends the command after a minute. If it hangs each time, correct before_probe in sluice.toml';

/** Returns the conditions that need no person, but explain why files wait. */
function notices({ name, gate, space, hold, beforeProbe }: ScreenRoute, moment: number): readonly ShownCondition[] {
  const said = (what: string, since: string | null, todo: string, level: ShownCondition['level'] = 'notice'): ShownCondition => ({
    ...{ level, route: name, what, since, todo },
  });
  const isChecking = gate.state === 'closed' && gate.cause === 'unknown';
  const running = beforeProbeText(beforeProbe, moment);
  const isAwaited = running !== null && beforeProbe?.isAwaited === true;
  const why = hold === null || hold.reason === '' ? '' : `: ${hold.reason}`;
  return [
    ...(space.level === 'warn' ? [said('the destination is nearly full', null, 'make room at the destination', 'warning')] : []),
    ...(isChecking && !isAwaited ? [said(`the destination is being checked: ${gate.operator}`, gate.since, 'wait a few seconds')] : []),
    ...(running === null ? [] : [said(isAwaited ? `the first probe ${running}` : running, beforeProbe?.since ?? null, runsLong)]),
    ...(hold === null ? [] : [said(`HELD by ${hold.by}${why}`, hold.since, 'no new copies start; h releases it')]),
  ];
}
