/** Counts losing trades in a row; a trade that made nothing leaves the count as it is. */
export class LossStreakWatch {
  streak = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** @param pnl of a closed trade, fees included. True when the streak reaches the limit, not again while it lasts. */
  observeTrade(pnl: number): boolean {
    if (pnl > 0) this.streak = 0;
    if (!(pnl < 0)) return false;
    this.streak++;
    return this.streak === this.limit;
  }
}
