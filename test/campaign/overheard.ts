import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { WXPAY_CALL_CHANNEL, WXPAY_CHANNELS } from 'nestjs-wxpay';
import type { Offence } from './tally.js';

const CALLS = ['start', 'end', 'error', 'asyncStart', 'asyncEnd'].map(
  (name) => `tracing:${WXPAY_CALL_CHANNEL}:${name}`,
);
const CHANNELS = [...Object.values(WXPAY_CHANNELS), ...CALLS];

/** Listens to all that a process says while a campaign is on: what it writes, what it publishes, what it never caught. */
export class Overheard {
  readonly #tell: (offence: Offence) => void;
  /** What a text gives away. */
  readonly #secretIn: (text: string) => string | undefined;
  readonly #restore: (() => void)[];

  constructor(tell: (offence: Offence) => void, secretIn: (text: string) => string | undefined) {
    this.#tell = tell;
    this.#secretIn = secretIn;
    this.#restore = [process.stdout, process.stderr].map((stream) => this.#listenTo(stream));
    process.on('unhandledRejection', this.#onRejection);
    for (const channel of CHANNELS) subscribe(channel, this.#onEvent);
  }

  end(): void {
    for (const restore of this.#restore) restore();
    process.off('unhandledRejection', this.#onRejection);
    for (const channel of CHANNELS) unsubscribe(channel, this.#onEvent);
  }

  #listenTo(stream: NodeJS.WriteStream): () => void {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (...args: unknown[]): boolean => {
      this.#look('a line of the log', String(args[0]));
      return write(...args);
    };
    return () => {
      stream.write = write;
    };
  }

  readonly #onEvent = (event: unknown, channel: string | symbol): void =>
    this.#look(String(channel), `${inspect(event, { depth: 9 })}\n${JSON.stringify(event)}`);

  readonly #onRejection = (reason: unknown): void => this.#tell(['unhandled rejections', String(reason)]);

  #look(where: string, text: string): void {
    const secret = this.#secretIn(text);
    if (secret !== undefined) this.#tell(['secrets told', `${secret} in ${where}`]);
  }
}
