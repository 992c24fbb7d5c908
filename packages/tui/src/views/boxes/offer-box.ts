import { unreachable } from '@sluice/core/model';
import type { Dialog } from '../../model/model.ts';
import type { Offer } from '../../model/starter.ts';
import { glyphsOf } from '../../picture/glyphs.ts';
import type { Theme } from '../../picture/picture.ts';
import type { BoxContent, Paragraph } from '../../picture/pieces/box.ts';
import { type Line, piece } from '../../picture/pieces/pieces.ts';

/** Returns what could be started if no agent runs, or why nothing can be. */
export function offerContent({ offer, isStarting, trouble }: Extract<Dialog, { kind: 'offer' }>, theme: Theme): BoxContent {
  const failed: readonly Paragraph[] = trouble === null ? [] : [{ text: `x ${trouble}`, tone: 'bad' }];
  return {
    title: titleOf(offer),
    paragraphs: [...failed, ...paragraphs(offer, theme)],
    asked: { line: asked(offer, isStarting, theme), cursor: null },
  };
}

function titleOf({ kind }: Offer): string {
  return kind === 'cannot' ? 'NO AGENT FOR THIS SCREEN' : 'NO AGENT IS RUNNING';
}

function paragraphs(offer: Offer, theme: Theme): readonly Paragraph[] {
  switch (offer.kind) {
    case 'start':
      return [
        { text: `You can start one. With ${offer.by} it copies:`, tone: 'plain' },
        ...offer.routes.map(
          ({ name, source, destination }): Paragraph => ({
            text: `  ${name}: ${source} ${glyphsOf(theme).arrow} ${destination}`,
            tone: 'title',
          }),
        ),
        { text: `Its journal and log: ${offer.stateDir}`, tone: 'dim' },
        { text: 'It runs in the background. Closing this screen does not stop it.', tone: 'plain' },
      ];
    case 'set_up':
      return [
        { text: 'There is no configuration yet.', tone: 'plain' },
        { text: 'The setup asks for two folders, checks both, and writes', tone: 'plain' },
        { text: `  ${offer.file}`, tone: 'title' },
      ];
    case 'cannot':
      return offer.problems.map((text) => ({ text, tone: 'plain' }));
    default:
      return unreachable(offer);
  }
}

function asked({ kind }: Offer, isStarting: boolean, theme: Theme): Line {
  if (isStarting) return [piece('starting ...', 'busy', theme)];
  const leave: Line = [piece('q', 'key', theme), piece(' leave', 'plain', theme)];
  if (kind === 'cannot') return leave;
  return [piece('Enter', 'key', theme), piece(kind === 'start' ? ' start it   ' : ' set it up   ', 'plain', theme), ...leave];
}
