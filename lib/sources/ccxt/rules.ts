import type { Store } from '../../store/store.ts';
import type { PullSummary } from '../pull.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import type { VenueMarket } from './market.ts';

type Rule = RowOf<'rules'>;

/**
 * Notes the rules and fees the venue has for orders today, unless the last ones noted say the same; pulled every day they become
 * a history.
 */
export async function pullRules(store: Store, venue: VenueMarket): Promise<PullSummary> {
  const { instrument, now } = venue;
  const rule = ruleOf(venue);
  const last = (await store.has('rules', instrument))
    ? await store.read('rules', instrument)
    : rowsFrom('rules', []);
  const at = last.availableTs.length - 1;
  const known = (Object.keys(rule) as (keyof Rule)[]).every(
    (name) => name === 'availableTs' || Object.is(last[name][at], rule[name]),
  );
  if (known) return { rows: 0, written: 0, missing: [], interrupted: false };
  const { written } = await store.append('rules', instrument, rowsFrom('rules', [rule]));
  return { rows: 1, written, missing: [{ from: now, to: now }], interrupted: false };
}

function ruleOf({ market, instrument, now }: VenueMarket): Rule {
  const status: unknown = market.info?.status;
  // A fee that is no share of what is traded is a sum, for which there is no column.
  const feeRate = (fee: number | undefined) =>
    fee === undefined || market.percentage === false ? Number.NaN : fee;
  return {
    availableTs: now,
    tickSize: instrument.tickSize,
    lotSize: instrument.lotSize,
    minQty: market.limits.amount?.min ?? Number.NaN,
    maxQty: market.limits.amount?.max ?? Number.NaN,
    minNotional: instrument.minNotional,
    makerRate: feeRate(market.maker),
    takerRate: feeRate(market.taker),
    status: typeof status === 'string' ? status : market.active === false ? 'HALT' : 'TRADING',
  };
}
