import { inspect } from 'node:util';
import type { MockWxPayKeys } from 'nestjs-wxpay/testing';

/** What a signature, an authorization or a key looks like, whoever's it is. */
const FORMS: readonly (readonly [name: string, form: RegExp])[] = [
  ['an RSA signature', /(?<![\w+/])[A-Za-z0-9+/]{200,}/],
  ['an APIv2 signature', /(?<![0-9A-F])(?:[0-9A-F]{64}|[0-9A-F]{32})(?![0-9A-F-])/],
  ['an authorization', /WECHATPAY2-[A-Z0-9-]+ \w+=/],
  ['a private key', /PRIVATE KEY-----/],
];

/** Looks for the secrets of a run in what the library tells the world. */
export class Secrets {
  readonly #known: readonly string[];
  readonly #openids: ReadonlySet<string>;

  constructor({ apiV3Key, apiV2Key, merchantPrivateKey }: MockWxPayKeys, openids: ReadonlySet<string>) {
    const lines = merchantPrivateKey.split('\n').filter((line) => line.length > 40 && !line.startsWith('-'));
    this.#known = [apiV3Key, apiV2Key, ...lines];
    this.#openids = openids;
  }

  /** What a text gives away, or undefined. */
  in(text: string): string | undefined {
    if (this.#known.some((secret) => text.includes(secret))) return 'a key';
    const [form] = FORMS.find(([, pattern]) => pattern.test(text)) ?? [];
    return form ?? (this.#openidIn(text) ? 'an openid' : undefined);
  }

  /** The same for an error, in all the ways in which it may be logged. */
  inError(error: Error): string | undefined {
    return this.in(
      [
        inspect(error, { depth: 9, showHidden: true }),
        JSON.stringify(error),
        error.stack,
        String(error),
      ].join('\n'),
    );
  }

  #openidIn(text: string): boolean {
    return (text.match(/o[\w-]{27}/g) ?? []).some((word) => this.#openids.has(word));
  }
}
