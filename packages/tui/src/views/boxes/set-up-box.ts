import type { FolderField, SetUp } from '../../model/model.ts';
import type { FolderCheck, Side } from '../../model/starter.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { type Asked, type BoxContent, type Paragraph, typedLine } from '../../picture/pieces/box.ts';
import { type Line, piece } from '../../picture/pieces/pieces.ts';

const questions = {
  source: 'Which folder do the recorders write into? Sluice changes nothing in it.',
  destination: 'Which folder shall Sluice copy to? A folder on a mounted share, or on a disk.',
} as const satisfies Record<Side, string>;

/** Returns two folders, one after the other, then both with what was found there. */
export function setUpContent(setUp: SetUp, columns: number, theme: Theme): BoxContent {
  const { step } = setUp;
  if (step === 'confirm') return { title: 'SET UP', ...summary(setUp), asked: { line: yesNo(setUp, theme), cursor: null } };
  const earlier: readonly Paragraph[] = step === 'destination' ? [found(setUp.source), blank] : [];
  const field = setUp[step];
  return {
    title: `SET UP ${step === 'source' ? 1 : 2}/2`,
    paragraphs: [...earlier, asking(step), ...answer(field)],
    asked: typing(field, columns, theme),
  };
}

const blank: Paragraph = { text: '', tone: 'plain' };

function asking(step: Side): Paragraph {
  return { text: questions[step], tone: 'plain' };
}

function typing({ typed, after = 0 }: FolderField, columns: number, theme: Theme): Asked {
  return typedLine([piece('Folder: ', 'key', theme)], { text: typed, after }, columns, theme);
}

function answer({ isAsking, check }: FolderField): readonly Paragraph[] {
  if (isAsking) return [{ text: 'checking ...', tone: 'busy' }];
  if (check === null) return [];
  const then = check.verdict === 'doubtful' ? [{ text: 'Press Enter again to use it anyway.', tone: 'plain' } as const] : [];
  return [seen(check), ...then];
}

/** Marks, because colours may not be visible. */
const marks = { good: '=', doubtful: '?', impossible: 'x' } as const satisfies Record<FolderCheck['verdict'], string>;
const tones = { good: 'good', doubtful: 'warn', impossible: 'bad' } as const satisfies Record<FolderCheck['verdict'], Tone>;

function seen({ path, text, verdict }: FolderCheck): Paragraph {
  return { text: `${marks[verdict]} ${path} ${text}`, tone: tones[verdict] };
}

function found({ typed, check }: FolderField): Paragraph {
  return check === null ? { text: typed, tone: 'plain' } : seen(check);
}

/** Returns the folder with only the mark of its check. */
function named(word: string, { typed, check }: FolderField): Paragraph {
  if (check === null) return { text: `${word} ${typed}`, tone: 'plain' };
  return { text: `${word} ${marks[check.verdict]} ${check.path}`, tone: tones[check.verdict] };
}

function summary({ source, destination, file, trouble }: SetUp): Pick<BoxContent, 'paragraphs' | 'shorter'> {
  const failed: readonly Paragraph[] = trouble === null ? [] : [{ text: `x ${trouble}`, tone: 'bad' }];
  const question: Paragraph = { text: `Write ${file} and start the agent?`, tone: 'plain' };
  const whole: readonly Paragraph[] = [
    question,
    { text: 'from', tone: 'dim' },
    found(source),
    { text: 'to', tone: 'dim' },
    found(destination),
  ];
  const folders = [named('from', source), named('to', destination)];
  return {
    paragraphs: [...failed, ...whole],
    shorter: [
      [...failed, question, ...folders],
      [...failed, ...folders, { text: 'Write this and start the agent?', tone: 'plain' }],
    ],
  };
}

function yesNo({ isWriting }: SetUp, theme: Theme): Line {
  if (isWriting) return [piece('writing ...', 'busy', theme)];
  return [piece('y', 'key', theme), piece(' yes   ', 'plain', theme), piece('n', 'key', theme), piece(' back', 'plain', theme)];
}
