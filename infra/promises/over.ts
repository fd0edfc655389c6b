/** The final stages of a referral. */
export const OVER = ['arrived', 'withdrawn', 'refused', 'ended'];

/** The same as a list in SQL. */
export const OVER_IN_SQL = OVER.map((stage) => `'${stage}'`).join(', ');
