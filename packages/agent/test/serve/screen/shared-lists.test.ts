import { createCatalogue, type FileList, type ListRules } from '@sluice/lists';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SharedLists } from '../../../src/serve/screen/shared-lists.ts';

const rules: ListRules = { tab: 'all', filter: '', sort: 'name', isReversed: false, hideRecovered: false };

/** Shared lists over a catalogue that records which lists were dropped. */
function lists() {
  const catalogue = createCatalogue({ shownSince: () => 0, condition: () => ({ isOpen: true, isHeld: false }) });
  const dropped: FileList[] = [];
  const dropList = (list: FileList): void => void dropped.push(list);
  return { shared: new SharedLists({ addList: (asked) => catalogue.addList(asked), dropList }), dropped };
}

test('SharedLists: windows of the same rules share a list, other rules have another', () => {
  const { shared } = lists();
  const [first, second] = [{ offset: 0 }, { offset: 20 }].map((window) => shared.acquire({ ...rules, ...window }));
  assert.is(first, second);
  assert.is.not(first, shared.acquire({ ...rules, isReversed: true }));
});

test('SharedLists: a list is dropped when the last user has released it', () => {
  const { shared, dropped } = lists();
  const list = shared.acquire(rules);
  shared.acquire(rules);
  shared.release(list);
  assert.equal(dropped.length, 0);
  shared.release(list);
  assert.equal(dropped, [list]);
  assert.is.not(shared.acquire(rules), list);
});

test.run();
