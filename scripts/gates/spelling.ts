// Checks the spelling by cspell and its configuration `cspell.json`. Most words are in many files, so each distinct word is
// looked up once for all files with the same dictionaries. Only files with a refused word are then checked by cspell as a whole,
// and only those findings count.
import { basename, join } from 'node:path';
import { cwd, exit, stderr } from 'node:process';
import { pathToFileURL } from 'node:url';
import {
  type CSpellSettings,
  checkFilenameMatchesGlob,
  determineFinalDocumentSettings,
  finalizeSettings,
  getDefaultSettings,
  getGlobalSettingsAsync,
  getLanguageIdsForBaseFilename,
  isBinaryFile,
  loadConfig,
  mergeSettings,
  readFileSync,
  spellCheckDocument,
  validateText,
} from 'cspell-lib';
import { listedFiles } from './listed.ts';

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A comment for cspell changes what is allowed in its file. */
const directive = /\b(?:spell-?checker|c?spell)::?|\bLocalWords/i;
/** A word as cspell reads it, with its surroundings: everything that its expression matches, and the backslash of an escape. */
const token = /[\p{L}\p{M}\w'’`.+\u00AD\\-]+/gu;

const config = await loadConfig('cspell.json');
const defaults = mergeSettings(await getDefaultSettings(true), await getGlobalSettingsAsync(), config);
const suspects: SourceFile[] = [];
for (const group of groupsOf(filesToCheck())) suspects.push(...(await suspectsIn(group)));
const messages: string[] = [];
for (const file of suspects.sort((a, b) => (a.path < b.path ? -1 : 1))) messages.push(...(await findIn(file)));
for (const message of messages) stderr.write(`${message}\n`);
if (messages.length > 0) exit(1);

function filesToCheck(): readonly SourceFile[] {
  const ignored = [...(defaults.ignorePaths ?? [])];
  return listedFiles()
    .filter((path) => !checkFilenameMatchesGlob(join(cwd(), path), ignored))
    .filter((path) => !isBinaryFile(pathToFileURL(path)))
    .map((path) => ({ path, text: readFileSync(path) }));
}

/** Returns the files of the checkout that git does not ignore. In a copy of the tree: all files outside node_modules. */
function groupsOf(files: readonly SourceFile[]): readonly (readonly SourceFile[])[] {
  const overrides = defaults.overrides ?? [];
  const groups = Map.groupBy(files, ({ path, text }) => {
    if (directive.test(text)) return path;
    const matching = overrides.map(({ filename }) => checkFilenameMatchesGlob(join(cwd(), path), filename));
    return JSON.stringify([getLanguageIdsForBaseFilename(basename(path)), matching]);
  });
  return [...groups.values()];
}

/** Returns the files of a group that contain a word which its dictionaries do not have. */
async function suspectsIn(group: readonly SourceFile[]): Promise<readonly SourceFile[]> {
  const [first] = group;
  if (first === undefined || directive.test(first.text)) return group;
  const document = { uri: pathToFileURL(first.path).href, text: '' };
  const settings = finalizeSettings((await determineFinalDocumentSettings(document, config)).settings);
  if (settings.enabled === false) return [];
  if ((settings.includeRegExpList ?? []).length > 0) return group;
  const ignored = (settings.ignoreRegExpList ?? []).filter((pattern) => pattern instanceof RegExp);
  const holders = new Map<string, Set<SourceFile>>();
  for (const file of group) {
    for (const [word] of withoutRanges(file.text, ignored).matchAll(token)) {
      const files = holders.get(word);
      if (files === undefined) holders.set(word, new Set([file]));
      else files.add(file);
    }
  }
  return [...new Set((await refusedOf([...holders.keys()], settings)).flatMap((word) => [...(holders.get(word) ?? [])]))];
}

/** Replaces the matches of the expressions by blanks. */
function withoutRanges(text: string, ignored: readonly RegExp[]): string {
  const ranges = ignored
    .flatMap((pattern) => [...text.matchAll(pattern)].map(({ index, 0: match }) => ({ from: index, to: index + match.length })))
    .sort((a, b) => a.from - b.from);
  let rest = '';
  let end = 0;
  for (const { from, to } of ranges) {
    if (from > end) rest += text.slice(end, from);
    rest += ' ';
    end = Math.max(end, to);
  }
  return rest + text.slice(end);
}

/**
 * Returns the words that cspell refuses. A word after a backslash comes last: cspell remembers that it may lack its first letter.
 */
async function refusedOf(words: readonly string[], settings: CSpellSettings): Promise<readonly string[]> {
  const inOrder = words.toSorted((a, b) => Number(a.includes('\\')) - Number(b.includes('\\')));
  const unlimited = { maxNumberOfProblems: Number.POSITIVE_INFINITY, maxDuplicateProblems: Number.POSITIVE_INFINITY };
  const issues = await validateText(inOrder.join('\n'), { ...settings, ...unlimited, ignoreRegExpList: [] });
  return issues.map(({ line }) => line.text.trim());
}

/** @returns a message for each word that cspell refuses in the file as a whole */
async function findIn({ path, text }: SourceFile): Promise<readonly string[]> {
  const options = { noConfigSearch: true };
  const { issues, errors } = await spellCheckDocument({ uri: pathToFileURL(path).href, text }, options, config);
  const found = issues.map(({ text: word, offset, line, isFlagged, suggestions = [] }) => {
    const before = text.slice(0, offset).split('\n').length;
    const instead = suggestions.length > 0 ? `; did you mean ${suggestions.join(', ')}?` : '';
    return `${path}:${before}:${offset - line.offset + 1}: ${isFlagged === true ? 'forbidden' : 'unknown'} word "${word}"${instead}`;
  });
  return [...(errors ?? []).map((error) => `${path}: ${error.message}`), ...found];
}
