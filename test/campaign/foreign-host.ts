import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Offence } from './tally.js';

/** A host that is none of WeChat Pay's: whatever it is sent tells it something. */
export class ForeignHost {
  readonly #server: Server;
  #requests = 0;

  private constructor() {
    this.#server = createServer((_, response) => {
      this.#requests++;
      response.end('nothing');
    });
  }

  static async open(): Promise<ForeignHost> {
    const host = new ForeignHost();
    await new Promise<void>((resolve) => host.#server.listen(0, '127.0.0.1', resolve));
    return host;
  }

  get url(): string {
    // Sound: it listens on a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @returns what it learned */
  async close(): Promise<readonly Offence[]> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    return this.#requests === 0
      ? []
      : [['secrets told', `${this.#requests} signed requests were sent to a foreign host`]];
  }
}
