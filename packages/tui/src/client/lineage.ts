import { ControlError, type FileJson } from '@sluice/control';
import type { FileStory } from '../model/model.ts';
import { linkLimits } from './limits.ts';
import type { AgentLink } from './link.ts';

/**
 * Returns a file with the attempts before and after it, oldest first.
 * @throws ControlError if there is no such file; Disconnected, TimedOut
 */
export async function askLineage(link: Pick<AgentLink, 'request'>, id: string): Promise<readonly FileStory[]> {
  const asked = await storyOf(link, id);
  const before = await follow(link, asked, ({ recoveryOf }) => recoveryOf);
  const after = await follow(link, asked, ({ recoveredBy }) => recoveredBy);
  return [...before.toReversed(), asked, ...after];
}

/** Follows from one attempt to the next, as far as the journal has them. */
async function follow(
  link: Pick<AgentLink, 'request'>,
  from: FileStory,
  nextOf: (file: FileJson) => string | null,
): Promise<readonly FileStory[]> {
  const stories: FileStory[] = [];
  for (let next = nextOf(from.file); next !== null && stories.length < linkLimits.attempts; ) {
    const story = await storyOf(link, next).catch(ignoreMissing);
    if (story === null) break;
    stories.push(story);
    next = nextOf(story.file);
  }
  return stories;
}

async function storyOf(link: Pick<AgentLink, 'request'>, id: string): Promise<FileStory> {
  const { files } = await link.request('show', { file: id });
  const story = files.find(({ file }) => file.id === id);
  if (story === undefined) throw new ControlError('not_found', `there is no tracked file with the id ${JSON.stringify(id)}`);
  return story;
}

/** Old attempts are removed from the journal. */
function ignoreMissing(error: unknown): null {
  if (error instanceof ControlError && error.kind === 'not_found') return null;
  throw error;
}
