/** The services that keep units for a referral and are installed: those with which `referral` has a topic each way. A need names one of them. */
export const providerServices = ['shelter-capacity'] as const;
