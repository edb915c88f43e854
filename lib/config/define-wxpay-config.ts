import { registerAs, type ConfigFactory, type ConfigFactoryKeyHost } from '@nestjs/config';
import type { WxPayOptions } from '../index.js';
import type { SignerFactory } from './own-options.js';
import { loadOptions } from './load-options.js';

export interface WxPayConfigOptions {
  /** The name under which the merchant is registered in the module; start-up errors carry it. Default: none. */
  readonly name?: string | undefined;
  /** What the names of the variables begin with; default `WXPAY_`. */
  readonly prefix?: string | undefined;
  /**
   * Makes the signer of a merchant of APIv3 whose private key is in a KMS or an HSM, from the serial number in `SERIAL_NO`.
   * `PRIVATE_KEY` is not read then. Default: an {@link RsaSigner}.
   */
  readonly signer?: SignerFactory | undefined;
}

/**
 * Reads a merchant's options from environment variables, at the time Nest starts and not before.
 *
 * The variables are listed in docs/configuration.md; `API` among them chooses between APIv3 and APIv2. Call it once for
 * each merchant, each with a prefix of its own. Starting fails with one {@link WxPayConfigError} that names every
 * faulty variable.
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
 * A key of its own for each merchant: Nest 10 takes two providers for one when only their closures differ.
 *
 * `@nestjs/config` reads full stops and brackets in a key as a path into other namespaces, so none may remain.
 */
function keyOf(...parts: readonly (string | undefined)[]): string {
  return ['nestjs-wxpay', ...parts.map((part) => encodeURIComponent(part ?? '').replaceAll('.', '%2E'))].join(
    '/',
  );
}
