export { type Imported, type ImportTarget, importDirectory, readHsds } from './import.ts';
export { type Split, split } from './split.ts';
