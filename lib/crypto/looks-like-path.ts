/** Longer than any path in use and shorter than any RSA key in use. */
const MAX_PATH_LENGTH = 260;
const FILE_NAME = /\.(pem|key|crt|cer|der|p12|pfx|txt)$/i;
/** `/run/secrets/key`, `./key`, `~/key`, `C:\key`, `\\host\key`, `file:///key`. */
const ABSOLUTE_OR_DOTTED = /^(\/[\w.-]+\/|\.{1,2}[\\/]|~[\\/]|[A-Za-z]:[\\/]|\\\\|file:)/;

/**
 * Returns true if a string looks like a path and not like a key in PEM or base64. Users often confuse the two in
 * configuration.
 */
export function looksLikePath(text: string): boolean {
  if (text.length > MAX_PATH_LENGTH || text.includes('-----')) return false;
  return FILE_NAME.test(text) || ABSOLUTE_OR_DOTTED.test(text) || /^[\w.-]+([\\/][\w.-]+)+$/.test(text);
}
