import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const signatureBytes = 64;

/** @returns null if the text is not a public key for Ed25519 in PEM */
export function publicKey(pem: string): KeyObject | null {
  if (!pem.startsWith('-----BEGIN PUBLIC KEY-----')) return null;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

/**
 * Signs a list of checksums.
 * @param privatePem PKCS #8
 * @returns the text of `CHECKSUMS.sig`
 */
export function signed(checksums: Uint8Array, privatePem: string): string {
  return `${sign(null, checksums, createPrivateKey(privatePem)).toString('base64')}\n`;
}

/**
 * Parses a signature. Base64 has bits that no reader checks, and readers skip what they do not know, so only the one text that
 * stands for these bytes is accepted.
 * @returns null if the text is not exactly what `signed` makes
 */
export function parseSignature(text: string): Uint8Array | null {
  const bytes = Buffer.from(text.slice(0, -1), 'base64');
  return bytes.length === signatureBytes && `${bytes.toString('base64')}\n` === text ? bytes : null;
}

/** Returns whether a signature of these bytes was made with the private half of this key. */
export function isSignedBy(key: KeyObject, checksums: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, checksums, key, signature);
}

/** Returns half of the SHA-256 of the key (128 bits), in groups that can be read out on the telephone. */
export function fingerprint(key: KeyObject): string {
  const hex = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 32);
  return hex.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
