import { createDecipheriv } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { Aes, Formatter, Hash, Rsa, Transformer } from 'wechatpay-axios-plugin';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';

const TAG_BYTES = 16;

/** A notification as an app received it. */
export interface ReceivedNotification {
  readonly method?: string;
  readonly path?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What an app says to a notification; undefined for nothing at all. */
export type AppAnswer =
  { readonly status: number; readonly body?: string; readonly headers?: OutgoingHttpHeaders } | undefined;

/** An app that takes notifications and shares no code with the library, alive for the tests of one file. */
export interface NotifiedApp {
  readonly url: string;
  readonly received: readonly ReceivedNotification[];
  /** The latest notification. @throws {Error} if there was none */
  readonly last: ReceivedNotification;
  /** Decides what it says until the end of a test; otherwise, an empty 204. */
  answerWith(answer: AppAnswer): void;
}

/** Starts the app before the tests of a file and stops it after them. */
export function useNotifiedApp(tls?: { readonly cert: string; readonly key: string }): NotifiedApp {
  const received: ReceivedNotification[] = [];
  let answer: AppAnswer;
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url: path, headers } = request;
    received.push({ method, path, headers, body: await text(request) });
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const serve = (request: IncomingMessage, response: ServerResponse) => void receive(request, response);
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  let url = '';

  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}/notify`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    received.length = 0;
    answer = { status: 204 };
  });

  return {
    get url() {
      return url;
    },
    received,
    get last() {
      const last = received.at(-1);
      if (last === undefined) throw new Error('No notification arrived.');
      return last;
    },
    answerWith(other) {
      answer = other;
    },
  };
}

/** Whether the platform signed exactly this notification, as another library sees it. */
export function isGenuineV3({ keys }: MockWxPayGateway, { headers, body }: ReceivedNotification): boolean {
  const message = Formatter.joinedByLineFeed(
    String(headers['wechatpay-timestamp']),
    String(headers['wechatpay-nonce']),
    body,
  );
  return (
    headers['wechatpay-serial'] === keys.publicKeyId &&
    Rsa.verify(message, String(headers['wechatpay-signature']), keys.platformPublicKey)
  );
}

/** What a notification tells in encrypted form, as another library reads it. @throws if the tag does not fit */
export function decrypted(
  { keys }: MockWxPayGateway,
  { body }: ReceivedNotification,
): Record<string, unknown> {
  const { ciphertext = '', nonce = '', associated_data: aad = '' } = resourceOf(body);
  return JSON.parse(Aes.AesGcm.decrypt(ciphertext, keys.apiV3Key, nonce, aad)) as Record<string, unknown>;
}

/** The same, as somebody reads it who does not look at the tag. */
export function decryptedUnproven(
  { keys }: MockWxPayGateway,
  { body }: ReceivedNotification,
): Record<string, unknown> {
  const { ciphertext = '', nonce = '' } = resourceOf(body);
  const sealed = Buffer.from(ciphertext, 'base64').subarray(0, -TAG_BYTES);
  const resource = createDecipheriv('aes-256-gcm', keys.apiV3Key, nonce).update(sealed);
  return JSON.parse(resource.toString()) as Record<string, unknown>;
}

function resourceOf(body: string): Record<string, string> {
  const { resource } = JSON.parse(body) as { resource: Record<string, string> };
  return resource;
}

/** The fields of a notification of APIv2. */
export function fieldsOf({ body }: ReceivedNotification): Readonly<Record<string, string>> {
  return Transformer.toObject(body) as Record<string, string>;
}

/** Whether the platform signed exactly these fields, as another library sees it. */
export function isGenuineV2Notification(
  { keys }: MockWxPayGateway,
  notification: ReceivedNotification,
  signType: 'MD5' | 'HMAC-SHA256',
): boolean {
  const { sign, ...fields } = fieldsOf(notification);
  return sign === Hash.sign(signType, fields, keys.apiV2Key);
}
