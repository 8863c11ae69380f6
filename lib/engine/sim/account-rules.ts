import { LabError } from '../../core/errors.ts';
import { fingerprint, sha256 } from '../../core/fingerprint.ts';
import { HOUR, type Millis } from '../../core/time.ts';
import type { CorporateAction } from '../../market/corporate-actions.ts';
import { checkRates, type ExchangeRates } from '../../market/currency.ts';
import type { FundingStream } from '../../market/funding.ts';
import type { MarginTier } from './margin.ts';

/** How a venue lends to positions, and when it takes them away. */
export interface MarginRules {
  /** A position stands on its own margin, or on all of the account's equity. */
  readonly mode: 'isolated' | 'cross';
  /** Value of a position over its initial margin, ≥ 1; larger positions than its bracket allows at it are rejected. */
  readonly leverage: number;
  /** Brackets by symbol, such as `binanceUsdmTiers`. */
  readonly tiers: Readonly<Record<string, readonly MarginTier[]>>;
  /** What the venue's insurance takes of a liquidated position's value, as a fraction; Binance's 0.0125 when absent. */
  readonly liquidationFee?: number | undefined;
  /** How a position whose margin is gone is taken away: `whole` when left out, or `stepwise`, bracket by bracket. */
  readonly liquidation?: 'whole' | 'stepwise' | undefined;
}

/** What happens to the account of a run beside its fills, by symbol; nothing where it is absent. */
export interface AccountRules {
  readonly funding?: Readonly<Record<string, FundingStream>> | undefined;
  /** Of bars as they were traded: fills are at raw prices, and indicators read them. */
  readonly corporateActions?: Readonly<Record<string, readonly CorporateAction[]>> | undefined;
  /** What shorts pay at the close of each session, as a fraction a year. */
  readonly borrow?: { readonly annualRate: number } | undefined;
  readonly margin?: MarginRules | undefined;
  /** Of cash, equity, limits and results; that in which the instruments are quoted when left out. */
  readonly currency?: string | undefined;
  /** What other currencies are worth in it, such as `ratesFromBars('EUR', 'USD', bars)`; see `Exchange`. */
  readonly rates?: readonly ExchangeRates[] | undefined;
  /** By how much worse than the rate money is exchanged, in basis points; required where any is. */
  readonly conversionBps?: number | undefined;
}

/** Binance's, see `LIQUIDATION_FEE` of BTCUSDT in its exchange information. */
export const LIQUIDATION_FEE = 0.0125;
export const FUNDING_INTERVAL: Millis = 8 * HOUR;

/** What was given of them, checked. @throws LabError `params` */
export function accountRules(given: AccountRules): AccountRules {
  const { funding, corporateActions, borrow, margin, currency, rates, conversionBps } = given;
  if (borrow && !(borrow.annualRate >= 0 && borrow.annualRate < 10)) {
    refuse('borrow.annualRate', borrow.annualRate, 'a fraction a year in [0, 10), such as 0.003');
  }
  if (margin) {
    const { mode, leverage, liquidationFee = LIQUIDATION_FEE, liquidation = 'whole' } = margin;
    if (mode !== 'isolated' && mode !== 'cross') {
      refuse('margin.mode', mode, "'isolated' or 'cross'");
    }
    if (!(leverage >= 1 && leverage <= 125)) {
      refuse('margin.leverage', leverage, 'a number in [1, 125]');
    }
    if (liquidation !== 'whole' && liquidation !== 'stepwise') {
      refuse('margin.liquidation', liquidation, "'whole' or 'stepwise'");
    }
    if (!(liquidationFee >= 0 && liquidationFee < 1)) {
      refuse('margin.liquidationFee', liquidationFee, 'a fraction in [0, 1)');
    }
  }
  for (const series of rates ?? []) checkRates(series);
  if (conversionBps !== undefined && !(conversionBps >= 0 && conversionBps <= 1_000)) {
    refuse('conversionBps', conversionBps, 'basis points in [0, 1000], such as 2');
  }
  return {
    ...(funding && { funding }),
    ...(corporateActions && { corporateActions }),
    ...(borrow && { borrow }),
    ...(margin && { margin }),
    ...(currency !== undefined && { currency }),
    ...(rates && { rates }),
    ...(conversionBps !== undefined && { conversionBps }),
  };
}

function refuse(name: string, found: unknown, expected: string): never {
  throw new LabError('params', `${name} is ${found}; expected ${expected}`);
}

/** Whether anything happens to the account beside fills; what stands on margin pays funding. */
export function hasEvents({ funding, corporateActions, borrow, margin }: AccountRules): boolean {
  return (funding ?? corporateActions ?? borrow ?? margin) !== undefined;
}

/** SHA-256 of each stream, by symbol. */
export interface StreamHashes {
  readonly funding?: Readonly<Record<string, string>>;
  readonly corporateActions?: Readonly<Record<string, string>>;
  /** By pair, such as `EUR/USD`. */
  readonly rates?: Readonly<Record<string, string>>;
}

/** What a trial, a fingerprint and a passport remember of the streams; undefined when there are none. */
export function streamHashes(rules: AccountRules): StreamHashes | undefined {
  const { funding, corporateActions, rates } = rules;
  if (!funding && !corporateActions && !rates) return undefined;
  return {
    ...(funding && { funding: mapped(funding, hashOf) }),
    ...(corporateActions && { corporateActions: mapped(corporateActions, fingerprint) }),
    ...(rates && {
      rates: Object.fromEntries(
        rates.map(({ base, quote, availableTs, rate }) => [
          `${base}/${quote}`,
          hashOfColumns([availableTs, rate]),
        ]),
      ),
    }),
  };
}

/** The same record with the hash of each. */
export function mapped<T>(
  bySymbol: Readonly<Record<string, T>>,
  hash: (stream: T) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(bySymbol).map(([symbol, stream]) => [symbol, hash(stream)]),
  );
}

function hashOf({ availableTs, rate, markPrice, interval, bound }: FundingStream): string {
  const columns = [availableTs, rate, markPrice].map(hashOfColumn);
  return fingerprint({ columns, interval: interval ?? FUNDING_INTERVAL, bound: bound ?? null });
}

/** SHA-256 over those of some columns. */
export function hashOfColumns(columns: readonly Float64Array[]): string {
  return fingerprint(columns.map(hashOfColumn));
}

function hashOfColumn(column: Float64Array): string {
  return sha256(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
}
