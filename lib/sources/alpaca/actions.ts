import type { marketData } from '@alpacahq/alpaca-trade-api/rest';
import { DAY, isoDay, type Millis } from '../../core/time.ts';
import { sessionsOf } from '../../market/calendar.ts';
import type { Span } from '../../market/spans.ts';
import type { Rows } from '../../store/tables.ts';
import type { Page, PageSource } from '../pull.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import type { OpenAlpaca } from './client.ts';
import { answers } from './pages.ts';

const PAGE = 1000;
/** Alpaca hears of some actions weeks late, so the latest ones are asked for again each time. */
const LATE: Millis = 30 * DAY;

type Action = RowOf<'actions'>;
type Told = Partial<marketData.CorporateActions>;

/**
 * Splits, stock dividends as the splits they are, and cash dividends of a share that have gone ex. When each was
 * announced is not told, so it counts as known from the open of its ex session, and never before.
 *
 * @param onNote told of actions of other kinds, such as mergers, which nothing here takes into account
 */
export function alpacaActions(
  alpaca: OpenAlpaca,
  symbol: string,
  onNote: (note: string) => void,
): PageSource<Rows<'actions'>> {
  return async function* pages(span: Span): AsyncGenerator<Page<Rows<'actions'>>> {
    const asked = answers((pageToken) =>
      alpaca.ask(`corporate actions of ${symbol}`, async ({ marketData }) => {
        const { corporateActions, nextPageToken } =
          await marketData.corporateActions.corporateActions({
            symbols: symbol,
            start: new Date(span.from - DAY),
            end: new Date(span.to + DAY),
            limit: PAGE,
            sort: 'asc',
            ...(pageToken !== undefined && { pageToken }),
          });
        return { found: [(corporateActions ?? {}) as Told], next: nextPageToken };
      }),
    );
    const told: Told[] = [];
    for await (const { found } of asked) told.push(...found);
    const inside = ({ exTs }: Action) => exTs >= span.from && exTs < span.to;
    const rows = oneAnExDay(told.flatMap((one) => actionsOf(one, symbol))).filter(inside);
    for (const one of told) for (const note of otherKinds(one, symbol)) onNote(note);

    const settled = Math.max(span.from, Math.min(span.to, Math.floor(alpaca.now - LATE)));
    const early = rows.filter(({ exTs }) => exTs < settled);
    const late = rows.filter(({ exTs }) => exTs >= settled);
    if (settled > span.from) yield { rows: rowsFrom('actions', early), done: settled };
    if (settled < span.to) {
      yield { rows: rowsFrom('actions', late), done: span.to, complete: false };
    }
  };
}

function actionsOf(told: Told, symbol: string): Action[] {
  const splits = [...(told.forwardSplits ?? []), ...(told.reverseSplits ?? [])]
    .filter((split) => split.symbol === symbol)
    .map((split) => ({
      ...times(split),
      type: 'split',
      ratio: split.newRate / split.oldRate,
      cash: 0,
      currency: '',
    }));
  const shares = (told.stockDividends ?? [])
    .filter((dividend) => dividend.symbol === symbol)
    .map((dividend) => ({
      ...times(dividend),
      type: 'split',
      ratio: 1 + dividend.rate,
      cash: 0,
      currency: '',
    }));
  const cash = (told.cashDividends ?? [])
    .filter((dividend) => dividend.symbol === symbol)
    .map((dividend) => ({
      ...times(dividend),
      type: 'dividend',
      ratio: 1,
      cash: dividend.rate,
      currency: dividend.currency ?? 'USD',
    }));
  return [...splits, ...shares, ...cash];
}

function times({ exDate, payableDate }: { exDate: Date; payableDate?: Date }) {
  const sessions = sessionsOf('us-equity');
  const exTs = sessions.open[sessions.next(exDate.getTime())]!;
  return { availableTs: exTs, exTs, payTs: payableDate?.getTime() ?? Number.NaN };
}

/** All that is paid ex one day is one dividend, and all splits of a day are one split. */
function oneAnExDay(actions: readonly Action[]): Action[] {
  const days = new Map<string, Action>();
  for (const action of actions) {
    const key = `${action.type} ${action.exTs}`;
    const other = days.get(key);
    days.set(
      key,
      other === undefined
        ? action
        : { ...other, ratio: other.ratio * action.ratio, cash: other.cash + action.cash },
    );
  }
  return [...days.values()].sort((a, b) => a.exTs - b.exTs);
}

const TAKEN = ['forwardSplits', 'reverseSplits', 'stockDividends', 'cashDividends'];

function otherKinds(told: Told, symbol: string): string[] {
  return Object.entries(told)
    .filter(([kind, actions]) => Array.isArray(actions) && !TAKEN.includes(kind))
    .flatMap(([kind, actions]) =>
      (actions as readonly { processDate?: Date }[]).map(({ processDate }) => {
        const name = kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
        const day = processDate ? ` of ${isoDay(processDate.getTime())}` : '';
        return `${symbol} is in ${name}${day}, which no adjustment takes into account`;
      }),
    );
}
