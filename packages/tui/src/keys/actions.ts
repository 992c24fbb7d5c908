import { screenSorts } from '@sluice/lists';
import { countText, outageFacts } from '@sluice/words';
import { selectedPast, shownHistory } from '../history/rows.ts';
import { askHistory, ofHistory } from '../history/selection.ts';
import { limits } from '../limits.ts';
import type { AskSafeDialog, SafeTarget } from '../model/dialogs.ts';
import { historyRows, listRows } from '../model/layout.ts';
import type { Intent, Model, Updated } from '../model/model.ts';
import { joinedPath, type TypedLine } from '../model/typed-line.ts';
import { moveBy } from '../selection/moving.ts';
import { lostRoute, meantRoute, rangeBy, selectedFile, selectedRow } from '../selection/selected.ts';

/** Moves the selection by a page. @param by 1 or -1 */
export function movePage(model: Model, by: number): Updated {
  return moveBy(model, by * (model.tab === 'history' ? historyRows(model.size) : listRows(model.size)));
}

/** Returns the unchanged model together with an intent, which the screen carries out. */
export function intend(model: Model, intent: Intent): Updated {
  return { model, intents: [intent] };
}

/** Chooses the next order of the list. */
export function nextSort(model: Model): Updated {
  return watching({ ...model, sort: after(screenSorts, model.sort), top: 0 });
}

/** Opens the detail of what is selected. */
export function openDetail(model: Model): Updated {
  const file = selectedFile(model);
  if (file === null) return openOutage(model);
  const { id } = file;
  return { model: { ...model, dialogs: [{ kind: 'detail', id, files: null, scroll: 0 }] }, intents: [{ do: 'show', id }] };
}

/** Characters that act in a shell: pasted there, a name with a line break is a command. */
const acting = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Copies the path of the selected file to the clipboard. */
export function copyPath(model: Model): Updated {
  const path = pathOf(model);
  if (acting.test(path)) return { model: noted(model, 'path not copied: its name contains control characters', true), intents: [] };
  return { model, intents: [{ do: 'copy', text: path }] };
}

/** Returns the absolute path, if the route is known: of an ended file at the destination, otherwise at the source. */
function pathOf(model: Model): string {
  const file = selectedFile(model);
  if (file === null) return '';
  const side = model.tab === 'history' ? 'destination' : 'source';
  const route = model.frame?.routes.find(({ name }) => name === file.route);
  return route?.[side] === undefined ? file[side] : joinedPath(route[side], file[side]);
}

/** Requests an action on the selected file. */
export function act(model: Model, action: 'retry' | 'first'): Updated {
  const file = selectedFile(model);
  if (file === null) return { model, intents: [] };
  return { model, intents: [{ do: 'act', action, id: file.id, name: file.source }] };
}

/** Asks for a confirmation to skip the selected file. */
export function askSkip(model: Model): Updated {
  const file = selectedFile(model);
  if (file === null) return { model, intents: [] };
  const { id, source } = file;
  const lines = [`Skip ${source}?`, 'It is not copied until it is retried. A running copy of it ends.'];
  return confirm(model, { do: 'act', action: 'skip', id, name: source }, lines);
}

/** Asks for a confirmation to hold a route, or releases it. */
export function askHold(model: Model): Updated {
  const name = meantRoute(model);
  const route = model.frame?.routes.find((each) => each.name === name);
  if (route === undefined) return { model, intents: [] };
  if (route.hold !== null)
    return confirm(model, { do: 'release', route: route.name }, [`Release ${route.name}?`, 'Its files are copied again.']);
  return confirm(model, { do: 'hold', route: route.name }, [
    `Hold ${route.name}?`,
    'No new copies start, running copies finish. The hold survives restarts.',
  ]);
}

/** Asks for a confirmation to acknowledge the selected lost file, or else all lost files of a route. */
export function askAcknowledge(model: Model): Updated {
  const route = lostRoute(model);
  if (route === null) return { model, intents: [] };
  const row = selectedRow(model);
  const { lost = 0 } = route;
  if (row?.isLost === true && row.file.id === selectedFile(model)?.id) {
    const { id, source } = row.file;
    return confirm(model, { do: 'act', action: 'acknowledge', id, name: source }, [
      `Acknowledge that ${source} is lost?`,
      'It vanished at the source before it was copied, and no copy of it exists. It no longer counts as trouble. It stays in the history.',
    ]);
  }
  const [files, they, them] = lost === 1 ? ['1 lost file', 'It', 'it'] : [`${countText(lost)} lost files`, 'They', 'them'];
  return confirm(model, { do: 'acknowledge', route: route.name }, [
    `Acknowledge ${files} of ${route.name}?`,
    `${they} vanished at the source before ${they.toLowerCase()} ${lost === 1 ? 'was' : 'were'} copied, and no copy of ${them} exists. ${they} no longer ${lost === 1 ? 'counts' : 'count'} as trouble. ${they} ${lost === 1 ? 'stays' : 'stay'} in the history.`,
  ]);
}

/** Opens a dialog that asks for a confirmation. */
export function confirm(model: Model, intent: Intent, lines: readonly string[]): Updated {
  return { model: { ...model, dialogs: [...model.dialogs, { kind: 'confirm', intent, lines, expected: null, typed: '' }] }, intents: [] };
}

/** Changes the text of the filter. */
export function editFilter(model: Model, line: TypedLine): Updated {
  const { isEditing } = model.filter;
  // The position of the caret changes nothing in the list.
  if (line.text === model.filter.text) return { model: { ...model, filter: { ...line, isEditing } }, intents: [] };
  return watching(
    ofHistory({ ...model, filter: { ...line, text: line.text.slice(0, limits.typedFilterLength), isEditing }, top: 0 }, model),
  );
}

/** Requests the window of a changed model. */
export function watching(model: Model): Updated {
  return { model, intents: [{ do: 'watch' }] };
}

/** Shows a notice. */
export function noted(model: Model, text: string, isBad: boolean): Model {
  return { ...model, notice: { text, isBad, untilAt: model.now + limits.noticeMs } };
}

function after<Of>(all: readonly Of[], one: Of): Of {
  return all[(all.indexOf(one) + 1) % all.length] ?? one;
}

/** Chooses another range of the history. @param by 1: the next longer one, -1: the next shorter one */
export function chooseRange(model: Model, by: number): Updated {
  const range = rangeBy(model, by);
  return range === null ? { model, intents: [] } : askHistory(model, range);
}

/** Shows everything that is known about the selected outage. */
function openOutage(model: Model): Updated {
  const row = selectedPast(model);
  if (row?.kind !== 'outage') return { model, intents: [] };
  return { model: { ...model, dialogs: [{ kind: 'message', lines: outageFacts(row.outage, model.now) }] }, intents: [] };
}

/** The path is confirmed first, because a file in a source folder would be copied. */
export function askExport(model: Model): Updated {
  const { files, outages } = shownHistory(model);
  const { range, hasMore } = model.history;
  const avoid = model.frame?.routes.flatMap(({ source, destination }) => [source, destination]) ?? [];
  const newest = hasMore ? model.history.files.length : null;
  return { model, intents: [{ do: 'find_path', past: { range, filter: model.filter.text, files, outages, newest }, avoid }] };
}

/** Asks which source, and which part of it, should be checked. */
export function askSafe(model: Model): Updated {
  const targets = targetsOf(model);
  const ask: AskSafeDialog = { kind: 'ask_safe', targets, at: 0, typed: '', reads: false };
  return { model: targets.length === 0 ? model : { ...model, dialogs: [...model.dialogs, ask] }, intents: [] };
}

/** Returns what can be checked: the source of the selected file, the folders above that file, then the other sources. */
function targetsOf(model: Model): readonly SafeTarget[] {
  const routes = model.frame?.routes ?? [];
  const meant = meantRoute(model);
  const file = selectedFile(model);
  const ordered = [...routes.filter(({ name }) => name === meant), ...routes.filter(({ name }) => name !== meant)];
  return ordered.flatMap(({ name, source }) => {
    const folders = file?.route === name ? foldersAbove(file.source) : [];
    return ['', ...folders].map((folder) => ({ route: name, source, folder }));
  });
}

/** Returns `day1` and `day1/cam_a` of `day1/cam_a/clip.mxf`. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1).slice(0, limits.safeFolders);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
