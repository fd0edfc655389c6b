/** The services that keep units for a referral and are installed: those with which `referral` has a topic each way. A need names one of them. */
export const providerServices = ['shelter-capacity'] as const;

/** Those of them where a person sleeps: for no other need a place of last resort is named. */
export const accommodationServices: readonly (typeof providerServices)[number][] = ['shelter-capacity'];
