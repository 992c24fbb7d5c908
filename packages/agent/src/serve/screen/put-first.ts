import type { CoreState, RouteState } from '@sluice/core';
import type { FileId, RouteName, TrackedFile } from '@sluice/core/model';

type Turn = number;

/** The positions of the files that operators put first, as increasing numbers by which a list can be sorted. */
export class Turns {
  readonly #state: CoreState;
  readonly #routes = new Map<RouteName, ReadonlyMap<string, Turn>>();
  #last: Turn = 0;

  constructor(state: CoreState) {
    this.#state = state;
  }

  /** Returns the position of a file. Null: it was not put first. */
  turnOf({ route, source }: Pick<TrackedFile, 'route' | 'source'>): Turn | null {
    return this.#routes.get(route)?.get(source) ?? null;
  }

  /** Compares with core. @returns the files whose position has changed */
  changed(): readonly FileId[] {
    return [...this.#state.routes.values()].flatMap((route) => this.#changedIn(route));
  }

  #changedIn({ settings, firsts, newest }: RouteState): readonly FileId[] {
    const before = this.#routes.get(settings.name) ?? noTurns;
    if (isSameOrder(before.keys(), firsts)) return [];
    const now = this.#numbered(firsts, before);
    this.#routes.set(settings.name, now);
    const sources = new Set([...before.keys(), ...now.keys()]);
    return [...sources].filter((source) => before.get(source) !== now.get(source)).flatMap((source) => newest.get(source) ?? []);
  }

  /** Numbers the files. A file keeps its number if the numbers still increase. */
  #numbered(firsts: ReadonlySet<string>, before: ReadonlyMap<string, Turn>): ReadonlyMap<string, Turn> {
    const turns = new Map<string, Turn>();
    let largest = 0;
    for (const source of firsts) {
      const known = before.get(source) ?? 0;
      largest = known > largest ? known : (this.#last += 1);
      turns.set(source, largest);
    }
    return turns;
  }
}

const noTurns: ReadonlyMap<string, Turn> = new Map();

function isSameOrder(before: Iterable<string>, now: ReadonlySet<string>): boolean {
  const names = [...before];
  return names.length === now.size && [...now].every((name, index) => name === names[index]);
}
