/** More restarts than there will ever be: other tools do not give up. */
export const endless = 1_000_000
