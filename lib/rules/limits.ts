/** Maximum delay of a Node timer, in milliseconds; with a longer one it would fire at once. */
export const MAX_TIMEOUT_MS = 2_147_483_647;
/** Maximum of the option `maxAttempts`. */
export const MAX_ATTEMPTS = 100;
/** Maximum of the option `maxInFlight`. */
export const MAX_IN_FLIGHT = 10_000;
/** Maximum of the option `minOrderAgeMs`: seven days. */
export const MAX_MIN_ORDER_AGE_MS = 604_800_000;
/** Maximum of the option `signingConcurrency`. */
export const MAX_SIGNING_CONCURRENCY = 1_024;
/** Default of the option `maxReplyBytes`: 1 MiB. */
export const DEFAULT_MAX_REPLY_BYTES = 1_048_576;
/** Time limit for the answer to a notification, in milliseconds. WeChat Pay waits five seconds. */
export const NOTIFICATION_TIMEOUT_MS = 4_500;
/** Default time limit of a download, in milliseconds: a file may be large. */
export const DEFAULT_DOWNLOAD_TIMEOUT_MS = 300_000;
/** Default limit of a downloaded file after decompression: 1 GiB. */
export const DEFAULT_MAX_FILE_BYTES = 1_073_741_824;
/** Default time limit of a code payment, the reversal included, in milliseconds. */
export const CODE_PAY_TIMEOUT_MS = 60_000;
