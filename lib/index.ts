export { LabError } from './core/errors.ts';
