import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import { type Adjustment, adjustBars, adjustmentFactors } from '../market/adjust.ts';
import type { BarColumns } from '../market/bar.ts';
import type { CorporateAction } from '../market/corporate-actions.ts';
import type { InstrumentKey } from './layout.ts';
import { rememberSources } from './origin.ts';
import type { BarsQuery, Store } from './store.ts';

export interface AdjustedQuery extends BarsQuery {
  readonly adjustment: Adjustment;
  /** Actions that went ex or became known later leave no trace; by default the close of the last bar of the range. */
  readonly asOf?: Millis;
}

/**
 * Stored bars with splits, and dividends where wanted, taken out of the prices before them. Bars are stored as they were
 * traded and never rewritten: what an adjusted price is depends on when it is asked for.
 *
 * @throws LabError `data` as `store.bars`, and for a dividend as large as the price before it
 */
export async function adjustedBars(store: Store, query: AdjustedQuery): Promise<BarColumns> {
  const bars = await store.bars(query);
  const asOf = query.asOf ?? bars.closeTs.at(-1)!;
  const actions = await corporateActions(store, query, asOf);
  return adjustBars(bars, adjustmentFactors(bars, actions, asOf, query.adjustment));
}

/**
 * The splits and dividends of an instrument as they were known at `asOf`, each as it was last told: an announcement that
 * was corrected counts once. None when none was ever stored.
 *
 * @throws LabError `data` for a stored action of another type
 */
export async function corporateActions(
  store: Store,
  series: InstrumentKey,
  asOf: Millis,
): Promise<CorporateAction[]> {
  const none: CorporateAction[] = [];
  rememberSources(none, []);
  if (!(await store.has('actions', series))) return none;
  const rows = await store.read('actions', series);
  const told = new Map<string, CorporateAction>();
  for (let row = 0; row < rows.exTs.length; row++) {
    const [availableTs, exTs] = [rows.availableTs[row]!, rows.exTs[row]!];
    if (availableTs > asOf) continue;
    const kind = rows.type[row]!;
    const times = { exTs, availableTs };
    if (kind === 'split') told.set(`${kind} ${exTs}`, { kind, ratio: rows.ratio[row]!, ...times });
    else if (kind === 'dividend') {
      told.set(`${kind} ${exTs}`, { kind, amount: rows.cash[row]!, ...times });
    } else {
      throw new LabError(
        'data',
        `an action of ${series.symbol} on ${series.venue} is of type "${kind}"; there are split and dividend`,
      );
    }
  }
  const actions = [...told.values()];
  rememberSources(actions, [rows]);
  return actions;
}
