// Bytes, digests and texts of them.
export type Bytes = Uint8Array<ArrayBuffer>;

export function fail(reason: string): never {
  throw new Error(reason);
}

// The browser is too old for Ed25519, or the page came over a network without TLS.
export class Unable extends Error {}

export function joined(...parts: Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
export const equal = (a: Bytes, b: Bytes) => a.length === b.length && a.every((byte, i) => byte === b[i]);
export const toHex = (bytes: Bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const toBase64 = (bytes: Bytes) => btoa(String.fromCharCode(...bytes));

// Strict: atob passes over white space, and takes bits that are left over.
export function fromBase64(text: string, size?: number): Bytes {
  let bytes: Bytes;
  try {
    bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return fail(`not base64: ${text.slice(0, 40)}`);
  }
  let back = '';
  for (let at = 0; at < bytes.length; at += 3072) back += toBase64(bytes.subarray(at, at + 3072));
  if (back !== text || (size !== undefined && bytes.length !== size)) fail(`not base64: ${text.slice(0, 40)}`);
  return bytes;
}

export const littleEndian = (value: bigint, size: number): Bytes =>
  Uint8Array.from({length: size}, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

export async function sha256(...parts: Bytes[]): Promise<Bytes> {
  if (!crypto.subtle) throw new Unable();
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)));
}

export async function verify(key: Bytes, signature: Bytes, text: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', key, {name: 'Ed25519'}, false, ['verify']).catch((error) => {
    throw error?.name === 'NotSupportedError' ? new Unable() : error;
  });
  return crypto.subtle.verify({name: 'Ed25519'}, imported, signature, text);
}
