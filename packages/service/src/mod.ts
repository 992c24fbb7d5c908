export { fileThere, removeServiceFile } from './file.ts';
export { type InstallOptions, installService, serviceSettings } from './install.ts';
export { type Installed, installedFor, installedIn, planOf } from './plan.ts';
export type { ServicePlan } from './service.ts';
export { asked, runSteps, succeeds } from './steps.ts';
export { lingerAdvice } from './systemd.ts';
export { removeHost, wordsOnWindows } from './windows/install.ts';
export { needsPassword } from './windows/windows.ts';
