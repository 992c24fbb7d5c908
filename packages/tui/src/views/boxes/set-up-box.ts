import type { FolderField, SetUp } from '../../model/model.ts';
import type { FolderLook, Side } from '../../model/starter.ts';
import type { Look, Tone } from '../../picture/picture.ts';
import { type Asked, type BoxContent, type Told, typedLine } from '../../picture/pieces/box.ts';
import { type Line, piece } from '../../picture/pieces/pieces.ts';

const questions = {
  source: 'Which folder do the recorders write into? Nothing in it is changed.',
  destination: 'Where shall it be carried to? A folder on a mounted share, or on a disk.',
} as const satisfies Record<Side, string>;

/** Two folders, one after the other, then both with what was found there. */
export function setUpContent(setUp: SetUp, columns: number, look: Look): BoxContent {
  const { step } = setUp;
  if (step === 'confirm') return { title: 'SET UP', ...summary(setUp), asked: { line: yesNo(setUp, look), cursor: null } };
  const earlier: readonly Told[] = step === 'destination' ? [found(setUp.source), blank] : [];
  const field = setUp[step];
  return {
    title: `SET UP ${step === 'source' ? 1 : 2}/2`,
    told: [...earlier, asking(step), ...answer(field)],
    asked: typing(field, columns, look),
  };
}

const blank: Told = { text: '', tone: 'plain' };

function asking(step: Side): Told {
  return { text: questions[step], tone: 'plain' };
}

function typing({ typed }: FolderField, columns: number, look: Look): Asked {
  return typedLine([piece('Folder: ', 'key', look)], typed, columns, look);
}

function answer({ isAsking, look }: FolderField): readonly Told[] {
  if (isAsking) return [{ text: 'looking at it ...', tone: 'busy' }];
  if (look === null) return [];
  const then = look.verdict === 'doubtful' ? [{ text: 'Enter again takes it all the same.', tone: 'plain' } as const] : [];
  return [seen(look), ...then];
}

/** Marks, since a colour may not be seen. */
const marks = { good: '=', doubtful: '?', impossible: 'x' } as const satisfies Record<FolderLook['verdict'], string>;
const tones = { good: 'good', doubtful: 'warn', impossible: 'bad' } as const satisfies Record<FolderLook['verdict'], Tone>;

function seen({ path, text, verdict }: FolderLook): Told {
  return { text: `${marks[verdict]} ${path} ${text}`, tone: tones[verdict] };
}

function found({ typed, look }: FolderField): Told {
  return look === null ? { text: typed, tone: 'plain' } : seen(look);
}

/** Without what was seen there, but for its mark. */
function named(word: string, { typed, look }: FolderField): Told {
  if (look === null) return { text: `${word} ${typed}`, tone: 'plain' };
  return { text: `${word} ${marks[look.verdict]} ${look.path}`, tone: tones[look.verdict] };
}

function summary({ source, destination, file, trouble }: SetUp): Pick<BoxContent, 'told' | 'shorter'> {
  const failed: readonly Told[] = trouble === null ? [] : [{ text: `x ${trouble}`, tone: 'bad' }];
  const question: Told = { text: `Write ${file} and start the agent?`, tone: 'plain' };
  const whole: readonly Told[] = [question, { text: 'from', tone: 'dim' }, found(source), { text: 'to', tone: 'dim' }, found(destination)];
  const folders = [named('from', source), named('to', destination)];
  return {
    told: [...failed, ...whole],
    shorter: [
      [...failed, question, ...folders],
      [...failed, ...folders, { text: 'Write that and start the agent?', tone: 'plain' }],
    ],
  };
}

function yesNo({ isWriting }: SetUp, look: Look): Line {
  if (isWriting) return [piece('writing it ...', 'busy', look)];
  return [piece('y', 'key', look), piece(' yes   ', 'plain', look), piece('n', 'key', look), piece(' back', 'plain', look)];
}
