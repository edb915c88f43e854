import tls from 'node:tls';

/** For clients whose host is a constant: their connections go to the gateway, everything else stays theirs. */
export function connectTo(url) {
  const { hostname, port } = new URL(url);
  const connect = tls.connect;
  tls.connect = (options, ...rest) => connect({ ...options, host: hostname, port: Number(port) }, ...rest);
}
