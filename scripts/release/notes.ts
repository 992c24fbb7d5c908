import { ReleaseError } from './release-error.ts';

/**
 * What the changelog says of one version, for the page of its release.
 *
 * @throws ReleaseError where it says nothing, or that it is not released
 */
export function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/, 1)[0] === version);
  if (section === undefined) throw new ReleaseError(`CHANGELOG.md says nothing of ${version}`);
  const [title = '', ...lines] = section.split('\n');
  if (/not released/i.test(title)) throw new ReleaseError(`CHANGELOG.md calls ${version} "not released": write the date there`);
  const notes = lines.join('\n').trim();
  if (notes === '') throw new ReleaseError(`CHANGELOG.md has an empty section for ${version}`);
  return `${notes}\n`;
}

/** @throws ReleaseError where the tag is that of another version */
export function assertTag(tag: string, version: string): void {
  if (tag !== `v${version}`) throw new ReleaseError(`the tag is ${tag}, and the sources are ${version}: v${version} is the tag of these`);
}
