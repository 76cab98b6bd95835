import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority of the test's own, and what it and others have issued. */
export interface Certificates {
  readonly ca: string;
  readonly good: Certificate;
  readonly expired: Certificate;
  /** For another name than 127.0.0.1. */
  readonly foreign: Certificate;
  readonly selfSigned: Certificate;
}

/** Made by the program `openssl` (Debian: openssl), anew for each run: none can expire in the repository. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), 'ripe-certificates-'));
  const openssl = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr ?? 'is missing'}`);
  };
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  try {
    openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', 'key.pem');
    openssl('req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=test authority', '-out', 'ca.pem');
    openssl('req', '-new', '-key', 'key.pem', '-subj', '/CN=broker', '-out', 'request.csr');
    const issue = (name: string, days: number): Certificate => {
      writeFileSync(path.join(folder, 'names'), `subjectAltName=${name}`);
      const by = ['-CA', 'ca.pem', '-CAkey', 'key.pem', '-CAcreateserial'];
      const form = ['-days', String(days), '-extfile', 'names', '-out', 'issued.pem'];
      openssl('x509', '-req', '-in', 'request.csr', ...by, ...form);
      return { key: read('key.pem'), cert: read('issued.pem') };
    };
    const ca = read('ca.pem');
    return {
      ca,
      good: issue('IP:127.0.0.1', 2),
      expired: issue('IP:127.0.0.1', -1),
      foreign: issue('DNS:elsewhere.test', 2),
      selfSigned: { key: read('key.pem'), cert: ca },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
