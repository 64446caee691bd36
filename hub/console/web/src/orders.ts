// Orders to the hub, signed here with an administrator's key: the file is read in this browser and its secret leaves it
// never. The form is that of hub/broker/signed_statement.hpp; hubctl makes the same ones.
import {ask} from './api';
import type {Status} from './answers';
import {fail, fromBase64, joined, sha256, toBase64, toHex, Unable, utf8} from './evidence/bytes';
import type {Bytes} from './evidence/bytes';

// What stands before the 32 bytes of a secret Ed25519 key in PKCS #8 (RFC 8410, section 7).
const PKCS8 = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);
const KEY_ID_BYTES = 16;

export interface OrderKey {id: string; secret: CryptoKey}
export type Says = Record<string, string | number>;
export interface SignedOrder {signatures: {administrator: string; signature: string}[]; statement: Says}

// Throws where the file is no administrator's secret key, Unable where the browser can't sign.
export async function readOrderKey(text: string): Promise<OrderKey> {
  const file = JSON.parse(text) as Record<string, unknown>;
  if (file['algorithm'] !== 'ed25519' || file['use'] !== 'administrator') fail('no administrator key');
  const seed = fromBase64(String(file['secret']), 32);
  const id = toHex((await sha256(fromBase64(String(file['public']), 32))).subarray(0, KEY_ID_BYTES) as Bytes);
  const secret = await crypto.subtle.importKey('pkcs8', joined(PKCS8 as Bytes, seed), {name: 'Ed25519'}, false, ['sign'])
    .catch((error) => {
      throw error?.name === 'NotSupportedError' ? new Unable() : error;
    });
  return {id, secret};
}

// Flat statements: with their members in order, JSON.stringify gives the canonical form (RFC 8785).
const canonical = (statement: Says) =>
  JSON.stringify(Object.fromEntries(Object.entries(statement).sort(([a], [b]) => (a < b ? -1 : 1))));

async function signature(key: OrderKey, statement: Says) {
  const signed = utf8(`coordination-hub ${statement['statement']} v1\n${canonical(statement)}`);
  const bytes = new Uint8Array(await crypto.subtle.sign({name: 'Ed25519'}, key.secret, signed));
  return {administrator: key.id, signature: toBase64(bytes)};
}

// `says`: what an order of the kind says beside reason, journal and time.
export async function signOrder(key: OrderKey, kind: string, says: Says, reason: string): Promise<SignedOrder> {
  const status = (await (await ask('/api/v1/status')).json()) as Status;
  const statement = {
    ...says, statement: kind, journal: status.live.journal.id, reason: reason.normalize('NFC'),
    time: status.live.time,
  };
  return {signatures: [await signature(key, statement)], statement};
}

// An order that another administrator has signed; undefined when it is none of the kind that says this.
export function readOrder(text: string, kind: string, says: Says): SignedOrder | undefined {
  try {
    const {signatures, statement} = JSON.parse(text) as SignedOrder;
    const fits = statement['statement'] === kind && Object.entries(says).every(([name, value]) => statement[name] === value);
    return fits && typeof signatures[0]!.administrator === 'string' ? {signatures, statement} : undefined;
  } catch {
    return undefined;
  }
}

export const countersign = async (key: OrderKey, {signatures, statement}: SignedOrder): Promise<SignedOrder> =>
  ({signatures: [...signatures, await signature(key, statement)], statement});

// Gives the position of its record; Refused when it was not carried out.
export async function sendOrder(order: SignedOrder): Promise<number> {
  const answer = await ask('/api/v1/orders', undefined, {method: 'POST', body: order});
  return ((await answer.json()) as {position: number}).position;
}
