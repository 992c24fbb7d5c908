import { ReleaseError } from './release-error.ts';

/**
 * Returns what the changelog says about one version, for the page of its release. Format: Keep a Changelog 1.1, `## [0.1.0] -
 * 2026-12-01`.
 * @throws ReleaseError if the version has no section with a date and lines
 */
export function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) {
    const hint = sections.some((text) => text.startsWith('[Unreleased]')) ? '; rename [Unreleased] to the version and its date' : '';
    throw new ReleaseError(`CHANGELOG.md has no section [${version}]${hint}`);
  }
  const [title = '', ...lines] = section.split('\n');
  if (!/\] - \d{4}-\d{2}-\d{2}$/.test(title))
    throw new ReleaseError(`CHANGELOG.md: the section [${version}] has no date; write "## [${version}] - YYYY-MM-DD"`);
  const notes = lines.join('\n').trim();
  if (notes === '') throw new ReleaseError(`CHANGELOG.md: the section [${version}] is empty`);
  return `${notes}\n`;
}

/** @throws ReleaseError if the tag is that of another version */
export function assertTag(tag: string, version: string): void {
  if (tag !== `v${version}`) throw new ReleaseError(`the tag is ${tag}, and the sources are ${version}: v${version} is the tag of these`);
}
