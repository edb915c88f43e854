import { createSign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a request to sign may meet. */
export type Conduct = 'sign' | 'hang' | 'fail' | 'talk nonsense' | 'sign nothing' | 'redirect';

/** A signing service on a socket, which alone holds the private key. */
export class SigningService {
  conduct: Conduct = 'sign';
  /** The requests that arrived, parsed. */
  readonly received: unknown[] = [];
  /** How many clients hung up before they were answered. */
  abandoned = 0;
  readonly #privateKey: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(privateKey: string) {
    this.#privateKey = privateKey;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/sign`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = JSON.parse(await text(request)) as { readonly message: string };
    this.received.push(asked);
    switch (request.url === '/elsewhere' ? 'sign' : this.conduct) {
      case 'sign': {
        const signature = createSign('sha256').update(asked.message).sign(this.#privateKey, 'base64');
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ signature }));
        return;
      }
      case 'hang':
        response.on('close', () => {
          this.abandoned++;
        });
        return;
      case 'fail':
        response.writeHead(500).end('the HSM is on fire');
        return;
      case 'talk nonsense':
        response.end('<html>Sign in</html>');
        return;
      case 'sign nothing':
        response.end('{"signature":""}');
        return;
      case 'redirect':
        response.writeHead(307, { Location: '/elsewhere' }).end();
    }
  }
}
