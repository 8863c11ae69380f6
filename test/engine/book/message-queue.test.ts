import { BookOrder } from '@streamscalp/lib/engine/sim/book/book-order';
import { Message, MessageQueue } from '@streamscalp/lib/engine/sim/book/message-queue';
import { describe, expect, it } from 'vitest';

const order = new BookOrder(1, 1, 1, 1, 1, 'gtc', false, false, 0);

describe('a wire', () => {
  it('is heard in the order in which it was spoken to, also when a later message was faster', () => {
    const wire = new MessageQueue();
    expect(wire.nextTs).toBe(Number.POSITIVE_INFINITY);
    for (const arrives of [30, 10, 40]) {
      wire.send(new Message('submit', order, wire.after(arrives), arrives));
    }
    const heard = [wire.receive(), wire.receive(), wire.receive()];
    expect(heard.map(({ ts, heardTs }) => [ts, heardTs])).toEqual([
      [30, 30],
      [10, 30],
      [40, 40],
    ]);
    expect(wire.nextTs).toBe(Number.POSITIVE_INFINITY);
  });

  it('loses nothing when it is never empty', () => {
    const wire = new MessageQueue();
    let next = 0;
    for (let ts = 0; ts < 5000; ts++) {
      wire.send(new Message('submit', order, ts, ts));
      if (ts < 3) continue;
      expect(wire.nextTs).toBe(next);
      expect(wire.receive().ts).toBe(next++);
    }
    expect(wire.nextTs).toBe(next);
  });
});
