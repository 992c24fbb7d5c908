// Every page of the documentation is in its index, and everything that the pages name exists: the targets of links with their
// anchors, paths of the repository, and scripts of npm. A page that a source or a text names has to exist, too. `<!--
// links:ignore PATH -->` in a page allows a path that the reader creates.
import { readFileSync } from 'node:fs';
import { matchesGlob, posix } from 'node:path';
import { exit, stderr } from 'node:process';
import GithubSlugger from 'github-slugger';
import { lexer, type Token, walkTokens } from 'marked';
import { listedFiles } from './listed.ts';

/** A Markdown file: what it links to, what it names, and which anchors it has. */
interface Page {
  readonly path: string;
  readonly text: string;
  /** Exactly as written in the document: `../states.md#holds`, `https://…`. */
  readonly links: readonly string[];
  /** The text of code spans. */
  readonly spans: readonly string[];
  /** The text of code blocks. */
  readonly blocks: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

/** This test plants names of pages that do not exist. */
const exempt = 'tests/platforms/checks/gates.test.ts';
const files = listedFiles().filter((path) => path !== exempt);
const fileSet = new Set(files);
const folders = new Set(files.flatMap(foldersOf));
const scripts = scriptsOf('package.json');
const pages = new Map(files.filter((path) => path.endsWith('.md')).map((path) => [path, readPage(path)]));

const problems = [
  ...[...pages.values()].flatMap(checkPage),
  ...unlisted(),
  ...files.filter((path) => !pages.has(path)).flatMap(checkSource),
];
for (const problem of problems) stderr.write(`${problem}\n`);
exit(problems.length === 0 ? 0 : 1);

/** Returns the folders of a path: `docs/dev/README.md` is in `docs` and `docs/dev`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}

function scriptsOf(manifest: string): ReadonlySet<string> {
  return new Set(Object.keys((JSON.parse(readFileSync(manifest, 'utf8')) as { readonly scripts: object }).scripts));
}

function readPage(path: string): Page {
  const text = readFileSync(path, 'utf8');
  const links: string[] = [];
  const spans: string[] = [];
  const blocks: string[] = [];
  const anchors = new Set<string>();
  const slugger = new GithubSlugger();
  void walkTokens(lexer(text), (token) => {
    if (token.type === 'link' || token.type === 'image') links.push(String(token['href']));
    else if (token.type === 'codespan') spans.push(token.raw);
    else if (token.type === 'code') blocks.push(token.raw);
    else if (token.type === 'heading') anchors.add(slugger.slug(plainText(token.tokens ?? [])));
    else if (token.type === 'html') for (const [, id] of token.raw.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id ?? '');
  });
  return { path, text, links, spans, blocks, anchors };
}

/** Returns a heading without its markup. */
function plainText(tokens: readonly Token[]): string {
  return tokens.map((token) => ('tokens' in token && token.tokens ? plainText(token.tokens) : 'text' in token ? token.text : '')).join('');
}

/** Returns the pages of the documentation that are in no index, neither the main one nor that of their folder. */
function unlisted(): readonly string[] {
  const indexes = ['docs/README.md', 'docs/dev/README.md'];
  const targets = indexes.flatMap((index) => pages.get(index)?.links.map((link) => targetOf(index, link).path) ?? []);
  const listed = new Set([...indexes, ...targets]);
  const missing = [...pages.keys()].filter((path) => path.startsWith('docs/') && !listed.has(path));
  return missing.map((path) => `${path}: the page is not in docs/README.md`);
}

function checkPage(page: Page): readonly string[] {
  const allowed = [...page.text.matchAll(/<!-- links:ignore (.+?) -->/g)].flatMap(([, paths]) => (paths ?? '').split(' '));
  const named = [...page.spans, ...page.blocks].flatMap(pathsIn);
  const missing = named.filter((path) => !allowed.includes(path) && !isNamedRightly(path));
  return [
    ...page.links.flatMap((link) => checkLink(page, link)),
    ...[...new Set(missing)].map((path) => `${place(page.text, page.path, path)}: there is no ${path}`),
    ...checkScripts(page),
  ];
}

/** Checks a link. @returns what is wrong with a link to the repository; a link to another place is not checked */
function checkLink({ path: from, text }: Page, link: string): readonly string[] {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return [];
  const { path, anchor } = targetOf(from, link);
  if (!fileSet.has(path) && !folders.has(path)) return [`${place(text, from, link)}: the link ${link} leads to no file`];
  if (anchor === undefined || pages.get(path)?.anchors.has(anchor)) return [];
  return [`${place(text, from, link)}: ${path} has no heading for the link ${link}`];
}

function targetOf(from: string, link: string): { readonly path: string; readonly anchor: string | undefined } {
  const [target = '', anchor] = decodeURI(link).split('#', 2);
  return { path: target === '' ? from : posix.join(posix.dirname(from), target).replace(/\/$/, ''), anchor };
}

/** Checks `npm run NAME` in prose, code spans and code blocks. */
function checkScripts({ path, text }: Page): readonly string[] {
  const named = [...text.matchAll(/\bnpm run (?:--?[a-z]+\s+)*([a-z][\w:-]*)/g)].map(([, script]) => script ?? '');
  return [...new Set(named)]
    .filter((script) => !scripts.has(script))
    .map((script) => `${place(text, path, `npm run ${script}`)}: package.json has no script ${script}`);
}

/**
 * Returns what looks like a path of the repository: it begins with one of its folders, or ends like a source file. `dist` is a
 * result of the build and does not count.
 */
function pathsIn(code: string): readonly string[] {
  const words = code.match(/(?<![\w./…@-])[\w.*{}-][\w./*{},@-]*/g) ?? [];
  return words.map((word) => word.replace(/[.,:]+$/, '').replace(/\/$/, '')).filter((word) => isRooted(word) || isSource(word));
}

function isRooted(word: string): boolean {
  return /^(packages|apps|scripts|tests|docs|\.ci|\.github|\.devcontainer)\/./.test(word);
}

function isSource(word: string): boolean {
  return /^(?!dist\/)[\w./-]*\w\.(ts|mjs|md)$/.test(word);
}

/**
 * Returns whether a path exists: from the root, as a pattern that matches, or as the end of a path such as `mounted/classify.ts`.
 */
function isNamedRightly(path: string): boolean {
  if (fileSet.has(path) || folders.has(path)) return true;
  if (/[*{]/.test(path)) return files.some((file) => matchesGlob(file, path)) || [...folders].some((folder) => matchesGlob(folder, path));
  return !isRooted(path) && files.some((file) => file.endsWith(`/${path}`));
}

/** Checks that a source, a comment or a text for people names only existing pages of the documentation. */
function checkSource(path: string): readonly string[] {
  if (!/\.(ts|mjs|sh|cmd|txt|toml|yml|json|c|h|py)$/.test(path)) return [];
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?<![\w./-])((?:docs\/[\w./-]+|[A-Z]{4,})\.md)(?:#([\w-]+))?/g)].flatMap(([name, page = '', anchor]) => {
    const found = pages.get(page);
    if (found !== undefined && (anchor === undefined || found.anchors.has(anchor))) return [];
    return [`${place(text, path, name)}: there is no ${name}`];
  });
}

/** Returns `docs/states.md:12`: the first line with the text. */
function place(text: string, path: string, found: string): string {
  const at = text.indexOf(found);
  return at === -1 ? path : `${path}:${text.slice(0, at).split('\n').length}`;
}
