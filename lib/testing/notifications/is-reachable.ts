const INTERNAL_HOST =
  /^(localhost|.+\.localhost|127\.\S+|0\.0\.0\.0|10\.\S+|169\.254\.\S+|192\.168\.\S+|172\.(1[6-9]|2\d|3[01])\.\S+|\[\S+)$/;

/** Returns true for a URL that WeChat Pay can notify: https, at a name or an address that is not of this machine or its network. */
export function isReachable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' && !INTERNAL_HOST.test(hostname);
}
