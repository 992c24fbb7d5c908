import { limits } from '../limits.ts';
import type { AskSafeDialog, SafeTarget } from '../model/dialogs.ts';
import type { Model, Updated } from '../model/model.ts';
import { meantRoute, selectedFile } from '../selection/selected.ts';

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
