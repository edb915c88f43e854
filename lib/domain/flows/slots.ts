/** Permission of one item to be worked on. An item that waits gives its slot up, so that other items are worked on meanwhile. */
export interface Slot {
  /** Takes a slot, unless the item has one. Of the items that wait for one, the item that was read first gets the next. */
  take(): Promise<void>;
  /** Gives the slot up, if the item has one. */
  giveUp(): void;
}

/** Limited number of slots. */
export class Slots {
  readonly #onFree: () => void;
  /** Items that wait for a slot, in the order in which they were read. */
  readonly #queue: QueuedSlot[] = [];
  #free: number;
  #read = 0;

  /** @param onFree called when a slot is given up */
  constructor(size: number, onFree: () => void) {
    this.#free = size;
    this.#onFree = onFree;
  }

  get hasFree(): boolean {
    return this.#free > 0;
  }

  /** Returns the slot of an item that was just read. The item has it at once if one is free. */
  slotOfNext(): Slot {
    const slot = new QueuedSlot(this, this.#read++);
    if (this.hasFree) this.#give(slot);
    return slot;
  }

  async wait(slot: QueuedSlot): Promise<void> {
    const given = new Promise<void>((resolve) => (slot.resume = resolve));
    this.#queue.splice(this.#queue.findLastIndex(({ number }) => number < slot.number) + 1, 0, slot);
    // Later, because a pause ends for many items at once, and not in the order in which they were read.
    void Promise.resolve().then(() => this.#giveFree());
    await given;
  }

  free(): void {
    this.#free++;
    this.#giveFree();
    this.#onFree();
  }

  #giveFree(): void {
    while (this.#free > 0) {
      const slot = this.#queue.shift();
      if (slot === undefined) return;
      this.#give(slot);
    }
  }

  #give(slot: QueuedSlot): void {
    this.#free--;
    slot.isHeld = true;
    slot.resume();
  }
}

/** Slot with its position in the queue. */
class QueuedSlot implements Slot {
  readonly number: number;
  isHeld = false;
  /** Continues the item that waits for the slot. */
  resume = (): void => undefined;
  readonly #slots: Slots;

  constructor(slots: Slots, number: number) {
    this.#slots = slots;
    this.number = number;
  }

  async take(): Promise<void> {
    if (!this.isHeld) await this.#slots.wait(this);
  }

  giveUp(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.#slots.free();
  }
}
