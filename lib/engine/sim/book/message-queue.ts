import type { Millis } from '../../../core/time.ts';
import type { BookOrder } from './book-order.ts';

export type MessageKind =
  | 'submit'
  | 'cancel'
  | 'modify'
  | 'accepted'
  | 'modified'
  | 'fill'
  | 'end'
  | 'tooLate';

/** Something said between us and the venue, and when it is heard. */
export class Message {
  readonly kind: MessageKind;
  readonly order: BookOrder;
  readonly heardTs: Millis;
  /** When the venue said it. */
  readonly ts: Millis;
  /** Changes: the whole size and the limit in ticks. Fills: units, price in ticks, whether we made the market, and whether the order is done. */
  readonly qty: number;
  readonly tick: number;
  readonly maker: boolean;
  readonly last: boolean;
  /** Ends: how, and why. */
  readonly status: 'canceled' | 'rejected';
  readonly reason: string;

  constructor(
    kind: MessageKind,
    order: BookOrder,
    heardTs: Millis,
    ts: Millis,
    qty = 0,
    tick = 0,
    maker = false,
    last = false,
    status: 'canceled' | 'rejected' = 'canceled',
    reason = '',
  ) {
    this.kind = kind;
    this.order = order;
    this.heardTs = heardTs;
    this.ts = ts;
    this.qty = qty;
    this.tick = tick;
    this.maker = maker;
    this.last = last;
    this.status = status;
    this.reason = reason;
  }
}

/** Messages already heard that are kept before they are let go together. */
const KEPT = 1024;

/** One direction of the wire: what was said first is heard first, whatever the latency of the second was. */
export class MessageQueue {
  /** When the next message is heard; Infinity when none is under way. */
  nextTs: Millis = Number.POSITIVE_INFINITY;
  private readonly messages: Message[] = [];
  private head = 0;
  private lastTs: Millis = Number.NEGATIVE_INFINITY;

  /** When a message that would arrive at `ts` is heard: not before the one sent ahead of it. */
  after(ts: Millis): Millis {
    return Math.max(ts, this.lastTs);
  }

  send(message: Message): void {
    this.lastTs = message.heardTs;
    this.messages.push(message);
    if (this.messages.length - this.head === 1) this.nextTs = message.heardTs;
  }

  receive(): Message {
    const message = this.messages[this.head++]!;
    // A wire that is never empty must not keep all that was ever said.
    if (this.head === this.messages.length || this.head === KEPT) {
      this.messages.splice(0, this.head);
      this.head = 0;
    }
    this.nextTs = this.messages[this.head]?.heardTs ?? Number.POSITIVE_INFINITY;
    return message;
  }
}
