import { fieldsLeftOutChannel } from './channels.js';
import type { FieldsLeftOutEvent } from './events.js';

/** Collects the JSON paths of the fields left out of one order while its verified message is decoded. */
export class LeftOutFields {
  readonly #paths: string[] = [];

  get paths(): readonly string[] {
    return this.#paths;
  }

  /** @param path such as `$.promotion_detail[0].amount`; names and indices only, never content */
  add(path: string): void {
    this.#paths.push(path);
  }

  /** Publishes a {@link FieldsLeftOutEvent} if any field was left out and the channel has subscribers. */
  publish(
    { merchant, operation }: Pick<FieldsLeftOutEvent, 'merchant' | 'operation'>,
    { outTradeNo, subMchid }: Pick<FieldsLeftOutEvent, 'outTradeNo' | 'subMchid'>,
  ): void {
    if (this.#paths.length === 0 || !fieldsLeftOutChannel.hasSubscribers) return;
    fieldsLeftOutChannel.publish({
      merchant,
      operation,
      outTradeNo,
      ...(subMchid !== undefined && { subMchid }),
      paths: this.paths,
    } satisfies FieldsLeftOutEvent);
  }
}
