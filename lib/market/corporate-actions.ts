import { LabError } from '../core/errors.ts';
import { roundDown } from '../core/round.ts';
import { isoTime, type Millis } from '../core/time.ts';

interface ActionTimes {
  /** The open of the first session without the right: whoever held before it has the right. */
  readonly exTs: Millis;
  /** When it was known. Prices read at a moment are adjusted by what had gone ex and was known by then. */
  readonly availableTs: Millis;
}

export interface Split extends ActionTimes {
  readonly kind: 'split';
  /** New shares for each old one: 4 for four to one, 0.1 for a reverse split of one to ten. */
  readonly ratio: number;
}

export interface Dividend extends ActionTimes {
  readonly kind: 'dividend';
  /** Cash per share, in quote currency; per new share where a split goes ex in the same moment. */
  readonly amount: number;
}

export type CorporateAction = Split | Dividend;

/**
 * Actions in the order of their ex moments, splits before dividends of the same one.
 *
 * @throws LabError `data` for a ratio or an amount that is not above 0
 */
export function orderedActions(actions: readonly CorporateAction[]): CorporateAction[] {
  for (const action of actions) {
    const size = action.kind === 'split' ? action.ratio : action.amount;
    if (!(size > 0 && Number.isFinite(size) && Number.isFinite(action.exTs))) {
      throw new LabError(
        'data',
        `the ${action.kind} of ${isoTime(action.exTs)} is ${size}; expected a number above 0 and a date`,
      );
    }
  }
  return actions.toSorted(
    (a, b) => a.exTs - b.exTs || Number(b.kind === 'split') - Number(a.kind === 'split'),
  );
}

/** What becomes of a position, or of a resting order read as one, in a split. */
export interface SplitPosition {
  readonly qty: number;
  readonly entryPrice: number;
  /** Paid for the fraction of a lot that cannot be held; a short pays it. */
  readonly cash: number;
}

/**
 * Position and cash are worth together what the position was worth before.
 *
 * @param qty     signed units before the split
 * @param price   of a new share: the last close before, over the ratio
 * @param lotSize the smallest quantity that can be held, such as 1; 0 where fractions can
 */
export function splitPosition(
  qty: number,
  entryPrice: number,
  ratio: number,
  price: number,
  lotSize: number,
): SplitPosition {
  const size = roundDown(Math.abs(qty) * ratio, lotSize);
  const kept = Math.sign(qty) * size;
  return { qty: kept, entryPrice: entryPrice / ratio, cash: (qty * ratio - kept) * price };
}

/**
 * What a dividend changes in the cash of a position that was held over the close before the ex moment: a short pays it.
 * Booked at the ex moment, when the price falls by it, and not on the later day of payment; no tax is withheld.
 */
export function dividendCash(qty: number, amount: number): number {
  return qty * amount;
}

/**
 * Walks the actions of an instrument as time goes on. An engine on bars takes what is due before the fills of the first
 * bar that closes after the ex moment: its prices are the first on the new basis.
 */
export class CorporateActionCursor {
  readonly #actions: readonly CorporateAction[];
  #next = 0;

  constructor(actions: readonly CorporateAction[]) {
    this.#actions = orderedActions(actions);
  }

  /** When the next action goes ex; NaN after the last. */
  get nextTs(): Millis {
    return this.#actions[this.#next]?.exTs ?? Number.NaN;
  }

  /** The next action that went ex before `closeTs`, each once; undefined when there is none. */
  take(closeTs: Millis): CorporateAction | undefined {
    const action = this.#actions[this.#next];
    if (action === undefined || action.exTs >= closeTs) return undefined;
    this.#next++;
    return action;
  }
}
