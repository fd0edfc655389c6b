export type { Finding } from './finding.ts';
export type { Look } from './look.ts';
export { neverDoubled } from './never-doubled.ts';
export { neverLost } from './never-lost.ts';
export { unseen } from './unseen.ts';
