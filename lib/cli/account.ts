import { LabError } from '../core/errors.ts';
import { type Millis, SECOND } from '../core/time.ts';
import type { AccountRules } from '../engine/sim/account-rules.ts';
import type { MarginTier } from '../engine/sim/margin.ts';
import { binanceUsdmTiers } from '../engine/sim/margin-tiers.ts';
import { storeFunding } from '../feed/store-funding.ts';
import type { CorporateAction } from '../market/corporate-actions.ts';
import type { FundingStream } from '../market/funding.ts';
import { corporateActions } from '../store/adjusted-bars.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Market } from './market.ts';
import type { MarketOptions } from './market-options.ts';

/**
 * What happens to the account of a run beside its fills, as the options ask for it: funding, splits and dividends of the
 * store, borrow fees, and margin.
 *
 * @throws LabError `usage` for bars of a file, or a symbol whose brackets are not known; `data` when the store lacks funding
 */
export async function accountFor(
  options: MarketOptions,
  markets: readonly Market[],
): Promise<Pick<AccountRules, 'funding' | 'corporateActions' | 'borrow' | 'margin'>> {
  const { margin: mode, leverage, borrow } = options;
  return {
    ...(await storedFor(options, markets)),
    ...(borrow !== undefined && { borrow: { annualRate: borrow } }),
    ...(mode && { margin: { mode, leverage, tiers: tiersOf(markets) } }),
  };
}

async function storedFor(
  options: MarketOptions,
  markets: readonly Market[],
): Promise<Pick<AccountRules, 'funding' | 'corporateActions'>> {
  const { funding, fundingBound, actions, bars } = options;
  if (fundingBound !== undefined && !funding) {
    throw new LabError('usage', '--funding-bound is for payments that --funding lacks; give both');
  }
  if (!funding && !actions) return {};
  if (bars !== undefined) {
    throw new LabError(
      'usage',
      `--funding and --actions are of the store, and --bars ${bars} is a file; import it, and name it with --symbol and --venue`,
    );
  }
  const store = await openStore();
  try {
    return {
      ...(funding && { funding: await fundingOf(store, options, markets) }),
      ...(actions && { corporateActions: await actionsOf(store, markets) }),
    };
  } finally {
    store.close();
  }
}

async function fundingOf(
  store: Store,
  { from, to, fundingBound }: MarketOptions,
  markets: readonly Market[],
): Promise<Record<string, FundingStream>> {
  const funding: Record<string, FundingStream> = {};
  for (const { instrument } of markets) {
    const { symbol, venue } = instrument;
    // A payment falls due at the close of the last bar too, a moment late.
    const until: Millis | undefined = to === undefined ? undefined : to + SECOND;
    funding[symbol] = await storeFunding(store, { symbol, venue, from, to: until }, fundingBound);
  }
  return funding;
}

async function actionsOf(
  store: Store,
  markets: readonly Market[],
): Promise<Record<string, readonly CorporateAction[]>> {
  const actions: Record<string, readonly CorporateAction[]> = {};
  for (const { instrument, bars } of markets) {
    actions[instrument.symbol] = await corporateActions(store, instrument, bars.closeTs.at(-1)!);
  }
  return actions;
}

/** @throws LabError `usage` for a symbol without brackets */
function tiersOf(markets: readonly Market[]): Record<string, readonly MarginTier[]> {
  const tiers: Record<string, readonly MarginTier[]> = {};
  for (const { instrument } of markets) {
    const { symbol } = instrument;
    const pair = symbol.replace(/:.*$/, '').replace('/', '');
    const found = (binanceUsdmTiers as Record<string, readonly MarginTier[]>)[pair];
    if (!found) {
      throw new LabError(
        'usage',
        `--margin knows the brackets of ${Object.keys(binanceUsdmTiers).join(', ')}, and not of ${symbol}; give margin.tiers to backtest() for others`,
      );
    }
    tiers[symbol] = found;
  }
  return tiers;
}
