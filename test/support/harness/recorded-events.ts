import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach } from '@jest/globals';
import { WXPAY_CALL_CHANNEL, type CallEvent } from 'nestjs-wxpay';

/** Records the events of a plain channel during each test of a file. */
export function recordEvents<Event>(name: string): Event[] {
  const events: Event[] = [];
  const record = (event: unknown): void => void events.push(event as Event);
  beforeEach(() => subscribe(name, record));
  afterEach(() => {
    unsubscribe(name, record);
    events.length = 0;
  });
  return events;
}

/** The calls of a test. */
export interface RecordedCalls {
  /** The names of the sub-channels, as they were published to. */
  readonly order: string[];
  /** The event of each call that is over, as `asyncEnd` found it. */
  readonly over: CallEvent[];
}

/** Records all calls during each test of a file. */
export function recordCalls(): RecordedCalls {
  const calls: RecordedCalls = { order: [], over: [] };
  const channel = tracingChannel<unknown, CallEvent>(WXPAY_CALL_CHANNEL);
  const note = (name: string) => (): void => void calls.order.push(name);
  const subscribers = {
    start: note('start'),
    end: note('end'),
    error: note('error'),
    asyncStart: note('asyncStart'),
    asyncEnd(event: CallEvent): void {
      calls.order.push('asyncEnd');
      calls.over.push({ ...event });
    },
  };
  beforeEach(() => channel.subscribe(subscribers));
  afterEach(() => {
    channel.unsubscribe(subscribers);
    calls.order.length = 0;
    calls.over.length = 0;
  });
  return calls;
}
