/** The final stages of a referral. */
export const FINAL_STAGES = ['started', 'withdrawn', 'refused', 'ended'];

/** The same as a list in SQL. */
export const FINAL_STAGES_SQL = FINAL_STAGES.map((stage) => `'${stage}'`).join(', ');
