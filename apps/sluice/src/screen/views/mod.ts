export { type Look, type Picture, type Span, type Tone, tones } from './picture.ts';
export { render } from './render.ts';
export { rowAt } from './row-at.ts';
