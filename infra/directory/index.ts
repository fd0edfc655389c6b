export type { HsdsOrganization } from './hsds.ts';
export { type ImportResult, type ImportTarget, importDirectory, readHsds } from './import.ts';
export { type Proposal, proposalSentences } from './proposals.ts';
export { type Split, servicesOf, split } from './split.ts';
