import type { Bar } from '../../market/bar.ts';
import { sessionsOf } from '../../market/calendar.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { Order } from '../../trading/order.ts';

/** Where a bar stands for an order that waits for one moment of a session. */
export type Moment = 'early' | 'due' | 'late';

/** An at-open order is due on the first bar of the first session that opens after it was placed. */
export function atOpenMoment({ calendar }: Instrument, order: Order, bar: Bar): Moment {
  const sessions = sessionsOf(calendar);
  const placed = sessions.endingAt(order.createdTs);
  const target = placed >= 0 ? placed + 1 : sessions.next(order.createdTs);
  return sessions.next(bar.openTs) < target ? 'early' : 'due';
}

/** An at-close order is due on the bar that reaches the next close after it was placed; late when that bar is missing. */
export function atCloseMoment({ calendar }: Instrument, order: Order, bar: Bar): Moment {
  const sessions = sessionsOf(calendar);
  const target = sessions.next(order.createdTs);
  const now = sessions.next(bar.openTs);
  if (now > target) return 'late';
  return now === target && bar.closeTs >= sessions.close[target]! ? 'due' : 'early';
}

/** True when an order that stands for a time has none left at `now`. */
export function expired({ calendar }: Instrument, order: Order, now: number): boolean {
  const { tif, until } = order.terms;
  if (tif === 'gtd') return now >= until;
  if (tif !== 'day') return false;
  const sessions = sessionsOf(calendar);
  return now >= sessions.close[sessions.next(order.createdTs)]!;
}
