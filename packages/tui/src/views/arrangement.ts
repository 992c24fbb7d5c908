import { type Layout, layoutOf } from '../model/layout.ts';
import type { Model } from '../model/model.ts';
import type { Look } from '../picture/picture.ts';
import type { Line } from '../picture/pieces/pieces.ts';
import { bannerLines } from './above/banners.ts';
import { tourLines } from './above/tour-lines.ts';

/** Where what stands, for this model. */
export interface Arrangement {
  readonly layout: Layout;
  readonly banners: readonly Line[];
  /** Too small: one line says all. */
  readonly isTiny: boolean;
  /** The first row of the list, of the screen. */
  readonly listAt: number;
}

export function arrange(model: Model, look: Look): Arrangement {
  const banners = [...tourLines(model, look), ...bannerLines(model, look)];
  const layout = layoutOf(model.size, banners.length);
  const isTiny = layout.list === 0;
  return { layout, banners: isTiny ? [] : banners, isTiny, listAt: layout.header + banners.length + layout.above };
}
