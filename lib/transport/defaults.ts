/** The main host and the backup in another city (跨城冗灾), by preference. */
export const DEFAULT_HOSTS: readonly string[] = [
  'https://api.mch.weixin.qq.com',
  'https://api2.mch.weixin.qq.com',
];

export const DEFAULT_TIMEOUT_MS = 10_000;

export const DEFAULT_MAX_IN_FLIGHT = 64;

/** The default options of attempts, for calls with this timeout. */
export function failoverDefaults(timeoutMs: number): {
  readonly attemptTimeoutMs: number;
  readonly maxAttempts: number;
  readonly hostRecoveryMs: number;
} {
  return { attemptTimeoutMs: Math.min(3_000, timeoutMs / 2), maxAttempts: 4, hostRecoveryMs: 180_000 };
}
