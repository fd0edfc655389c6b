/** The newest version of a section, and the disagreements with it. */
export interface SectionHistory {
  readonly version: number;
  readonly writtenBy: string;
  /** Sealed notes in which the person disagrees, each with one version. */
  readonly disagreements: readonly { readonly version: number; readonly noteId: string }[];
}
