/** The id of a user who owns nothing. */
export const nobody = 65_534;

/** A value for `TEMP`, which is passed on to a child. The child then drops the rights of root. */
export const asNobody = 'as nobody';
