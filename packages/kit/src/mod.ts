export { kitAround } from './layout.ts';
export { rememberedKeys, rememberKey } from './remembered-key.ts';
export { type KitVerdict, verifyKit, verifySeal } from './verify.ts';
