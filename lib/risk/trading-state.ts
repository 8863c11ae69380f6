import { assert } from '../core/assert.ts';
import { LabError } from '../core/errors.ts';

/** From free to stopped: each state permits what the one after it does, and more or the same. */
export const TRADING_STATES = ['ACTIVE', 'REDUCING', 'HALTED', 'FLATTENING', 'FLAT'] as const;

/**
 * What trading an account may do. A state is latched: limits only ever bring it further along, and a person re-arms it.
 * Cancels pass in every state.
 */
export type TradingState = (typeof TRADING_STATES)[number];

/**
 * The only moves. FLAT goes back to FLATTENING when a fill that was in flight opens a position again; what returns to
 * ACTIVE is a person's doing, and FLATTENING must end first.
 */
export const TRADING_TRANSITIONS: Readonly<Record<TradingState, readonly TradingState[]>> = {
  ACTIVE: ['REDUCING', 'HALTED', 'FLATTENING'],
  REDUCING: ['ACTIVE', 'HALTED', 'FLATTENING'],
  HALTED: ['ACTIVE', 'FLATTENING'],
  FLATTENING: ['FLAT'],
  FLAT: ['ACTIVE', 'FLATTENING'],
};

/** What passes in a state, and what whoever enters it must do at once. */
export const TRADING_STATE_RULES: Readonly<
  Record<TradingState, { readonly permits: string; readonly entering: string }>
> = {
  ACTIVE: { permits: 'everything within the limits', entering: 'nothing' },
  REDUCING: {
    permits: 'orders that can only reduce; cancels',
    entering: 'cancel resting orders that would grow a position',
  },
  HALTED: {
    permits: 'orders that can only reduce; cancels',
    entering: 'cancel every resting order but the stops that protect a position',
  },
  FLATTENING: {
    permits: 'orders marked reduce-only; cancels',
    entering: 'cancel every order, close every position reduce-only, and retry until flat',
  },
  FLAT: {
    permits: 'orders marked reduce-only; cancels',
    entering: 'verify against the venue that nothing is held',
  },
};

/**
 * Whether a state lets an order pass. While flattening an order must be marked reduce-only: one that only happens to be
 * smaller than the position could turn it, beside the order that closes it.
 *
 * @param reducing the order can only make the position smaller
 */
export function permits(state: TradingState, reducing: boolean, reduceOnly: boolean): boolean {
  switch (state) {
    case 'ACTIVE':
      return true;
    case 'REDUCING':
    case 'HALTED':
      return reducing;
    default:
      return reduceOnly;
  }
}

/** Holds the state of an account. Persist `state` and `reason`, and start from them again. */
export class TradingLatch {
  state: TradingState;
  /** Why it is not ACTIVE; empty when it is. */
  reason: string;

  constructor(state: TradingState = 'ACTIVE', reason = '') {
    this.state = state;
    this.reason = reason;
  }

  /** Brings trading further along. True when it moved; a state as far along or further stays, with its first reason. */
  fall(to: 'REDUCING' | 'HALTED' | 'FLATTENING', reason: string): boolean {
    if (TRADING_STATES.indexOf(to) <= TRADING_STATES.indexOf(this.state)) return false;
    this.become(to);
    this.reason = reason;
    return true;
  }

  /** Nothing is held any more. */
  flattened(): void {
    this.become('FLAT');
  }

  /** A fill that was in flight has opened a position again. */
  reopened(): void {
    this.become('FLATTENING');
  }

  /** A person's decision to trade again. @throws LabError `refused` while positions are being closed */
  rearm(): void {
    if (this.state === 'ACTIVE') return;
    if (this.state === 'FLATTENING') {
      throw new LabError(
        'refused',
        'trading is FLATTENING and can be re-armed from FLAT; wait until every position is closed',
      );
    }
    this.become('ACTIVE');
    this.reason = '';
  }

  private become(to: TradingState): void {
    const allowed = TRADING_TRANSITIONS[this.state].includes(to);
    assert(allowed, `trading cannot go from ${this.state} to ${to}`);
    this.state = to;
  }
}
