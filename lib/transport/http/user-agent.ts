/** The version of the package; a test compares it with package.json. */
const VERSION = '0.1.0';

/**
 * The `User-Agent` of requests; WeChat Pay refuses requests without one.
 *
 * @param app text of the app that is put first, for example `shop/4.2`
 */
export function userAgent(app?: string): string {
  const own = `nestjs-wxpay/${VERSION} (node ${process.versions.node})`;
  return app === undefined ? own : `${app} ${own}`;
}
