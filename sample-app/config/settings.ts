/** How this app runs. Nothing else in the sample touches `process.env`; the merchant's own variables go through Nest's config. */
export class Settings {
  /** `live` as soon as anything of a merchant is configured; `demo` brings a WeChat Pay of its own. */
  readonly mode: 'demo' | 'live';
  readonly port: number;
  /** Time that requests have to end once the app shuts down, in milliseconds; then their connections are cut. */
  readonly drainMs: number;
  /** Pause between two checks of the unpaid sales, in milliseconds. */
  readonly checkIntervalMs: number;
  /** PostgreSQL that keeps the sales; without it they are in the memory of this process. */
  readonly databaseUrl?: string;
  /** Redis with a job for each unpaid sale; without it the sweep alone finds out about them. */
  readonly redisUrl?: string;
  /** The appid that carts are placed with. */
  readonly appid?: string;
  /** Signs in place of a private key in this process. */
  readonly signingServiceUrl?: string;
  /** Whether there is a second, older merchant, configured by `WXPAY_LEGACY_…`. */
  readonly hasLegacyMerchant: boolean;
  /** How long a call to WeChat Pay may take, in milliseconds; default: that of the library. */
  readonly timeoutMs?: number;

  /** @throws {Error} naming the variable that cannot be used */
  constructor(env: NodeJS.ProcessEnv = process.env) {
    const {
      CHECK_INTERVAL_MS,
      DATABASE_URL,
      DRAIN_MS,
      PORT,
      REDIS_URL,
      SIGNING_SERVICE_URL,
      WXPAY_APPID,
      WXPAY_LEGACY_MCHID,
      WXPAY_TIMEOUT_MS,
    } = env;
    this.port = readPort(PORT || '3000');
    this.drainMs = readDuration('DRAIN_MS', DRAIN_MS || '10000');
    this.checkIntervalMs = readDuration('CHECK_INTERVAL_MS', CHECK_INTERVAL_MS || '30000');
    this.mode = SIGNING_SERVICE_URL || namesMerchant(env) ? 'live' : 'demo';
    this.hasLegacyMerchant = Boolean(WXPAY_LEGACY_MCHID);
    if (DATABASE_URL) this.databaseUrl = readUrl('DATABASE_URL', DATABASE_URL, POSTGRES);
    if (REDIS_URL) this.redisUrl = readUrl('REDIS_URL', REDIS_URL, ['redis', 'rediss']);
    if (WXPAY_APPID) this.appid = WXPAY_APPID;
    if (SIGNING_SERVICE_URL) {
      this.signingServiceUrl = readUrl('SIGNING_SERVICE_URL', SIGNING_SERVICE_URL, WEB);
    }
    if (WXPAY_TIMEOUT_MS) this.timeoutMs = Number(WXPAY_TIMEOUT_MS);
  }
}

const POSTGRES = ['postgres', 'postgresql'];
const WEB = ['http', 'https'];

/** Half a merchant, or a misspelt one, must not end in a demo that looks like the real thing. */
function namesMerchant(env: NodeJS.ProcessEnv): boolean {
  return Object.entries(env).some(
    ([name, value]) => name.startsWith('WXPAY_') && name !== 'WXPAY_TIMEOUT_MS' && value,
  );
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error('PORT must be a number from 0 to 65535; 0 takes a free port.');
}

function readDuration(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Error(`${name} must be a whole number of milliseconds, 999999 at most.`);
}

function readUrl(name: string, text: string, schemes: readonly string[]): string {
  if (URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1))) return text;
  throw new Error(`${name} must be a URL that begins with ${schemes.join(':// or ')}://.`);
}
