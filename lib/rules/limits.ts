/** The longest delay that a Node timer can hold, in milliseconds; a longer one would fire at once. */
export const MAX_TIMEOUT_MS = 2_147_483_647;
/** The most attempts of one call that the option `maxAttempts` allows. */
export const MAX_ATTEMPTS = 100;
/** The most attempts at a time that the option `maxInFlight` allows. */
export const MAX_IN_FLIGHT = 10_000;
/** The longest time for which an order stays unpaid (`time_expire`): seven days, in milliseconds. */
export const MAX_ORDER_AGE_MS = 604_800_000;
/** The most signatures at a time that the option `signingConcurrency` allows. */
export const MAX_SIGNING_CONCURRENCY = 1_024;
/** Default of the option `maxReplyBytes`: 1 MiB. */
export const DEFAULT_MAX_REPLY_BYTES = 1_048_576;
/** Time limit for the answer to a notification, in milliseconds. WeChat Pay waits five seconds. */
export const NOTIFICATION_TIMEOUT_MS = 4_500;
