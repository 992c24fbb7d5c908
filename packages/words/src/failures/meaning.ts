/** What a person needs to know about a code in addition to its text. Each field holds whole sentences. */
export interface Meaning {
  /** Why it happens. */
  readonly cause: string;
  /** What it means for the files. */
  readonly files: string;
  /** What a person does about it. */
  readonly remedy: string;
}

/** A meaning, with values that have this code: the text on the screen is made from them. */
export interface Explained<Value> extends Meaning {
  readonly examples: readonly [Value, ...Value[]];
}

/** A meaning for each kind of a union. A kind without one does not compile. */
export type MeaningsOf<Union extends { readonly kind: string }> = {
  readonly [Kind in Union['kind']]: Explained<Extract<Union, { readonly kind: Kind }>>;
};
