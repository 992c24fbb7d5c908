export { sizeText } from '@sluice/core';
