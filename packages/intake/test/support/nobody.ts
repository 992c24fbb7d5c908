/** A user who owns nothing. */
export const nobody = 65_534;

/** In `TEMP`, which is passed on to a child: it gives up the rights of root. */
export const asNobody = 'as nobody';
