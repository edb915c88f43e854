import { registerAs, type ConfigFactory, type ConfigFactoryKeyHost } from '@nestjs/config';
import type { WxPayOptions } from '../index.js';
import type { SignerFactory } from './own-options.js';
import { loadOptions } from './load-options.js';

export interface WxPayConfigOptions {
  /** Name under which the merchant is registered in the module; start-up errors contain it. Default: none. */
  readonly name?: string | undefined;
  /** Prefix of the variables' names; default `WXPAY_`. */
  readonly prefix?: string | undefined;
  /**
   * Creates the signer of an APIv3 merchant whose private key is in a KMS or an HSM, from the serial number in `SERIAL_NO`.
   * `PRIVATE_KEY` is not read then. Default: an {@link RsaSigner}.
   */
  readonly signer?: SignerFactory | undefined;
}

/**
 * Reads a merchant's options from environment variables when Nest starts, not before.
 *
 * The variables are listed in docs/configuration.md; `API` chooses between APIv3 and APIv2. Call it once per merchant, each
 * time with another prefix. Start-up fails with one {@link WxPayConfigError} that lists every invalid variable.
 *
 * @example
 * ```ts
 * const wxPayConfig = defineWxPayConfig();
 *
 * @Module({
 *   imports: [ConfigModule.forRoot(), WxPayModule.forRootAsync(wxPayConfig.asProvider())],
 * })
 * export class AppModule {}
 * ```
 */
export function defineWxPayConfig({
  name,
  prefix = 'WXPAY_',
  signer,
}: WxPayConfigOptions = {}): ConfigFactory<WxPayOptions> & ConfigFactoryKeyHost<WxPayOptions> {
  return registerAs<WxPayOptions, () => WxPayOptions>(keyOf(prefix, name), () =>
    loadOptions(process.env, { prefix, merchant: name, makeSigner: signer }),
  );
}

/**
 * Returns a different key for each merchant: Nest 10 treats two providers as the same if they differ only in their closures.
 *
 * `@nestjs/config` reads full stops and brackets in a key as a path into other namespaces, so they are encoded.
 */
function keyOf(...parts: readonly (string | undefined)[]): string {
  return ['nestjs-wxpay', ...parts.map((part) => encodeURIComponent(part ?? '').replaceAll('.', '%2E'))].join(
    '/',
  );
}
