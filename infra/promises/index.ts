export type { DatabaseReader } from './database-reader.ts';
export type { Finding } from './finding.ts';
export { neverDoubled } from './never-doubled.ts';
export { neverLost } from './never-lost.ts';
export { nothingLeftOver } from './nothing-left-over.ts';
export { countUnreceived, type StreamDifference, streamDifferences } from './stream-differences.ts';
