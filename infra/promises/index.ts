export { type Difference, differences, unseen } from './differences.ts';
export type { Finding } from './finding.ts';
export type { Look } from './look.ts';
export { neverDoubled } from './never-doubled.ts';
export { neverLost } from './never-lost.ts';
export { nothingLeftOver } from './nothing-left-over.ts';
