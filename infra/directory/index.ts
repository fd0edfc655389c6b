export { type Imported, type ImportTarget, importDirectory, readHsds } from './import.ts';
export { type Split, servicesOf, split } from './split.ts';
