export { clean } from '@sluice/agent';
