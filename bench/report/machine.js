import { createPrivateKey, sign } from 'node:crypto';
import { cpus } from 'node:os';
import { median } from '../process/statistics.js';

const ROUNDS = 5;
const SIGNATURES = 200;

/** What figures depend on most, in a sentence: those of another machine compare by what a signature takes there. */
export function describeMachine({ merchant }) {
  const { length, 0: cpu } = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const signature = Math.round(signatureUs(createPrivateKey(merchant.privateKey)));
  return `Node ${process.versions.node}, ${length} cores (${cpu.model.trim()}) on which a signature (RSA, 2,048 bits) takes ${signature} µs of CPU, ${date}.`;
}

function signatureUs(privateKey) {
  const message = Buffer.alloc(128);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (let count = 0; count < SIGNATURES; count++) sign('sha256', message, privateKey);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / SIGNATURES;
  });
  return median(rounds);
}
