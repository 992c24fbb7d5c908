import type { ConditionKind } from '@sluice/control';
import { type AnyCondition, conditionRemedy, conditionText, overText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { HookCondition, HookValues } from './command.ts';

/** Identifies the conditions of one kind and one route. */
export interface Call {
  /** Name of the route. Null: the condition concerns the agent itself. */
  readonly route: string | null;
  readonly kind: ConditionKind;
}

/**
 * Collects what `on_attention` reports next: for each route and kind, that conditions began or ended. A condition that begins and
 * ends before it was reported is not reported at all.
 */
export class PendingCalls {
  readonly #pending = new Map<string, HookCondition>();
  /** Conditions that this agent reported and that have not ended. */
  readonly #reported = new Set<string>();
  /** Number of pending messages. */
  #messages = 0;

  isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Adds a condition that began. @param at RFC 3339 */
  begin({ route, kind }: Call, condition: AnyCondition, at: string): void {
    const key = keyOf(route, kind);
    const before = this.#pending.get(key);
    const known = before?.state === 'begun' ? before : null;
    const files = [...(known?.files ?? []), ...('source' in condition ? [condition.source] : [])].slice(0, limits.hookFiles);
    const count = (known?.count ?? 0) + 1;
    const texts = { text: conditionText(condition), remedy: conditionRemedy(condition, route) };
    this.#put(key, { route, kind, state: 'begun', at, count, ...texts, files });
    this.#messages += before?.state === 'over' ? 0 : 1;
  }

  /** Adds that a condition ended. @param forMs how long it lasted, milliseconds @param at RFC 3339 */
  over({ route, kind }: Call, forMs: number, at: string): void {
    const key = keyOf(route, kind);
    const before = this.#pending.get(key);
    if (before?.state === 'begun') {
      this.#pending.delete(key);
      this.#messages -= before.count;
      // Its beginning was never reported.
      if (!this.#reported.has(key)) return;
    }
    this.#put(key, { route, kind, state: 'over', at, count: 1, text: overText(kind, forMs), remedy: null, files: [] });
    this.#messages += 1;
  }

  /** Returns all pending messages as one call, and removes them. Call it only if there are some. */
  take(): HookValues {
    const conditions = [...this.#pending.values()];
    for (const [key, { state }] of this.#pending) {
      if (state === 'begun') this.#reported.add(key);
      else this.#reported.delete(key);
    }
    const routes = new Set(conditions.map(({ route }) => route));
    const sum = (state: HookCondition['state']): number =>
      conditions.reduce((total, each) => total + (each.state === state ? each.count : 0), 0);
    const counts = { begun: sum('begun'), over: sum('over') };
    const values: HookValues = {
      event: 'attention',
      route: routes.size === 1 ? (conditions[0]?.route ?? null) : null,
      summary: summaryOf(conditions, counts),
      more: this.#messages - 1,
      at: conditions.at(-1)?.at ?? '',
      ...counts,
      conditions: conditions.slice(0, limits.hookConditions),
    };
    this.#pending.clear();
    this.#messages = 0;
    return values;
  }

  /** Puts a condition at the end: the newest comes last. */
  #put(key: string, condition: HookCondition): void {
    this.#pending.delete(key);
    this.#pending.set(key, condition);
  }
}

function keyOf(route: string | null, kind: ConditionKind): string {
  return JSON.stringify([route, kind]);
}

/**
 * Returns the summary. It begins with the name of a route, a number or a fixed text, so that no file name in it can be
 * interpreted as an option. Texts about the agent itself contain no file name.
 */
function summaryOf(conditions: readonly HookCondition[], { begun, over }: Pick<HookValues, 'begun' | 'over'>): string {
  const texts = conditions.map(({ route, text, remedy, count }) => {
    return `${route === null ? '' : `${route}: `}${text}${remedy === null ? '' : `; ${remedy}`}${count === 1 ? '' : `; and ${count - 1} more`}`;
  });
  if (texts.length === 1) return texts[0] ?? '';
  const counts = [...(begun === 0 ? [] : [`${begun} begun`]), ...(over === 0 ? [] : [`${over} over`])];
  return `${counts.join(', ')}: ${texts.join(' | ')}`;
}
