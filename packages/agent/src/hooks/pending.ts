import type { ConditionKind } from '@sluice/control';
import { type AnyCondition, conditionRemedy, conditionText, overText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { HookCondition, HookValues } from './command.ts';

/** Something that a person is called for. */
export interface Call {
  /** Null: it concerns the agent itself. */
  readonly route: string | null;
  readonly kind: ConditionKind;
}

/**
 * What `on_attention` has to report next: for each route and kind what began, or that it is over. What begins and ends before it was
 * reported is not reported at all.
 */
export class PendingCalls {
  readonly #pending = new Map<string, HookCondition>();
  /** What was reported in this life, and is not over. */
  readonly #reported = new Set<string>();
  /** Messages that came, of what is pending. */
  #messages = 0;

  isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** @param at RFC 3339 */
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

  /** @param forMs how long it lasted, milliseconds @param at RFC 3339 */
  over({ route, kind }: Call, forMs: number, at: string): void {
    const key = keyOf(route, kind);
    const before = this.#pending.get(key);
    if (before?.state === 'begun') {
      this.#pending.delete(key);
      this.#messages -= before.count;
      // Nobody has heard of it.
      if (!this.#reported.has(key)) return;
    }
    this.#put(key, { route, kind, state: 'over', at, count: 1, text: overText(kind, forMs), remedy: null, files: [] });
    this.#messages += 1;
  }

  /** Returns everything as one call, and has nothing pending then. Only if it is not empty. */
  take(): HookValues {
    const conditions = [...this.#pending.values()];
    for (const [key, { state }] of this.#pending) {
      if (state === 'begun') this.#reported.add(key);
      else this.#reported.delete(key);
    }
    const routes = new Set(conditions.map(({ route }) => route));
    const sum = (state: HookCondition['state']): number =>
      conditions.reduce((total, each) => total + (each.state === state ? each.count : 0), 0);
    const values: HookValues = {
      event: 'attention',
      route: routes.size === 1 ? (conditions[0]?.route ?? null) : null,
      summary: summaryOf(conditions),
      more: this.#messages - 1,
      at: conditions.at(-1)?.at ?? '',
      begun: sum('begun'),
      over: sum('over'),
      conditions: conditions.slice(0, limits.hookConditions),
    };
    this.#pending.clear();
    this.#messages = 0;
    return values;
  }

  /** The newest comes last. */
  #put(key: string, condition: HookCondition): void {
    this.#pending.delete(key);
    this.#pending.set(key, condition);
  }
}

function keyOf(route: string | null, kind: ConditionKind): string {
  return JSON.stringify([route, kind]);
}

/**
 * Begins with the name of a route, a number or a fixed text: no file name in it can be taken for an option. What concerns the agent
 * itself names no file.
 */
function summaryOf(conditions: readonly HookCondition[]): string {
  const texts = conditions.map(({ route, text, count }) => {
    return `${route === null ? '' : `${route}: `}${text}${count === 1 ? '' : `; and ${count - 1} more`}`;
  });
  if (texts.length === 1) return texts[0] ?? '';
  const begun = conditions.reduce((total, { state, count }) => total + (state === 'begun' ? count : 0), 0);
  const over = conditions.length - conditions.filter(({ state }) => state === 'begun').length;
  const counts = [...(begun === 0 ? [] : [`${begun} begun`]), ...(over === 0 ? [] : [`${over} over`])];
  return `${counts.join(', ')}: ${texts.join(' | ')}`;
}
