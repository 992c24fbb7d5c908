import type { Catalogue, FileList, ListRules } from '@sluice/lists';

interface SharedList {
  readonly key: string;
  readonly list: FileList;
  users: number;
}

/** One list for all watchers with the same rules. It is kept while any of them uses it. */
export class SharedLists {
  readonly #catalogue: Pick<Catalogue, 'addList' | 'dropList'>;
  readonly #lists = new Map<string, SharedList>();

  constructor(catalogue: Pick<Catalogue, 'addList' | 'dropList'>) {
    this.#catalogue = catalogue;
  }

  /** Takes the list of these rules. Other properties of the argument are ignored. */
  acquire({ tab, filter, sort, isReversed, hideRecovered }: ListRules): FileList {
    const rules: ListRules = { tab, filter, sort, isReversed, hideRecovered };
    const key = JSON.stringify(rules);
    const shared = this.#lists.get(key) ?? { key, list: this.#catalogue.addList(rules), users: 0 };
    shared.users += 1;
    this.#lists.set(key, shared);
    return shared.list;
  }

  /** Returns a list that was taken once. */
  release(list: FileList): void {
    for (const shared of this.#lists.values()) {
      if (shared.list !== list) continue;
      shared.users -= 1;
      if (shared.users > 0) return;
      this.#lists.delete(shared.key);
      this.#catalogue.dropList(list);
    }
  }
}
