/** The journal cannot be used; the program ends with exit code 4 and these two sentences. */
export class JournalUnusable extends Error {
  override name = 'JournalUnusable';
  readonly reason: 'damaged' | 'newer' | 'locked' | 'network_filesystem' | 'unreadable' | 'missing';
  /** What it means and what to do. */
  readonly operator: string;
  readonly technical: string;

  constructor(reason: JournalUnusable['reason'], operator: string, technical: string) {
    super(`${operator} (${technical})`);
    this.reason = reason;
    this.operator = operator;
    this.technical = technical;
  }
}
