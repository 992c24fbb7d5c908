export type { Look } from '../picture/picture.ts';
export { withinReach } from './full-views/full-view.ts';
export { render } from './render.ts';
export { rowAt } from './row-at.ts';
