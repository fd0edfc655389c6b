/** The final stages of a referral. */
export const OVER = ['arrived', 'withdrawn', 'refused', 'ended'];
