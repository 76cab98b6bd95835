import { X509Certificate } from 'node:crypto';

/** Whether a text is a certificate as PEM, or several. TLS itself would ignore anything else without a word. */
export function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
