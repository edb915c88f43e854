/** The version of the package; a test compares it with package.json. */
const VERSION = '0.1.0';

/**
 * How requests introduce themselves; WeChat Pay refuses those that do not.
 *
 * @param app what the app puts before it, for example `shop/4.2`
 */
export function userAgent(app?: string): string {
  const own = `nestjs-wxpay/${VERSION} (node ${process.versions.node})`;
  return app === undefined ? own : `${app} ${own}`;
}
