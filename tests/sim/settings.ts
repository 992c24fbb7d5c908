import { routeSettings as settingsOf } from '@sluice/core/fixtures';
import { type RouteSettings, routeName } from '@sluice/core/model';

/** The settings of the simulator's routes: the configuration's defaults, with sizes and times that suit simulated storage. */
export const routeSettings: RouteSettings = settingsOf({
  name: routeName('sim'),
  source: '/source',
  destination: '/destination',
  stableAfterMs: 2_000,
  afterCopyWaitMs: 0,
  growing: { minSizeBytes: 5_000, safetyMarginBytes: 1_000, quietForMs: 3_000 },
});
